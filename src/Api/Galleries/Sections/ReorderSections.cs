using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Sections;

internal sealed record ReorderSectionsRequest
{
    /// <summary>Every section of the gallery once, in the new order.</summary>
    [MaxLength(Section.MaxPerGallery)]
    public required IReadOnlyList<Id<Section>> SectionIds { get; init; }
}

internal static class ReorderSections
{
    public static void MapReorderSections(this IEndpointRouteBuilder routes) => routes
        .MapPost("/galleries/{galleryId}/sections/reorder", HandleAsync)
        .WithName("ReorderSections")
        .WithTags("Sections")
        .WithSummary("Reorder a gallery's sections")
        .WithDescription("The request lists every section once; the response has them in their new order.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.GalleriesWrite);

    private static async Task<Results<Ok<Page<SectionResponse>>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, ReorderSectionsRequest request, Caller caller, ProofsheetDb db, CancellationToken cancellation)
    {
        if (await db.FindGalleryAsync(caller, galleryId, cancellation) is null)
        {
            return Problems.NotFound("gallery");
        }

        var sections = await db.Set<Section>().Where(s => s.GalleryId == galleryId).ToDictionaryAsync(s => s.Id, cancellation);
        if (request.SectionIds.Count != sections.Count || request.SectionIds.Distinct().Count() != sections.Count || !request.SectionIds.All(sections.ContainsKey))
        {
            return Problems.Rule("sections_incomplete", "Name every section of the gallery exactly once in `sectionIds`.", "sectionIds");
        }

        for (var position = 0; position < request.SectionIds.Count; position++)
        {
            sections[request.SectionIds[position]].Position = position;
        }

        await db.SaveChangesAsync(cancellation);

        var ordered = await db.SectionsAfter(galleryId, after: null).ToListAsync(cancellation);
        return TypedResults.Ok(new Page<SectionResponse> { Data = [.. ordered.Select(s => s.ToResponse(caller))], NextCursor = null });
    }
}
