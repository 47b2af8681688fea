using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.GalleryDownloads;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.OrderDownloads;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Exports;

internal static class CreateExport
{
    public static void MapCreateExport(this IEndpointRouteBuilder routes) => routes
        .MapPost("/galleries/{galleryId}/exports", HandleAsync)
        .WithName("CreateExport")
        .WithTags("Exports")
        .WithSummary("Export a gallery")
        .WithDescription("Creates one archive of all originals, in folders by section, with metadata.json and metadata.csv. It is made in the background: call "
            + "`GetExport` until it is ready. The content is fixed at that point, and the archive is available for seven days.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .RequireScope(Scopes.GalleriesWrite);

    private static async Task<Results<Accepted<GalleryExportResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, Caller caller, ProofsheetDb db, TenantContext tenant, DownloadLinks links, TimeProvider clock, CancellationToken cancellation)
    {
        if (await db.FindGalleryAsync(caller, galleryId, cancellation) is null)
        {
            return Problems.NotFound("gallery");
        }

        var now = clock.GetUtcNow();
        if (await db.Set<GalleryExport>().AnyAsync(e => e.GalleryId == galleryId && e.Status == PreparationStatus.Preparing && e.ExpiresAt > now, cancellation))
        {
            return Problems.Conflict("export_under_way", "An export of this gallery is being made. Wait for it.");
        }

        var export = new GalleryExport { Id = Id<GalleryExport>.New(now), GalleryId = galleryId, CreatedAt = now, ExpiresAt = now + GalleryExport.Lifetime };
        db.Add(export);
        db.Publish(tenant.Current, new ExportAsked(export.Id), now);
        await db.SaveChangesAsync(cancellation);

        return TypedResults.Accepted($"/v1/exports/{export.Id}", export.ToResponse(links, withUrl: false));
    }
}
