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

    /// <summary>One of secret, visitor, platform, user and so on. Anonymous is the system's own background work.</summary>
    public required CallerType ActorType { get; init; }

    /// <summary>The id of the key or visitor, or the subject of an account. <c>system</c> for background work.</summary>
    public required string Actor { get; init; }

    /// <summary>The authority that knows an account by that subject. Null for others.</summary>
    public required string? ActorIssuer { get; init; }

    /// <summary>The OAuth client that an account used. Null for others.</summary>
    public required string? ActorClient { get; init; }

    public required AuditAction Action { get; init; }

    /// <summary>The type of the resource, for example <c>gallery</c>.</summary>
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
        .WithSummary("List the audit trail")
        .WithDescription("Who changed what, newest first. Secrets and personal values are withheld: the entry says only that they changed.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .RequireScope(Scopes.SettingsRead);

    private static async Task<Results<Ok<Page<AuditEntryResponse>>, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, Paging paging, [Description("The type of a resource, for example gallery.")] string? entity, [Description("The id of a resource.")] string? entityId,
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
