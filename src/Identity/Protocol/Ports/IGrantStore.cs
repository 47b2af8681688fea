namespace Proofsheet.Identity.Protocol.Ports;

/// <summary>What an opaque handle refers to.</summary>
internal enum GrantKind
{
    PushedRequest,
    Interaction,
    Code,
    RefreshToken,
    Logout,
}

/// <summary>
/// Data stored under an opaque handle until it is used or expires. Whether it was used is a column and never part of <see cref="Data"/>, because
/// data is copied from one grant to the next.
/// </summary>
internal sealed class Grant
{
    /// <summary>The hash of the handle; the handle itself is not stored.</summary>
    public required string Key { get; init; }

    public required GrantKind Kind { get; init; }

    public required string ClientId { get; init; }

    /// <summary>The token family that it belongs to, or will belong to.</summary>
    public string? Family { get; init; }

    /// <summary>JSON whose schema depends on the kind.</summary>
    public required string Data { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? ConsumedAt { get; init; }

    /// <summary>What was answered when a refresh token was used, sealed; for the same request again.</summary>
    public byte[]? Answer { get; init; }
}

/// <summary>All tokens from one authorization. They are revoked together.</summary>
internal sealed class GrantFamily
{
    public required string Id { get; init; }

    public required string ClientId { get; init; }

    public required string Subject { get; init; }

    public string? SessionId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When all of its tokens have expired, however often they were refreshed.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }
}

internal interface IGrantStore
{
    Task PutAsync(Grant grant, CancellationToken cancellation);

    /// <summary>Also returns used and expired grants: the caller has to check.</summary>
    Task<Grant?> FindAsync(GrantKind kind, string key, CancellationToken cancellation);

    /// <summary>Marks it as used, in one statement: of all concurrent callers, in all processes, exactly one gets true.</summary>
    Task<bool> TryConsumeAsync(GrantKind kind, string key, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Keeps the sealed answer of a refresh token that has just been used.</summary>
    Task KeepAnswerAsync(string key, byte[] answer, CancellationToken cancellation);

    /// <summary>Replaces the data of an unused grant; false when it was used or no longer exists.</summary>
    Task<bool> UpdateAsync(GrantKind kind, string key, string data, CancellationToken cancellation);

    Task PutFamilyAsync(GrantFamily family, CancellationToken cancellation);

    Task<GrantFamily?> FindFamilyAsync(string id, CancellationToken cancellation);

    /// <summary>
    /// Locks the family until the transaction ends; false when it was revoked or has expired. Tokens are issued under this lock, so that a revocation
    /// happens either before, and no tokens are issued, or after, with a time later than their <c>iat</c>.
    /// </summary>
    Task<bool> HoldFamilyAsync(string id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Revokes the family; false when it was already revoked.</summary>
    Task<bool> RevokeFamilyAsync(string id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Revokes the families of a session and returns those that were still active.</summary>
    Task<IReadOnlyList<GrantFamily>> RevokeSessionAsync(string sessionId, DateTimeOffset now, CancellationToken cancellation);

    Task<IReadOnlyList<GrantFamily>> RevokeSubjectAsync(string subject, string? exceptSession, DateTimeOffset now, CancellationToken cancellation);

    Task<IReadOnlyList<GrantFamily>> RevokeClientAsync(string clientId, string? subject, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Runs the work in one transaction, which is rolled back when it throws.</summary>
    Task<T> AtomicallyAsync<T>(Func<Task<T>> work, CancellationToken cancellation);
}

/// <summary>Remembers what may be used only once: the IDs of assertions and proofs, and of revoked tokens.</summary>
internal interface IOnceStore
{
    /// <summary>False when it was already there. After <paramref name="until"/> it would be refused for its age anyway.</summary>
    Task<bool> TryAddAsync(string purpose, string value, DateTimeOffset until, CancellationToken cancellation);

    Task<bool> ContainsAsync(string purpose, string value, CancellationToken cancellation);
}

/// <summary>The scopes that users granted to third-party clients.</summary>
internal interface IConsentStore
{
    Task<IReadOnlyList<string>> ScopesAsync(string subject, string clientId, CancellationToken cancellation);

    Task PutAsync(string subject, string clientId, IReadOnlyList<string> scopes, DateTimeOffset now, CancellationToken cancellation);

    Task<IReadOnlyList<(string ClientId, IReadOnlyList<string> Scopes, DateTimeOffset GrantedAt)>> ListAsync(string subject, CancellationToken cancellation);

    Task RemoveAsync(string subject, string clientId, CancellationToken cancellation);
}
