using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;

namespace Proofsheet.Api.Studios.Brands;

internal sealed record BrandingResponse
{
    /// <summary>The name that clients see.</summary>
    public required string Name { get; init; }

    public required string? Tagline { get; init; }

    /// <summary>As #rrggbb, like all colors.</summary>
    public required string PrimaryColor { get; init; }

    public required string AccentColor { get; init; }

    public required string BackgroundColor { get; init; }

    public required string TextColor { get; init; }

    /// <summary>One of the font families listed at UpdateBranding.</summary>
    public required string HeadingFont { get; init; }

    public required string BodyFont { get; init; }

    public required string? WelcomeText { get; init; }

    public required string? FooterText { get; init; }

    public required string? WebsiteUrl { get; init; }

    public required string? ContactEmail { get; init; }

    /// <summary>An absolute URL whose content never changes. Null without a logo.</summary>
    public required string? LogoUrl { get; init; }

    public required int? LogoWidth { get; init; }

    public required int? LogoHeight { get; init; }
}

internal static class GetBranding
{
    public static void MapGetBranding(this IEndpointRouteBuilder routes) => routes
        .MapGet("/studio/branding", HandleAsync)
        .WithName("GetBranding")
        .WithTags("Studio")
        .WithSummary("Get the studio's branding")
        .WithDescription("For storefronts and studios alike. The ETag is the branding's version, for If-Match.")
        .RequireScope(Scopes.SettingsRead, Scopes.Storefront, Scopes.VisitorView);

    private static async Task<Ok<BrandingResponse>> HandleAsync(HttpContext http, ProofsheetDb db, PublicUrl publicUrl, CancellationToken cancellation)
    {
        var branding = await db.BrandingAsync(cancellation);
        ETags.Write(http, branding);
        return TypedResults.Ok(branding.ToResponse(publicUrl));
    }

    public static BrandingResponse ToResponse(this Branding branding, PublicUrl publicUrl) => new()
    {
        Name = branding.Name,
        Tagline = branding.Tagline,
        PrimaryColor = branding.PrimaryColor,
        AccentColor = branding.AccentColor,
        BackgroundColor = branding.BackgroundColor,
        TextColor = branding.TextColor,
        HeadingFont = branding.HeadingFont,
        BodyFont = branding.BodyFont,
        WelcomeText = branding.WelcomeText,
        FooterText = branding.FooterText,
        WebsiteUrl = branding.WebsiteUrl,
        ContactEmail = branding.ContactEmail,
        LogoUrl = branding.LogoUrl(publicUrl),
        LogoWidth = branding.LogoWidth,
        LogoHeight = branding.LogoHeight,
    };

    public static string? LogoUrl(this Branding branding, PublicUrl publicUrl) =>
        branding.LogoSha256 is null ? null : publicUrl.Of($"/v1/media/logos/{branding.TenantId}/{branding.LogoSha256}.png");
}
