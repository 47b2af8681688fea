using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Http.OpenApi;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.DeadLetters;

internal static class ListDeadLetters
{
    public static void MapListDeadLetters(this IEndpointRouteBuilder routes) => routes
        .MapGet("/platform/dead-letters", HandleAsync)
        .WithName("ListDeadLetters")
        .WithGroupName(OpenApiSetup.Internal)
        .WithTags("Platform")
        .WithSummary("List dead letters")
        .WithDescription("Background work that failed at every attempt, oldest first. Nothing is lost: each entry is kept until it is replayed.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .WithoutStudio()
        .RequireScope(Scopes.PlatformAdmin);

    private static Task<Results<Ok<Page<DeadLetterResponse>>, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, Paging paging, [AsParameters] PageQuery page, CancellationToken cancellation) =>
        paging.OldestFirstAsync(page, "dead-letters", db.Set<OutboxMessage>().AsNoTracking().Where(m => m.DeadAt != null), ToResponse, cancellation);

    private static DeadLetterResponse ToResponse(OutboxMessage m) => new()
    {
        Id = m.Id, StudioId = m.Tenant, Event = m.Event, AttemptCount = m.Attempts, LastError = m.LastError, CreatedAt = m.CreatedAt, DeadAt = m.DeadAt!.Value,
    };
}
