using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Http.OpenApi;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.DeadLetters;

internal static class ReplayDeadLetter
{
    public static void MapReplayDeadLetter(this IEndpointRouteBuilder routes) => routes
        .MapPost("/platform/dead-letters/{messageId}/replay", HandleAsync)
        .WithName("ReplayDeadLetter")
        .WithGroupName(OpenApiSetup.Internal)
        .WithTags("Platform")
        .WithSummary("Replay a dead letter")
        .WithDescription("Gives the work its full number of attempts again, starting now.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .WithoutStudio()
        .RequireScope(Scopes.PlatformAdmin);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Id<OutboxMessage> messageId, ProofsheetDb db, OutboxSignal signal, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var replayed = await db.Set<OutboxMessage>().Where(m => m.Id == messageId && m.DeadAt != null).ExecuteUpdateAsync(set => set
            .SetProperty(m => m.DeadAt, (DateTimeOffset?)null)
            .SetProperty(m => m.Attempts, 0)
            .SetProperty(m => m.DueAt, now), cancellation);
        if (replayed == 0)
        {
            return Problems.NotFound("dead letter");
        }

        signal.Ping();
        return TypedResults.NoContent();
    }
}
