using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Sections;

internal sealed record UpdateSectionRequest
{
    [OneLine, Required, StringLength(200)]
    public required string Title { get; init; }

    [StringLength(2000)]
    public required string? Description { get; init; }

    /// <summary>The studio's own data about the section. A null value removes a key.</summary>
    [Metadata]
    public required IReadOnlyDictionary<string, string?> Metadata { get; init; }
}

internal static class UpdateSection
{
    public static void MapUpdateSection(this IEndpointRouteBuilder routes) => routes
        .MapPatch("/sections/{sectionId}", HandleAsync)
        .WithName("UpdateSection")
        .WithTags("Sections")
        .WithSummary("Change a section")
        .WithDescription("A JSON merge patch.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .TakesIfMatch()
        .RequireScope(Scopes.GalleriesWrite);

    private static async Task<Results<Ok<SectionResponse>, ProblemHttpResult>> HandleAsync(
        Id<Section> sectionId, MergePatch<UpdateSectionRequest> patch, HttpContext http, Caller caller, ProofsheetDb db, CancellationToken cancellation)
    {
        var section = await db.FindSectionAsync(sectionId, cancellation);
        if (section is null)
        {
            return Problems.NotFound("section");
        }

        if (!ETags.IfMatch(http, section))
        {
            return Problems.PreconditionFailed();
        }

        var wanted = patch.ApplyTo(new UpdateSectionRequest { Title = section.Title, Description = section.Description, Metadata = Metadata.Present(section.Metadata) });
        (section.Title, section.Description, section.Metadata) = (wanted.Title.Trim(), wanted.Description, Metadata.Kept(wanted.Metadata));
        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, section);
        return TypedResults.Ok(section.ToResponse(caller));
    }

    /// <summary>Also null for a section of a deleted gallery.</summary>
    public static Task<Section?> FindSectionAsync(this ProofsheetDb db, Id<Section> id, CancellationToken cancellation) =>
        db.Set<Section>().SingleOrDefaultAsync(s => s.Id == id && db.Set<Gallery>().Any(g => g.Id == s.GalleryId), cancellation);
}
