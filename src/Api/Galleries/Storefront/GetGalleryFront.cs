using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Api.Studios.Members;
using Proofsheet.Api.Studios.Watermarks;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Storefront;

/// <summary>What anyone who has a gallery's URL can see before opening it.</summary>
internal sealed record GalleryFrontResponse
{
    public required Id<Gallery> Id { get; init; }

    /// <summary>The gallery's current slug, also if it was asked for by a former one or in capitals: continue with this one.</summary>
    public required string Slug { get; init; }

    public required string Title { get; init; }

    public required string? Description { get; init; }

    public required DateOnly? EventDate { get; init; }

    public required GalleryStatus Status { get; init; }

    /// <summary>What a visitor has to know before the gallery opens.</summary>
    public required GalleryRequirement Requires { get; init; }

    /// <summary>How many digits the PIN has, from 6 to 12. Null unless the gallery requires a PIN.</summary>
    public required int? PinLength { get; init; }

    public required GalleryPresentationResponse Presentation { get; init; }

    /// <summary>A BCP 47 language tag.</summary>
    public required string Language { get; init; }

    /// <summary>True while photos can be picked.</summary>
    public required bool AllowsPicks { get; init; }

    /// <summary>The maximum number of photos in one selection. Null for no limit.</summary>
    public required int? PickLimit { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    public required int PhotoCount { get; init; }

    public required BrandingResponse Branding { get; init; }
}

internal static class GetGalleryFront
{
    public static void MapGetGalleryFront(this IEndpointRouteBuilder routes) => routes
        .MapGet("/storefront/galleries/{slug}", HandleAsync)
        .WithName("GetGalleryFront")
        .WithTags("Storefront")
        .WithSummary("Get a gallery's front")
        .WithDescription("Returns what is shown before the gallery is opened. A former slug of the gallery works too, and case does not count. A visitor token can get only the front of its own gallery.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status410Gone)
        .RequireScope(Scopes.Storefront, Scopes.VisitorView);

    private static async Task<Results<Ok<GalleryFrontResponse>, ProblemHttpResult>> HandleAsync(
        string slug, Caller caller, ProofsheetDb db, IGalleryFrontDetails details, TimeProvider clock, PublicUrl publicUrl, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var gallery = await db.FindPublishedAsync(slug, cancellation);
        if (gallery is null || !caller.Reaches(gallery.Id))
        {
            return Problems.NotFound("gallery");
        }

        if (gallery.StatusAt(now) == GalleryStatus.Expired)
        {
            return GalleryRules.Expired();
        }

        var known = (await details.OfAsync([gallery], cancellation)).GetValueOrDefault(gallery.Id);
        var branding = await db.BrandingAsync(cancellation);
        return TypedResults.Ok(new GalleryFrontResponse
        {
            Id = gallery.Id,
            Slug = gallery.Slug,
            Title = gallery.Title,
            Description = gallery.Description,
            EventDate = gallery.EventDate,
            Status = gallery.StatusAt(now),
            Requires = gallery.Requires,
            PinLength = gallery.PinLength,
            Presentation = gallery.ToPresentation(known?.Cover),
            Language = gallery.Language,
            AllowsPicks = gallery.AllowsPicksAt(now),
            PickLimit = gallery.PickLimit,
            ExpiresAt = gallery.ExpiresAt,
            PhotoCount = known?.PhotoCount ?? 0,
            Branding = branding.ToResponse(publicUrl),
        });
    }
}
