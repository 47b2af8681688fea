using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;

namespace Proofsheet.Api.Studios.Brands;

/// <summary>How a studio looks, for pages that are shown before signing in.</summary>
internal sealed record BrandResponse
{
    public required string Slug { get; init; }

    public required string Name { get; init; }

    /// <summary>An absolute URL whose content never changes. Null without a logo.</summary>
    public required string? LogoUrl { get; init; }

    /// <summary>As #rrggbb, like all colors.</summary>
    public required string PrimaryColor { get; init; }

    public required string AccentColor { get; init; }

    public required string BackgroundColor { get; init; }

    public required string TextColor { get; init; }
}

internal static class GetBrand
{
    public static void MapGetBrand(this IEndpointRouteBuilder routes) => routes
        .MapGet("/brands/{slug}", HandleAsync)
        .WithName("GetBrand")
        .WithTags("Studio")
        .WithSummary("Get the public brand of a studio")
        .WithDescription("Open to everyone, for pages such as the sign-in page of the authority: returns only what every visitor sees anyway. May be cached for five "
            + "minutes.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .Produces(StatusCodes.Status304NotModified);

    private static async Task<Results<Ok<BrandResponse>, StatusCodeHttpResult, ProblemHttpResult>> HandleAsync(
        string slug, HttpContext http, ProofsheetDb db, PublicUrl publicUrl, CancellationToken cancellation)
    {
        var folded = Slugs.Fold(slug);
        var studio = await db.AcrossTenants<Studio>().SingleOrDefaultAsync(s => s.Slug == folded, cancellation);
        if (studio is null)
        {
            return Problems.NotFound("studio");
        }

        // The tenant of the request's credential, if any, is ignored, because the result is the same for everyone.
        var branding = await db.AcrossTenants<Branding>().SingleOrDefaultAsync(b => b.TenantId == studio.TenantId, cancellation) ?? Branding.Of(studio);
        var look = branding.ToResponse(publicUrl);
        var brand = new BrandResponse
        {
            Slug = studio.Slug,
            Name = look.Name,
            LogoUrl = look.LogoUrl,
            PrimaryColor = look.PrimaryColor,
            AccentColor = look.AccentColor,
            BackgroundColor = look.BackgroundColor,
            TextColor = look.TextColor,
        };
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(brand)))[..32]}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "public, max-age=300";
        return http.Request.Headers.IfNoneMatch.Any(known => known?.Split(',').Any(k => k.Trim() is "*" || k.Trim() == tag || k.Trim() == $"W/{tag}") == true)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(brand);
    }
}
