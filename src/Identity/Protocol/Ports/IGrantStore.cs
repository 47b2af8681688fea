namespace Proofsheet.Identity.Protocol.Ports;

/// <summary>What an opaque handle stands for.</summary>
internal enum GrantKind
{
    PushedRequest,
    Interaction,
    Code,
    RefreshToken,
    Logout,
}

/// <summary>
/// Something kept under an opaque handle until it is used or has run out. Whether it was used is here and never in
/// <see cref="Data"/>: what is copied from one grant to the next must not bring that along.
/// </summary>
internal sealed class Grant
{
    /// <summary>The handle's hash; the handle itself is nowhere.</summary>
    public required string Key { get; init; }

    public required GrantKind Kind { get; init; }

    public required string ClientId { get; init; }

    /// <summary>The family of tokens that it belongs to, or will.</summary>
    public string? Family { get; init; }

    /// <summary>JSON, of a shape that its kind knows.</summary>
    public required string Data { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? ConsumedAt { get; init; }
}

/// <summary>All tokens that came of one authorization. It ends as a whole.</summary>
internal sealed class GrantFamily
{
    public required string Id { get; init; }

    public required string ClientId { get; init; }

    public required string Subject { get; init; }

    public string? SessionId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When no token of it counts any more, however often it was refreshed.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }
}

internal interface IGrantStore
{
    Task PutAsync(Grant grant, CancellationToken cancellation);

    /// <summary>Also one that was used or has run out: the caller looks.</summary>
    Task<Grant?> FindAsync(GrantKind kind, string key, CancellationToken cancellation);

    /// <summary>Marks it as used, in one statement: of any number of callers at once, in any number of processes, one gets true.</summary>
    Task<bool> TryConsumeAsync(GrantKind kind, string key, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Replaces the data of one that was not used; false when it was, or is gone.</summary>
    Task<bool> UpdateAsync(GrantKind kind, string key, string data, CancellationToken cancellation);

    Task PutFamilyAsync(GrantFamily family, CancellationToken cancellation);

    Task<GrantFamily?> FindFamilyAsync(string id, CancellationToken cancellation);

    /// <summary>
    /// Keeps the family as it is until the transaction ends; false when it ended before. Tokens are made under it, so that a revocation comes wholly
    /// before them, and they are not made, or wholly after, and what it tells is later than their <c>iat</c>.
    /// </summary>
    Task<bool> HoldFamilyAsync(string id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Ends it; false when it had ended already.</summary>
    Task<bool> RevokeFamilyAsync(string id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Ends the families of a session, and answers those that it ended.</summary>
    Task<IReadOnlyList<GrantFamily>> RevokeSessionAsync(string sessionId, DateTimeOffset now, CancellationToken cancellation);

    Task<IReadOnlyList<GrantFamily>> RevokeSubjectAsync(string subject, string? exceptSession, DateTimeOffset now, CancellationToken cancellation);

    Task<IReadOnlyList<GrantFamily>> RevokeClientAsync(string clientId, string? subject, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Runs the work in one transaction; nothing of it stays when it throws.</summary>
    Task<T> AtomicallyAsync<T>(Func<Task<T>> work, CancellationToken cancellation);
}

/// <summary>Remembers what may be used once: identifiers of assertions and proofs, and of tokens that were revoked.</summary>
internal interface IOnceStore
{
    /// <summary>False when it was there already. <paramref name="until"/>: after this it would be refused for its age anyway.</summary>
    Task<bool> TryAddAsync(string purpose, string value, DateTimeOffset until, CancellationToken cancellation);

    Task<bool> ContainsAsync(string purpose, string value, CancellationToken cancellation);
}

/// <summary>What a person agreed to for a client of others.</summary>
internal interface IConsentStore
{
    Task<IReadOnlyList<string>> ScopesAsync(string subject, string clientId, CancellationToken cancellation);

    Task PutAsync(string subject, string clientId, IReadOnlyList<string> scopes, DateTimeOffset now, CancellationToken cancellation);

    Task<IReadOnlyList<(string ClientId, IReadOnlyList<string> Scopes, DateTimeOffset GrantedAt)>> ListAsync(string subject, CancellationToken cancellation);

    Task RemoveAsync(string subject, string clientId, CancellationToken cancellation);
}
