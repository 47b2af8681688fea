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

    private static async Task<Results<Ok<Page<WatermarkResponse>>, ProblemHttpResult>> ListAsync(
        ProofsheetDb db, Cursors cursors, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (Limits.PageSize(limit) is not { } size)
        {
            return PageProblems.BadLimit();
        }

        if (!cursors.TryRead("watermarks", cursor, out var after))
        {
            return PageProblems.BadCursor();
        }

        var watermarks = db.Set<Watermark>().AsNoTracking();
        if (after is not null)
        {
            var last = Id<Watermark>.FromStored(after);
            watermarks = watermarks.Where(w => w.Id < last);
        }

        var rows = await watermarks.OrderByDescending(w => w.Id).Take(size + 1).ToListAsync(cancellation);
        return TypedResults.Ok(Page<WatermarkResponse>.From(rows, size, w => w.ToResponse(), w => cursors.Write("watermarks", w.Id.ToStored())));
    }

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
