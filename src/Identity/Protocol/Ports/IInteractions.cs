namespace Proofsheet.Identity.Protocol.Ports;

/// <summary>
/// A client's request that waits for the user: stored on the server, identified by an opaque ID in the URL of the page, and bound to the browser
/// that started it. Nothing else about it is read from the URL.
/// </summary>
public sealed record Interaction
{
    public required string Id { get; init; }

    public required string ClientId { get; init; }

    public required string ClientName { get; init; }

    /// <summary>An https URL, or null.</summary>
    public string? ClientLogo { get; init; }

    /// <summary>True for clients made by others, which need the user's consent.</summary>
    public required bool IsThirdParty { get; init; }

    /// <summary>The requested scopes, including those the user may leave out, which are in <see cref="OptionalScopes"/>.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    public IReadOnlyList<string> OptionalScopes { get; init; } = [];

    /// <summary>The studio requested with <c>acr_values=tenant:slug</c>; only its format has been checked.</summary>
    public string? Tenant { get; init; }

    public string? LoginHint { get; init; }

    /// <summary>The client asked for the registration page (<c>prompt=create</c>).</summary>
    public bool WantsAccount { get; init; }

    /// <summary>The user must sign in after this time (<c>prompt=login</c>, <c>max_age</c>); null: a live session is enough.</summary>
    public DateTimeOffset? SignInAfter { get; init; }

    /// <summary>The sign-in must include a second factor (<c>acr_values</c> mfa).</summary>
    public bool NeedsSecondFactor { get; init; }
}

public interface IInteractions
{
    /// <summary>The interaction, if this browser started it and it is still pending; otherwise null.</summary>
    Task<Interaction?> FindAsync(string id, HttpContext http, CancellationToken cancellation);

    /// <summary>The URL at this authority where the browser continues when the requested step is done.</summary>
    string ResumeAddress(string id);

    /// <summary>Records what the user consented to. Resume the interaction afterwards.</summary>
    Task ConsentAsync(string id, HttpContext http, SignedIn who, IReadOnlyList<string> scopes, bool remember, CancellationToken cancellation);

    /// <summary>The user declined: returns the URL that sends the browser to the client with <c>access_denied</c>; null when the request is gone.</summary>
    Task<string?> DenyAsync(string id, HttpContext http, CancellationToken cancellation);
}

/// <summary>A device that waits for its code to be typed (RFC 8628).</summary>
public sealed record DeviceRequest(string ClientId, string ClientName, IReadOnlyList<string> Scopes, DateTimeOffset ExpiresAt);

public interface IDeviceRequests
{
    /// <summary>Finds a request by its code as typed, with or without the dash; null when there is none or it has ended. The caller limits guesses.</summary>
    Task<DeviceRequest?> FindAsync(string userCode, CancellationToken cancellation);

    /// <summary>False when it has ended in the meantime.</summary>
    Task<bool> ApproveAsync(string userCode, SignedIn who, CancellationToken cancellation);

    Task<bool> DenyAsync(string userCode, CancellationToken cancellation);
}

/// <summary>A client's request to end the session (RP-initiated logout), which the user has to confirm.</summary>
public sealed record LogoutRequest(string Id, string? ClientName, string? ReturnAddress);

public interface ILogoutRequests
{
    /// <summary>The request, if this browser started it and it is still pending; otherwise null.</summary>
    Task<LogoutRequest?> FindAsync(string id, HttpContext http, CancellationToken cancellation);
}

/// <summary>A third-party application that has access to the user's account.</summary>
public sealed record ConnectedApplication(string ClientId, string Name, IReadOnlyList<string> Scopes, DateTimeOffset Since);

public interface IConnectedApplications
{
    Task<IReadOnlyList<ConnectedApplication>> ListAsync(string subject, CancellationToken cancellation);

    /// <summary>Removes the consent and revokes the tokens. Does nothing when there is none.</summary>
    Task DisconnectAsync(string subject, string clientId, CancellationToken cancellation);
}

/// <summary>Revokes what was issued, and notifies those who verify tokens without asking the authority.</summary>
public interface ITokenRevocation
{
    Task RevokeSessionAsync(string sessionId, CancellationToken cancellation);

    /// <summary>Revokes everything of an account, as after a password change or its deletion, except for the session <paramref name="exceptSession"/>.</summary>
    Task RevokeSubjectAsync(string subject, string? exceptSession, bool accountDisabled, CancellationToken cancellation);
}
