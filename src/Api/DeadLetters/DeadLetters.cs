using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Http.OpenApi;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.DeadLetters;

/// <summary>Background work that failed at every attempt.</summary>
internal sealed record DeadLetterResponse
{
    public required Id<OutboxMessage> Id { get; init; }

    public required Id<Tenant> StudioId { get; init; }

    /// <summary>What happened, e.g. <c>photos.uploaded</c>.</summary>
    public required string Event { get; init; }

    public required int AttemptCount { get; init; }

    public required string? LastError { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset DeadAt { get; init; }
}

internal static class DeadLetters
{
    public static void MapDeadLetters(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/platform/dead-letters", ListAsync)
            .WithName("ListDeadLetters")
            .WithGroupName(OpenApiSetup.Internal)
            .WithTags("Platform")
            .WithSummary("List background work that failed for good")
            .WithDescription("Oldest first. Nothing is lost: each stays until it is replayed.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .WithoutStudio()
            .RequireScope(Scopes.PlatformAdmin);
        routes.MapPost("/platform/dead-letters/{messageId}/replay", ReplayAsync)
            .WithName("ReplayDeadLetter")
            .WithGroupName(OpenApiSetup.Internal)
            .WithTags("Platform")
            .WithSummary("Try failed background work again")
            .WithDescription("Gives the work all its attempts back, beginning now.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithoutStudio()
            .RequireScope(Scopes.PlatformAdmin);
    }

    private static Task<Results<Ok<Page<DeadLetterResponse>>, ProblemHttpResult>> ListAsync(
        ProofsheetDb db, Paging paging, [AsParameters] PageQuery page, CancellationToken cancellation) =>
        paging.OldestFirstAsync(page, "dead-letters", db.Set<OutboxMessage>().AsNoTracking().Where(m => m.DeadAt != null), ToResponse, cancellation);

    private static async Task<Results<NoContent, ProblemHttpResult>> ReplayAsync(
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

    private static DeadLetterResponse ToResponse(OutboxMessage m) => new()
    {
        Id = m.Id, StudioId = m.Tenant, Event = m.Event, AttemptCount = m.Attempts, LastError = m.LastError, CreatedAt = m.CreatedAt, DeadAt = m.DeadAt!.Value,
    };
}
