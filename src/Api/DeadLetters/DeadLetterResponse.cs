using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.DeadLetters;

/// <summary>Background work that failed at every attempt.</summary>
internal sealed record DeadLetterResponse
{
    public required Id<OutboxMessage> Id { get; init; }

    public required Id<Tenant> StudioId { get; init; }

    /// <summary>The event, for example <c>photos.uploaded</c>.</summary>
    public required string Event { get; init; }

    public required int AttemptCount { get; init; }

    public required string? LastError { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset DeadAt { get; init; }
}
