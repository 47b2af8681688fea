namespace Proofsheet.Identity.Protocol.Ports;

/// <summary>
/// A request of a client that waits for a person: kept on the server, named by an opaque id in the page's address, and
/// bound to the browser that brought it. Nothing of it is read from the page's address.
/// </summary>
public sealed record Interaction
{
    public required string Id { get; init; }

    public required string ClientId { get; init; }

    public required string ClientName { get; init; }

    /// <summary>An https address, or null.</summary>
    public string? ClientLogo { get; init; }

    /// <summary>True for clients that someone else made: they need the person's consent.</summary>
    public required bool IsThirdParty { get; init; }

    /// <summary>The scopes asked for; those the person may leave out are in <see cref="OptionalScopes"/>.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    public IReadOnlyList<string> OptionalScopes { get; init; } = [];

    /// <summary>The studio asked for by <c>acr_values=tenant:slug</c>; only its shape was looked at.</summary>
    public string? Tenant { get; init; }

    public string? LoginHint { get; init; }

    /// <summary>The client asked for the page that makes an account (<c>prompt=create</c>).</summary>
    public bool WantsAccount { get; init; }

    /// <summary>Credentials must be shown after this instant (<c>prompt=login</c>, <c>max_age</c>); null: a live session is enough.</summary>
    public DateTimeOffset? SignInAfter { get; init; }

    /// <summary>A second factor must be part of the sign-in (<c>acr_values</c> mfa).</summary>
    public bool NeedsSecondFactor { get; init; }
}

public interface IInteractions
{
    /// <summary>The interaction, when this browser brought it and it still waits; otherwise null.</summary>
    Task<Interaction?> FindAsync(string id, HttpContext http, CancellationToken cancellation);

    /// <summary>Where the browser goes on when it has done what was asked: an address of this authority.</summary>
    string ResumeAddress(string id);

    /// <summary>Records what the person agreed to. Resume next.</summary>
    Task ConsentAsync(string id, HttpContext http, SignedIn who, IReadOnlyList<string> scopes, bool remember, CancellationToken cancellation);

    /// <summary>The person said no: where the browser goes on, which then brings <c>access_denied</c> to the client; null when the request is gone.</summary>
    Task<string?> DenyAsync(string id, HttpContext http, CancellationToken cancellation);
}

/// <summary>A device that waits for someone to type its code (RFC 8628).</summary>
public sealed record DeviceRequest(string ClientId, string ClientName, IReadOnlyList<string> Scopes, DateTimeOffset ExpiresAt);

public interface IDeviceRequests
{
    /// <summary>By the code as typed, with or without its dash; null when there is none or it ended. Guesses are limited by who calls.</summary>
    Task<DeviceRequest?> FindAsync(string userCode, CancellationToken cancellation);

    /// <summary>False when it ended meanwhile.</summary>
    Task<bool> ApproveAsync(string userCode, SignedIn who, CancellationToken cancellation);

    Task<bool> DenyAsync(string userCode, CancellationToken cancellation);
}

/// <summary>A client's wish to end the session (RP-initiated logout), to be asked about.</summary>
public sealed record LogoutRequest(string Id, string? ClientName, string? ReturnAddress);

public interface ILogoutRequests
{
    /// <summary>When this browser brought it and it still waits; otherwise null.</summary>
    Task<LogoutRequest?> FindAsync(string id, HttpContext http, CancellationToken cancellation);
}

/// <summary>Applications of others that a person lets in.</summary>
public sealed record ConnectedApplication(string ClientId, string Name, IReadOnlyList<string> Scopes, DateTimeOffset Since);

public interface IConnectedApplications
{
    Task<IReadOnlyList<ConnectedApplication>> ListAsync(string subject, CancellationToken cancellation);

    /// <summary>Forgets the consent and ends the tokens. Nothing happens when there is none.</summary>
    Task DisconnectAsync(string subject, string clientId, CancellationToken cancellation);
}

/// <summary>Ends what was given out, and tells it to who verifies tokens without asking here.</summary>
public interface ITokenRevocation
{
    Task RevokeSessionAsync(string sessionId, CancellationToken cancellation);

    /// <summary>Everything of one account, as after a new password or its deletion; <paramref name="exceptSession"/> stays.</summary>
    Task RevokeSubjectAsync(string subject, string? exceptSession, bool accountDisabled, CancellationToken cancellation);
}
