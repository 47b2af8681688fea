using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Studios.Watermarks;

internal static class DeleteWatermark
{
    public static void MapDeleteWatermark(this IEndpointRouteBuilder routes) => routes
        .MapDelete("/watermarks/{watermarkId}", HandleAsync)
        .WithName("DeleteWatermark")
        .WithTags("Watermarks")
        .WithSummary("Delete a watermark")
        .WithDescription("The deletion is permanent. Refused while a gallery uses the watermark, including deleted galleries that can be restored.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Id<Watermark> watermarkId, ProofsheetDb db, CancellationToken cancellation)
    {
        var watermark = await db.Set<Watermark>().SingleOrDefaultAsync(w => w.Id == watermarkId, cancellation);
        if (watermark is null)
        {
            return Problems.NotFound("watermark");
        }

        db.Remove(watermark);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.IsForeignKeyViolation())
        {
            // Galleries belong to another module, so the database detects that one uses the watermark.
            return Problems.Conflict("watermark_in_use", "A gallery uses this watermark. Give that gallery another `watermarkId` first with `UpdateGallery`.");
        }

        return TypedResults.NoContent();
    }
}
