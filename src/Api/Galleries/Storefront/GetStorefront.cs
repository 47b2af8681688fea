using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Api.Studios.Members;
using Proofsheet.Api.Studios.Watermarks;

namespace Proofsheet.Api.Galleries.Storefront;

internal sealed record StorefrontResponse
{
    /// <summary>The name that clients see.</summary>
    public required string Name { get; init; }

    public required BrandingResponse Branding { get; init; }

    /// <summary>The studio's listed galleries, the newest 100.</summary>
    public required IReadOnlyList<StorefrontGalleryResponse> Galleries { get; init; }
}

internal sealed record StorefrontGalleryResponse
{
    public required string Slug { get; init; }

    public required string Title { get; init; }

    public required DateOnly? EventDate { get; init; }

    /// <summary>What a visitor has to know before the gallery opens.</summary>
    public required GalleryRequirement Requires { get; init; }

    /// <summary>Null for a gallery that requires a password or PIN: none of its photos are shown here.</summary>
    public required GalleryCoverResponse? Cover { get; init; }

    public required int PhotoCount { get; init; }
}

internal static class GetStorefront
{
    private const int MaxGalleries = 100;

    public static void MapGetStorefront(this IEndpointRouteBuilder routes) => routes
        .MapGet("/storefront", HandleAsync)
        .WithName("GetStorefront")
        .WithTags("Storefront")
        .WithSummary("Get the studio's storefront")
        .WithDescription("Returns the studio's branding and its listed galleries. Other galleries are reached by their URL alone.")
        .RequireScope(Scopes.Storefront);

    private static async Task<Ok<StorefrontResponse>> HandleAsync(ProofsheetDb db, IGalleryFrontDetails details, TimeProvider clock, PublicUrl publicUrl, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var galleries = await db.Set<Gallery>().AsNoTracking()
            .Where(g => g.Stage == GalleryStage.Published && g.IsListed && (g.ExpiresAt == null || g.ExpiresAt > now))
            .OrderByDescending(g => g.Id).Take(MaxGalleries).ToListAsync(cancellation);
        var known = await details.OfAsync(galleries, cancellation);
        var branding = await db.BrandingAsync(cancellation);
        return TypedResults.Ok(new StorefrontResponse
        {
            Name = branding.Name,
            Branding = branding.ToResponse(publicUrl),
            Galleries = [.. galleries.Select(g => new StorefrontGalleryResponse
            {
                Slug = g.Slug,
                Title = g.Title,
                EventDate = g.EventDate,
                Requires = g.Requires,
                Cover = g.Requires == GalleryRequirement.None ? g.ToCover(known.GetValueOrDefault(g.Id)?.Cover) : null,
                PhotoCount = known.GetValueOrDefault(g.Id)?.PhotoCount ?? 0,
            })],
        });
    }
}
