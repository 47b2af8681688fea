using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Mail;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Identity.Users.Social;

internal enum SocialOutcome
{
    SignedIn,

    /// <summary>An account with this address already exists; its owner has to sign in and connect the two.</summary>
    AddressKnown,

    /// <summary>The provider has not verified the address, so no account is created.</summary>
    AddressUnverified,

    /// <summary>The provider's account is connected to another user, or this account may not sign in.</summary>
    Refused,
}

/// <summary>
/// Accounts at other providers, identified by the ID they have there. They are never connected by email address, or anyone who claims an address at a
/// provider would get the account here.
/// </summary>
internal sealed class SocialAccounts(IdentityDb db, UserManager<User> users, AccountMails mails, TimeProvider clock)
{
    public async Task<(SocialOutcome Outcome, User? User)> SignInAsync(SocialLogin login, CancellationToken cancellation)
    {
        if (await users.FindByLoginAsync(login.Provider, login.Key) is { } known)
        {
            return known.DisabledAt is null && known.EmailConfirmed ? (SocialOutcome.SignedIn, known) : (SocialOutcome.Refused, null);
        }

        if (!login.IsEmailVerified || !EmailAddress.TryRead(login.Email, out var email))
        {
            return (SocialOutcome.AddressUnverified, null);
        }

        return await db.InTransactionAsync(
            async () =>
            {
                var normalized = users.NormalizeEmail(email);
                if (await db.Users.AnyAsync(u => u.NormalizedUserName == normalized && u.EmailConfirmed, cancellation))
                {
                    return (SocialOutcome.AddressKnown, (User?)null);
                }

                // An unconfirmed registration proves nothing, and must not keep the address or its password.
                await db.Users.Where(u => u.NormalizedUserName == normalized && !u.EmailConfirmed).ExecuteDeleteAsync(cancellation);
                var name = new string([.. (login.Name ?? email.Split('@')[0]).Where(c => !char.IsControl(c))]).Trim();
                var user = User.Make(email, name.Length is 0 or > 100 ? email.Split('@')[0] : name, clock.GetUtcNow());
                user.EmailConfirmed = true;
                return (await users.CreateAsync(user)).Succeeded && (await users.AddLoginAsync(user, InfoOf(login))).Succeeded
                    ? (SocialOutcome.SignedIn, user)
                    : (SocialOutcome.Refused, null);
            },
            cancellation);
    }

    public async Task<bool> ConnectAsync(string userId, SocialLogin login, CancellationToken cancellation)
    {
        var owner = await users.FindByLoginAsync(login.Provider, login.Key);
        if (owner is not null)
        {
            return owner.Id == userId;
        }

        var user = await db.Users.SingleAsync(u => u.Id == userId, cancellation);
        return await db.InTransactionAsync(
            async () =>
            {
                mails.Notify(user, Notice.LoginConnected);
                return (await users.AddLoginAsync(user, InfoOf(login))).Succeeded;
            },
            cancellation);
    }

    /// <summary>False when no other way to sign in would be left.</summary>
    public async Task<bool> DisconnectAsync(string userId, string provider, string key, CancellationToken cancellation)
    {
        var user = await db.Users.SingleAsync(u => u.Id == userId, cancellation);
        var logins = await users.GetLoginsAsync(user);
        if (user.PasswordHash is null && logins.Count <= 1 && (await users.GetPasskeysAsync(user)).Count == 0)
        {
            return false;
        }

        if (logins.Any(l => l.LoginProvider == provider && l.ProviderKey == key))
        {
            mails.Notify(user, Notice.LoginDisconnected);
            await users.RemoveLoginAsync(user, provider, key);
        }

        return true;
    }

    private static UserLoginInfo InfoOf(SocialLogin login) => new(login.Provider, login.Key, login.Email ?? login.Name ?? login.Key);
}
