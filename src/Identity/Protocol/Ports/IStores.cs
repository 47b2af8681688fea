using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Shared.Keyrings;

namespace Proofsheet.Identity.Protocol.Ports;

internal interface IClientStore
{
    /// <summary>Finds a client by its ID, configured or registered; null when it does not exist or was removed.</summary>
    Task<Client?> FindAsync(string clientId, CancellationToken cancellation);

    /// <summary>Whether any client lists this browser origin.</summary>
    Task<bool> IsKnownOriginAsync(string origin, CancellationToken cancellation);
}

/// <summary>A stored signing key, with its private part sealed.</summary>
internal sealed class StoredSigningKey
{
    /// <summary>The RFC 7638 thumbprint.</summary>
    public required string Kid { get; init; }

    public required string Algorithm { get; init; }

    /// <summary>Counts the keys of an algorithm. Unique, so that of several processes creating the next key, only one succeeds.</summary>
    public required int Sequence { get; init; }

    [Sealed]
    public required byte[] SealedKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset SignsFrom { get; init; }

    /// <summary>Withdrawn at once: it does not sign and is not published.</summary>
    public DateTimeOffset? WithdrawnAt { get; init; }
}

internal interface ISigningKeyStore
{
    Task<IReadOnlyList<StoredSigningKey>> ListAsync(CancellationToken cancellation);

    /// <summary>False when another process took the sequence number first.</summary>
    Task<bool> TryAddAsync(StoredSigningKey key, CancellationToken cancellation);

    Task<bool> WithdrawAsync(string kid, DateTimeOffset now, CancellationToken cancellation);

    Task RemoveAsync(string kid, CancellationToken cancellation);
}

/// <summary>An event that may matter in an investigation. Saved with the change it is about.</summary>
internal sealed class SecurityLogEntry
{
    public long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>A stable name: <c>code_replayed</c>, <c>refresh_reused</c>, <c>client_registered</c>, …</summary>
    public required string What { get; init; }

    public string? ClientId { get; init; }

    public string? Subject { get; init; }

    public string? SessionId { get; init; }

    /// <summary>The caller's IP address.</summary>
    public string? Address { get; init; }

    public string? Detail { get; init; }
}

internal interface ISecurityLog
{
    /// <summary>Must never be passed a token, a secret or a code.</summary>
    Task AddAsync(string what, string? clientId, string? subject, CancellationToken cancellation, string? sessionId = null, string? detail = null);
}

/// <summary>The known scopes.</summary>
internal interface IResourceStore
{
    bool IsKnown(string scope);

    IReadOnlyList<string> All { get; }
}
