using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Sections;

internal sealed record CreateSectionRequest
{
    [OneLine, Required, StringLength(200)]
    public required string Title { get; init; }

    [StringLength(2000)]
    public string? Description { get; init; }

    /// <summary>The studio's own data about the section, such as its id in another system.</summary>
    [Metadata]
    public IReadOnlyDictionary<string, string?>? Metadata { get; init; }
}

internal static class CreateSection
{
    public static void MapCreateSection(this IEndpointRouteBuilder routes) => routes
        .MapPost("/galleries/{galleryId}/sections", HandleAsync)
        .WithName("CreateSection")
        .WithTags("Sections")
        .WithSummary("Add a section to a gallery")
        .WithDescription("The section is added after the others; use `ReorderSections` to move it. A gallery has at most 100 sections.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.GalleriesWrite);

    private static async Task<Results<Created<SectionResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, CreateSectionRequest request, HttpContext http, Caller caller, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        if (await db.FindGalleryAsync(caller, galleryId, cancellation) is null)
        {
            return Problems.NotFound("gallery");
        }

        var positions = await db.Set<Section>().Where(s => s.GalleryId == galleryId).Select(s => s.Position).ToListAsync(cancellation);
        if (positions.Count >= Section.MaxPerGallery)
        {
            return Problems.Rule("too_many_sections", $"A gallery holds up to {Section.MaxPerGallery} sections.");
        }

        var now = clock.GetUtcNow();
        var section = new Section
        {
            Id = Id<Section>.New(now),
            GalleryId = galleryId,
            Title = request.Title.Trim(),
            Description = request.Description,
            Position = positions.Count == 0 ? 0 : positions.Max() + 1,
            Metadata = Metadata.Kept(request.Metadata),
            CreatedAt = now,
        };
        db.Add(section);
        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, section);
        return TypedResults.Created($"/v1/sections/{section.Id}", section.ToResponse(caller));
    }
}
