using Microsoft.AspNetCore.Identity;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Mail;
using Proofsheet.Identity.Sessions;
using Proofsheet.Identity.Users.Tickets;
using Proofsheet.Shared.Database;

namespace Proofsheet.Identity.Users.Passkeys;

internal sealed record PasskeyHolder(string UserId, IReadOnlyList<string> Methods);

/// <summary>
/// Passkeys (Web Authentication), with the framework's handler. The challenge of a ceremony is stored as a ticket and consumed before the response is
/// checked, so that an intercepted response is worthless.
/// </summary>
internal sealed class Passkeys(IdentityDb db, UserManager<User> users, IPasskeyHandler<User> handler, Tickets.Tickets tickets, AccountMails mails, ILogger<Passkeys> log)
{
    public const int MostPerAccount = 20;
    private const int MaxCredentialLength = 16 << 10;
    private const int MaxNameLength = 60;
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(5);

    public Task<IList<UserPasskeyInfo>> ListAsync(User user) => users.GetPasskeysAsync(user);

    /// <summary>Options for <c>navigator.credentials.get</c>, without a user: the passkey identifies them.</summary>
    public async Task<string> BeginSignInAsync(HttpContext http, CancellationToken cancellation)
    {
        var options = await handler.MakeRequestOptionsAsync(null, http);
        await RememberAsync(http, TicketKind.PasskeyRequest, null, options.AssertionState, cancellation);
        return options.RequestOptionsJson;
    }

    /// <summary>The owner of the passkey; null when it is not accepted.</summary>
    public async Task<PasskeyHolder?> SignInAsync(HttpContext http, string credential, CancellationToken cancellation)
    {
        if (await TakeAsync(http, TicketKind.PasskeyRequest, credential, cancellation) is not { } state)
        {
            return null;
        }

        var result = await handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = http, CredentialJson = credential, AssertionState = state.Payload });
        if (!result.Succeeded)
        {
            log.LogInformation("A passkey was refused: {Why}", result.Failure.Message);
            return null;
        }

        if (result.User.DisabledAt is not null || !result.User.EmailConfirmed || !(await users.AddOrUpdatePasskeyAsync(result.User, result.Passkey)).Succeeded)
        {
            return null;
        }

        // RFC 8176: a synced passkey is software (swk), and one that verified its owner by biometrics or PIN is two factors.
        var kind = result.Passkey.IsBackedUp ? "swk" : "hwk";
        return new PasskeyHolder(result.User.Id, result.Passkey.IsUserVerified ? [kind, "user", "mfa"] : [kind]);
    }

    /// <summary>Options for <c>navigator.credentials.create</c>.</summary>
    public async Task<string> BeginAddingAsync(HttpContext http, User user, CancellationToken cancellation)
    {
        var options = await handler.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = user.Id, Name = user.Email!, DisplayName = user.DisplayName }, http);
        await RememberAsync(http, TicketKind.PasskeyCreation, user.Id, options.AttestationState, cancellation);
        return options.CreationOptionsJson;
    }

    /// <summary>False when the new passkey is not accepted.</summary>
    public async Task<bool> AddAsync(HttpContext http, User user, string credential, string? name, CancellationToken cancellation)
    {
        if (await TakeAsync(http, TicketKind.PasskeyCreation, credential, cancellation) is not { } state || state.UserId != user.Id
            || (await ListAsync(user)).Count >= MostPerAccount)
        {
            return false;
        }

        var result = await handler.PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = http, CredentialJson = credential, AttestationState = state.Payload });
        if (!result.Succeeded || result.UserEntity.Id != user.Id)
        {
            log.LogInformation("A new passkey was refused: {Why}", result.Failure?.Message);
            return false;
        }

        result.Passkey.Name = NameOf(name);
        return await db.InTransactionAsync(
            async () =>
            {
                mails.Notify(user, Notice.PasskeyAdded);
                return (await users.AddOrUpdatePasskeyAsync(user, result.Passkey)).Succeeded;
            },
            cancellation);
    }

    public async Task RenameAsync(User user, byte[] id, string? name)
    {
        if (await users.GetPasskeyAsync(user, id) is { } passkey)
        {
            passkey.Name = NameOf(name);
            await users.AddOrUpdatePasskeyAsync(user, passkey);
        }
    }

    public async Task RemoveAsync(User user, byte[] id, CancellationToken cancellation)
    {
        if (await users.GetPasskeyAsync(user, id) is not null)
        {
            mails.Notify(user, Notice.PasskeyRemoved);
            await users.RemovePasskeyAsync(user, id);
            await db.SaveChangesAsync(cancellation);
        }
    }

    private static string NameOf(string? typed)
    {
        var name = new string([.. (typed ?? "").Trim().Where(c => !char.IsControl(c))]);
        return name.Length == 0 ? "Passkey" : name[..Math.Min(name.Length, MaxNameLength)];
    }

    private async Task RememberAsync(HttpContext http, TicketKind kind, string? userId, string? state, CancellationToken cancellation)
    {
        var secret = tickets.Issue(kind, userId, Lasts, state);
        await db.SaveChangesAsync(cancellation);
        HostCookie.Set(http, HostCookie.Passkey, secret, Lasts);
    }

    private async Task<Ticket?> TakeAsync(HttpContext http, TicketKind kind, string credential, CancellationToken cancellation)
    {
        var secret = http.Request.Cookies[HostCookie.Passkey];
        HostCookie.Clear(http, HostCookie.Passkey);
        return credential.Length > MaxCredentialLength
            ? null
            : await tickets.TakeAsync(kind, secret, cancellation);
    }
}
