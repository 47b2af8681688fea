using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Studios.Watermarks;

internal static class GetWatermark
{
    public static void MapGetWatermark(this IEndpointRouteBuilder routes) => routes
        .MapGet("/watermarks/{watermarkId}", HandleAsync)
        .WithName("GetWatermark")
        .WithTags("Watermarks")
        .WithSummary("Get a watermark")
        .WithDescription("The ETag is the watermark's version, for If-Match.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.SettingsRead);

    private static async Task<Results<Ok<WatermarkResponse>, ProblemHttpResult>> HandleAsync(
        Id<Watermark> watermarkId, HttpContext http, ProofsheetDb db, CancellationToken cancellation)
    {
        var watermark = await db.Set<Watermark>().AsNoTracking().SingleOrDefaultAsync(w => w.Id == watermarkId, cancellation);
        if (watermark is null)
        {
            return Problems.NotFound("watermark");
        }

        ETags.Write(http, watermark);
        return TypedResults.Ok(watermark.ToResponse());
    }
}
