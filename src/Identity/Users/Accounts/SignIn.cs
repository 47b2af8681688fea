using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Sessions;
using Proofsheet.Identity.Users.Tickets;
using Proofsheet.Shared.Database;
using AppFactors = Proofsheet.Identity.Users.SecondFactors.SecondFactors;

namespace Proofsheet.Identity.Users.Accounts;

/// <summary>Signs a user in, with the second factor if the account has one.</summary>
internal sealed class SignIn(
    IdentityDb db, UserSessions sessions, Tickets.Tickets tickets, AppFactors factors, Lockout lockout, ITokenRevocation tokens, ISecurityLog log)
{
    private static readonly TimeSpan StepLasts = TimeSpan.FromMinutes(10);

    /// <summary>Continues after a first factor; null when a code is still needed, which a cookie keeps track of.</summary>
    public async Task<SignedIn?> AfterFirstAsync(HttpContext http, string userId, IReadOnlyList<string> methods, CancellationToken cancellation)
    {
        if (!methods.Contains("mfa") && await factors.IsOnAsync(userId, cancellation))
        {
            var secret = tickets.Issue(TicketKind.SecondFactor, userId, StepLasts, JsonSerializer.Serialize(methods));
            await db.SaveChangesAsync(cancellation);
            HostCookie.Set(http, HostCookie.SignIn, secret, StepLasts);
            return null;
        }

        return await CompleteAsync(http, userId, methods, cancellation);
    }

    /// <summary>Whether this browser has passed a first factor and a code is pending.</summary>
    public async Task<bool> WaitsForCodeAsync(HttpContext http, CancellationToken cancellation) =>
        await tickets.FindAsync(TicketKind.SecondFactor, http.Request.Cookies[HostCookie.SignIn], cancellation) is not null;

    /// <summary>Null when the code is wrong or used, or the account is locked.</summary>
    public async Task<SignedIn?> WithCodeAsync(HttpContext http, string? code, bool isRecovery, CancellationToken cancellation)
    {
        var secret = http.Request.Cookies[HostCookie.SignIn];
        if (await tickets.FindAsync(TicketKind.SecondFactor, secret, cancellation) is not { UserId: { } userId } ticket
            || !await lockout.TakeAsync(userId, cancellation))
        {
            return null;
        }

        var right = isRecovery ? await factors.TakeRecoveryAsync(userId, code, cancellation) : await factors.TakeAsync(userId, code, cancellation);
        if (!right)
        {
            await lockout.FailAsync(await db.Users.AsNoTracking().SingleAsync(u => u.Id == userId, cancellation), cancellation);
            return null;
        }

        if (await tickets.TakeAsync(TicketKind.SecondFactor, secret, cancellation) is null)
        {
            return null;
        }

        HostCookie.Clear(http, HostCookie.SignIn);
        var methods = JsonSerializer.Deserialize<List<string>>(ticket.Payload!)!;
        return await CompleteAsync(http, userId, [.. methods, "otp", "mfa"], cancellation);
    }

    /// <summary>The signed-in user has also entered a code of the app: the session stays the same, with a stronger authentication.</summary>
    public Task<SignedIn> StepUpAsync(HttpContext http, SignedIn who, CancellationToken cancellation) =>
        CompleteAsync(http, who.Subject, [.. who.Methods.Except(["otp", "mfa"]), "otp", "mfa"], cancellation);

    /// <summary>Ends a session and revokes its tokens.</summary>
    public Task EndAsync(string sessionId, CancellationToken cancellation) => db.InTransactionAsync(
        async () =>
        {
            await sessions.EndAsync(sessionId, cancellation);
            await tokens.RevokeSessionAsync(sessionId, cancellation);
            return true;
        },
        cancellation);

    private async Task<SignedIn> CompleteAsync(HttpContext http, string userId, IReadOnlyList<string> methods, CancellationToken cancellation)
    {
        await lockout.ForgetAsync(userId, cancellation);
        var (who, ended) = await sessions.StartAsync(http, userId, methods, cancellation);
        if (ended is not null)
        {
            await tokens.RevokeSessionAsync(ended, cancellation);
        }

        await log.AddAsync("signed_in", null, userId, cancellation, who.SessionId, string.Join(' ', methods));
        return who;
    }
}
