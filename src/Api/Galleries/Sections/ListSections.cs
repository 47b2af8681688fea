using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Sections;

internal sealed record SectionResponse
{
    public required Id<Section> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required string Title { get; init; }

    public required string? Description { get; init; }

    /// <summary>The section's place in the gallery; lower positions come first.</summary>
    public required int Position { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

internal static class ListSections
{
    public static void MapListSections(this IEndpointRouteBuilder routes) => routes
        .MapGet("/galleries/{galleryId}/sections", HandleAsync)
        .WithName("ListSections")
        .WithTags("Sections")
        .WithSummary("List a gallery's sections")
        .WithDescription("Returns all sections in order on one page: a gallery has at most 100.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesRead, Scopes.VisitorView);

    private static async Task<Results<Ok<Page<SectionResponse>>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, Caller caller, ProofsheetDb db, CancellationToken cancellation)
    {
        if (await db.FindGalleryAsync(caller, galleryId, cancellation) is null)
        {
            return Problems.NotFound("gallery");
        }

        return TypedResults.Ok(await db.SectionsOfAsync(galleryId, cancellation));
    }

    public static async Task<Page<SectionResponse>> SectionsOfAsync(this ProofsheetDb db, Id<Gallery> galleryId, CancellationToken cancellation)
    {
        var sections = await db.Set<Section>().AsNoTracking().Where(s => s.GalleryId == galleryId)
            .OrderBy(s => s.Position).ThenBy(s => s.Id).ToListAsync(cancellation);
        return new Page<SectionResponse> { Data = [.. sections.Select(s => s.ToResponse())], NextCursor = null };
    }

    public static SectionResponse ToResponse(this Section section) => new()
    {
        Id = section.Id,
        GalleryId = section.GalleryId,
        Title = section.Title,
        Description = section.Description,
        Position = section.Position,
        CreatedAt = section.CreatedAt,
        UpdatedAt = section.UpdatedAt,
    };
}
