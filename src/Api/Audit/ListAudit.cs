using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Audit;

internal sealed record AuditEntryResponse
{
    public required Id<AuditEntry> Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>secret, visitor, platform, user…; anonymous is the system's own background work.</summary>
    public required CallerType ActorType { get; init; }

    /// <summary>The key's or visitor's id, an account's subject; <c>system</c> for background work.</summary>
    public required string Actor { get; init; }

    /// <summary>The authority that knows an account by that subject; null for others.</summary>
    public required string? ActorIssuer { get; init; }

    /// <summary>The OAuth client through which an account acted; null for others.</summary>
    public required string? ActorClient { get; init; }

    public required AuditAction Action { get; init; }

    /// <summary>The kind of thing, e.g. <c>gallery</c>.</summary>
    public required string Entity { get; init; }

    public required string EntityId { get; init; }

    public required IReadOnlyList<AuditChange> Changes { get; init; }
}

internal static class ListAudit
{
    public static void MapListAudit(this IEndpointRouteBuilder routes) => routes
        .MapGet("/audit", HandleAsync)
        .WithName("ListAudit")
        .WithTags("Audit")
        .WithSummary("List what was changed, and by whom")
        .WithDescription("Newest first. Secrets and personal values are withheld: the entry says only that they changed.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .RequireScope(Scopes.SettingsRead);

    private static async Task<Results<Ok<Page<AuditEntryResponse>>, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, Paging paging, [Description("A kind of thing, e.g. gallery.")] string? entity, [Description("A thing's id.")] string? entityId,
        [AsParameters] PageQuery page, CancellationToken cancellation)
    {
        var entries = db.Set<AuditEntry>().AsNoTracking();
        if (entity is not null)
        {
            entries = entries.Where(a => a.Entity == entity);
        }

        if (entityId is not null)
        {
            entries = entries.Where(a => a.EntityId == entityId);
        }

        return await paging.NewestFirstAsync(page, $"audit:{entity}:{entityId}", entries, ToResponse, cancellation);
    }

    private static AuditEntryResponse ToResponse(AuditEntry entry) => new()
    {
        Id = entry.Id,
        At = entry.At,
        ActorType = entry.ActorType,
        Actor = entry.Actor,
        ActorIssuer = entry.ActorIssuer,
        ActorClient = entry.ActorClient,
        Action = entry.Action,
        Entity = entry.Entity,
        EntityId = entry.EntityId,
        Changes = entry.Changes,
    };
}
