using Proofsheet.Identity.Protocol.Clients;

namespace Proofsheet.Identity.Protocol.Ports;

internal interface IClientStore
{
    /// <summary>A client by its id, whether configured or registered; null when there is none or it was removed.</summary>
    Task<Client?> FindAsync(string clientId, CancellationToken cancellation);

    /// <summary>Whether any client named this browser origin as one of its pages.</summary>
    Task<bool> IsKnownOriginAsync(string origin, CancellationToken cancellation);
}

/// <summary>A signing key as it is stored: its private part sealed.</summary>
internal sealed class StoredSigningKey
{
    /// <summary>The RFC 7638 thumbprint.</summary>
    public required string Kid { get; init; }

    public required string Algorithm { get; init; }

    /// <summary>Counts the keys of an algorithm. Unique, so of several processes that make the next key at once one succeeds.</summary>
    public required int Sequence { get; init; }

    public required byte[] SealedKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset SignsFrom { get; init; }

    /// <summary>Taken out at once: it signs nothing and is in no key set.</summary>
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

/// <summary>What happened that someone may want to look at later. Written with the change that is being saved.</summary>
internal sealed class SecurityLogEntry
{
    public long Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>A stable word: <c>code_replayed</c>, <c>refresh_reused</c>, <c>client_registered</c>, …</summary>
    public required string What { get; init; }

    public string? ClientId { get; init; }

    public string? Subject { get; init; }

    public string? SessionId { get; init; }

    /// <summary>The caller's address.</summary>
    public string? Address { get; init; }

    public string? Detail { get; init; }
}

internal interface ISecurityLog
{
    /// <summary>Never a token, a secret or a code.</summary>
    Task AddAsync(string what, string? clientId, string? subject, CancellationToken cancellation, string? sessionId = null, string? detail = null);
}

/// <summary>The scopes that there are.</summary>
internal interface IResourceStore
{
    bool IsKnown(string scope);

    IReadOnlyList<string> All { get; }
}
