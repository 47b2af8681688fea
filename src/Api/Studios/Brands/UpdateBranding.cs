using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Api.Studios.Brands;

internal sealed record UpdateBrandingRequest
{
    public const string Color = "^#[0-9a-f]{6}$";
    public const string ColorMessage = "A color such as #1f2a37, in lower case.";

    /// <summary>The name that clients see.</summary>
    [OneLine, Required, StringLength(100)]
    public required string Name { get; init; }

    [StringLength(200)]
    public required string? Tagline { get; init; }

    /// <summary>As #rrggbb, like all colors.</summary>
    [RegularExpression(Color, ErrorMessage = ColorMessage)]
    public required string PrimaryColor { get; init; }

    [RegularExpression(Color, ErrorMessage = ColorMessage)]
    public required string AccentColor { get; init; }

    [RegularExpression(Color, ErrorMessage = ColorMessage)]
    public required string BackgroundColor { get; init; }

    /// <summary>Must have a contrast of at least 4.5 to 1 with the background color.</summary>
    [RegularExpression(Color, ErrorMessage = ColorMessage)]
    public required string TextColor { get; init; }

    /// <summary>
    /// One of System UI, System Serif, System Mono, Arial, Avenir, Baskerville, Bodoni, Charter, Didot, Futura, Garamond, Georgia, Gill Sans,
    /// Helvetica, Iowan, Optima, Palatino, Segoe UI, Times, Trebuchet, Verdana.
    /// </summary>
    [StringLength(64)]
    public required string HeadingFont { get; init; }

    /// <summary>One of the fonts listed at headingFont.</summary>
    [StringLength(64)]
    public required string BodyFont { get; init; }

    [StringLength(2000)]
    public required string? WelcomeText { get; init; }

    [StringLength(1000)]
    public required string? FooterText { get; init; }

    /// <summary>An http or https URL.</summary>
    [StringLength(400)]
    public required string? WebsiteUrl { get; init; }

    [StringLength(EmailAddress.MaxLength), Email]
    public required string? ContactEmail { get; init; }
}

internal static class UpdateBranding
{
    public static void MapUpdateBranding(this IEndpointRouteBuilder routes) => routes
        .MapPatch("/studio/branding", HandleAsync)
        .WithName("UpdateBranding")
        .WithTags("Studio")
        .WithSummary("Change the studio's branding")
        .WithDescription("A JSON merge patch. Text must be readable on its background (WCAG 2.2, 1.4.3), and fonts must be ones that storefronts have. Use `PutLogo` "
            + "to set the logo.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .TakesIfMatch()
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<Ok<BrandingResponse>, ProblemHttpResult>> HandleAsync(
        MergePatch<UpdateBrandingRequest> patch, HttpContext http, ProofsheetDb db, PublicUrl publicUrl, CancellationToken cancellation)
    {
        var branding = await db.BrandingToChangeAsync(cancellation);
        if (!ETags.IfMatch(http, branding))
        {
            return Problems.PreconditionFailed();
        }

        var wanted = patch.ApplyTo(Present(branding));
        if (Refuse(wanted) is { } refused)
        {
            return refused;
        }

        Apply(wanted, branding);
        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, branding);
        return TypedResults.Ok(branding.ToResponse(publicUrl));
    }

    private static ProblemHttpResult? Refuse(UpdateBrandingRequest wanted)
    {
        foreach (var (font, field) in new[] { (wanted.HeadingFont, "headingFont"), (wanted.BodyFont, "bodyFont") })
        {
            if (!Fonts.IsKnown(font))
            {
                return Problems.Rule("unknown_font", $"Storefronts have {string.Join(", ", Fonts.All)}.", field);
            }
        }

        if (wanted.WebsiteUrl is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
        {
            return Problems.Rule("invalid_url", "A website has an http or https address, such as https://anna.example.", "websiteUrl");
        }

        var contrast = Contrast.Between(wanted.TextColor, wanted.BackgroundColor);
        return contrast < Contrast.Minimum
            ? Problems.Rule("low_contrast", string.Create(CultureInfo.InvariantCulture, $"Text has a contrast of {Math.Floor(contrast * 100) / 100:0.0#} to 1 with its background; 4.5 to 1 is the least that most people can read."), "textColor")
            : null;
    }

    private static UpdateBrandingRequest Present(Branding branding) => new()
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
    };

    private static void Apply(UpdateBrandingRequest wanted, Branding branding)
    {
        (branding.Name, branding.Tagline) = (wanted.Name.Trim(), wanted.Tagline);
        (branding.PrimaryColor, branding.AccentColor) = (wanted.PrimaryColor, wanted.AccentColor);
        (branding.BackgroundColor, branding.TextColor) = (wanted.BackgroundColor, wanted.TextColor);
        (branding.HeadingFont, branding.BodyFont) = (wanted.HeadingFont, wanted.BodyFont);
        (branding.WelcomeText, branding.FooterText) = (wanted.WelcomeText, wanted.FooterText);
        (branding.WebsiteUrl, branding.ContactEmail) = (wanted.WebsiteUrl, EmailAddress.Read(wanted.ContactEmail));
    }
}
