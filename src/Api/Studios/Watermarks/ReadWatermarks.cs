using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Studios.Watermarks;

internal static class ReadWatermarks
{
    public static void MapReadWatermarks(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/watermarks", ListAsync)
            .WithName("ListWatermarks")
            .WithTags("Watermarks")
            .WithSummary("List the studio's watermarks")
            .WithDescription("Newest first.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .RequireScope(Scopes.SettingsRead);
        routes.MapGet("/watermarks/{watermarkId}", GetAsync)
            .WithName("GetWatermark")
            .WithTags("Watermarks")
            .WithSummary("Read a watermark")
            .WithDescription("The ETag is its version, for If-Match.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireScope(Scopes.SettingsRead);
    }

    private static Task<Results<Ok<Page<WatermarkResponse>>, ProblemHttpResult>> ListAsync(
        ProofsheetDb db, Paging paging, [AsParameters] PageQuery page, CancellationToken cancellation) =>
        paging.NewestFirstAsync(page, "watermarks", db.Set<Watermark>().AsNoTracking(), w => w.ToResponse(), cancellation);

    private static async Task<Results<Ok<WatermarkResponse>, ProblemHttpResult>> GetAsync(
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
