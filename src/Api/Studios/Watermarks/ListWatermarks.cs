using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;

namespace Proofsheet.Api.Studios.Watermarks;

internal static class ListWatermarks
{
    public static void MapListWatermarks(this IEndpointRouteBuilder routes) => routes
        .MapGet("/watermarks", HandleAsync)
        .WithName("ListWatermarks")
        .WithTags("Watermarks")
        .WithSummary("List the studio's watermarks")
        .WithDescription("Newest first.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .RequireScope(Scopes.SettingsRead);

    private static Task<Results<Ok<Page<WatermarkResponse>>, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, Paging paging, [AsParameters] PageQuery page, CancellationToken cancellation) =>
        paging.NewestFirstAsync(page, "watermarks", db.Set<Watermark>().AsNoTracking(), w => w.ToResponse(), cancellation);
}
