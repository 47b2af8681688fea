using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Galleries.Sections;

/// <summary>A section was deleted; its photos stay in the gallery, without a section.</summary>
internal sealed record SectionDeleted(Id<Gallery> GalleryId, Id<Section> SectionId) : IOutboxEvent
{
    public static string EventName => "galleries.section_deleted";
}

internal static class DeleteSection
{
    public static void MapDeleteSection(this IEndpointRouteBuilder routes) => routes
        .MapDelete("/sections/{sectionId}", HandleAsync)
        .WithName("DeleteSection")
        .WithTags("Sections")
        .WithSummary("Delete a section")
        .WithDescription("A section cannot be restored. Its photos stay in the gallery, without a section.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesWrite);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Id<Section> sectionId, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var section = await db.FindSectionAsync(sectionId, cancellation);
        if (section is null)
        {
            return Problems.NotFound("section");
        }

        var now = clock.GetUtcNow();
        section.Delete(now);
        db.Publish(section.TenantId, new SectionDeleted(section.GalleryId, section.Id), now);
        await db.SaveChangesAsync(cancellation);

        return TypedResults.NoContent();
    }
}
