using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;

namespace Proofsheet.Api.Galleries.Storefront;

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

internal static class ListStorefrontGalleries
{
    public static void MapListStorefrontGalleries(this IEndpointRouteBuilder routes) => routes
        .MapGet("/storefront/galleries", HandleAsync)
        .WithName("ListStorefrontGalleries")
        .WithTags("Storefront")
        .WithSummary("List the galleries of the studio's storefront")
        .WithDescription("Returns the published galleries that the studio lists, newest first. Other galleries are reached by their URL alone.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .RequireScope(Scopes.Storefront);

    private static Task<Results<Ok<Page<StorefrontGalleryResponse>>, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, Paging paging, IGalleryFrontDetails details, TimeProvider clock, [AsParameters] PageQuery page, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var listed = db.Set<Gallery>().AsNoTracking().Where(g => g.Stage == GalleryStage.Published && g.IsListed && (g.ExpiresAt == null || g.ExpiresAt > now));
        return paging.NewestFirstAsync(page, "storefront-galleries", listed, galleries => ToResponsesAsync(galleries, details, cancellation), cancellation);
    }

    private static async Task<IReadOnlyList<StorefrontGalleryResponse>> ToResponsesAsync(IReadOnlyList<Gallery> galleries, IGalleryFrontDetails details, CancellationToken cancellation)
    {
        var known = await details.OfAsync(galleries, cancellation);
        return [.. galleries.Select(g => new StorefrontGalleryResponse
        {
            Slug = g.Slug,
            Title = g.Title,
            EventDate = g.EventDate,
            Requires = g.Requires,
            Cover = g.Requires == GalleryRequirement.None ? g.ToCover(known.GetValueOrDefault(g.Id)?.Cover) : null,
            PhotoCount = known.GetValueOrDefault(g.Id)?.PhotoCount ?? 0,
        })];
    }
}
