namespace Proofsheet.Identity.Protocol.Ports;

/// <summary>A sign-in at this authority, as a browser holds it.</summary>
/// <param name="Subject">Whose: the <c>sub</c> of tokens.</param>
/// <param name="SessionId">The <c>sid</c> of tokens; the secret of the browser's cookie is another.</param>
/// <param name="AuthenticatedAt">When credentials were last shown: <c>auth_time</c>. Using the session does not move it.</param>
/// <param name="Methods">How: <c>amr</c>, values of RFC 8176 (pwd, otp, hwk, swk, mfa, fed …).</param>
public sealed record SignedIn(string Subject, string SessionId, DateTimeOffset AuthenticatedAt, IReadOnlyList<string> Methods);

/// <summary>Who is signed in. The accounts' modules answer.</summary>
public interface IUserSessions
{
    /// <summary>The live session of this request's browser; null when there is none, it ended or its account may not sign in.</summary>
    Task<SignedIn?> CurrentAsync(HttpContext http, CancellationToken cancellation);

    /// <summary>False once the session has ended or expired, or its account was disabled or deleted.</summary>
    Task<bool> IsLiveAsync(string sessionId, CancellationToken cancellation);

    /// <summary>Ends the session. What tokens it gave is revoked by who calls (<see cref="ITokenRevocation"/>).</summary>
    Task EndAsync(string sessionId, CancellationToken cancellation);
}

/// <summary>What tokens and the userinfo endpoint may tell of an account.</summary>
public sealed record Profile
{
    public required string Subject { get; init; }

    /// <summary>False for an account that is locked by staff or deleted: no token is given for it, none is refreshed.</summary>
    public required bool IsActive { get; init; }

    public string? Name { get; init; }

    public string? Email { get; init; }

    public bool EmailVerified { get; init; }

    public DateTimeOffset? UpdatedAt { get; init; }
}

public interface IProfileService
{
    /// <summary>Null when there is no such account.</summary>
    Task<Profile?> FindAsync(string subject, CancellationToken cancellation);
}
