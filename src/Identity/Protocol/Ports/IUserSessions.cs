namespace Proofsheet.Identity.Protocol.Ports;

/// <summary>A browser's sign-in at this authority.</summary>
/// <param name="Subject">The user: the <c>sub</c> of tokens.</param>
/// <param name="SessionId">The <c>sid</c> of tokens; not the secret in the browser's cookie.</param>
/// <param name="AuthenticatedAt">When the user last presented credentials: <c>auth_time</c>. Using the session does not change it.</param>
/// <param name="Methods">The <c>amr</c>: values of RFC 8176 (pwd, otp, hwk, swk, mfa, fed …).</param>
public sealed record SignedIn(string Subject, string SessionId, DateTimeOffset AuthenticatedAt, IReadOnlyList<string> Methods);

/// <summary>The signed-in users. Implemented by the account modules.</summary>
public interface IUserSessions
{
    /// <summary>The live session of this request's browser; null when there is none, it has ended, or its account may not sign in.</summary>
    Task<SignedIn?> CurrentAsync(HttpContext http, CancellationToken cancellation);

    /// <summary>False once the session has ended or expired, or its account was disabled or deleted.</summary>
    Task<bool> IsLiveAsync(string sessionId, CancellationToken cancellation);

    /// <summary>Ends the session. The caller revokes its tokens (<see cref="ITokenRevocation"/>).</summary>
    Task EndAsync(string sessionId, CancellationToken cancellation);
}

/// <summary>What tokens and the userinfo endpoint may reveal about an account.</summary>
public sealed record Profile
{
    public required string Subject { get; init; }

    /// <summary>False for an account that was disabled by staff or deleted: no tokens are issued or refreshed for it.</summary>
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
