using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Users.Passwords;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Identity.Users.Accounts;

/// <summary>
/// Checks an address and a password. Each attempt costs one hash and the same statements, whether the account is known, locked, unconfirmed or
/// missing, and the result does not reveal which: only whether both were right.
/// </summary>
internal sealed class PasswordSignIn(IdentityDb db, UserManager<User> users, PasswordHashing hashing, Lockout lockout, TimeProvider clock)
{
    /// <summary>Called at the start of a request that will check a password; see <see cref="PasswordHashing.RefuseWhenFull"/>.</summary>
    public void RefuseWhenBusy() => hashing.RefuseWhenFull();

    /// <summary>The account, or null. The attempt stays counted: call <see cref="Lockout.ForgetAsync"/> when the sign-in is complete.</summary>
    public async Task<User?> CheckAsync(string? email, string password, CancellationToken cancellation)
    {
        var normalized = EmailAddress.TryRead(email, out var address) ? users.NormalizeEmail(address) : "";
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedUserName == normalized, cancellation);
        return await CheckAsync(user, password, cancellation) ? user : null;
    }

    public async Task<bool> CheckAsync(User? user, string password, CancellationToken cancellation)
    {
        var open = await lockout.TakeAsync(user?.Id, cancellation);
        bool right;
        try
        {
            right = await hashing.VerifyAsync(open ? user?.PasswordHash : null, password, cancellation);
        }
        catch (TooBusyException) when (user is not null && open)
        {
            // The password was not checked: filling the queue must not lock other people's accounts.
            await lockout.GiveBackAsync(user.Id, cancellation);
            throw;
        }

        if (user is null || !open || !right)
        {
            await lockout.FailAsync(user, cancellation);
            return false;
        }

        await lockout.GiveBackAsync(user.Id, cancellation);
        if (user.DisabledAt is not null || !user.EmailConfirmed)
        {
            return false;
        }

        if (hashing.IsOutdated(user.PasswordHash!))
        {
            var (old, renewed, now) = (user.PasswordHash, await hashing.HashAsync(password, cancellation), clock.GetUtcNow());
            await db.Users.Where(u => u.Id == user.Id && u.PasswordHash == old)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, renewed).SetProperty(u => u.UpdatedAt, now), cancellation);
        }

        return true;
    }
}
