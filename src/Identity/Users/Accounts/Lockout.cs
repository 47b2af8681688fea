using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Mail;

namespace Proofsheet.Identity.Users.Accounts;

/// <summary>
/// Locks an account for 15 minutes after five wrong passwords or codes. An attempt is counted before it is checked and given back if it was right,
/// so that of a thousand concurrent attempts only five are checked. (UserManager counts afterwards, and by the system clock.)
/// </summary>
internal sealed class Lockout(IdentityDb db, AccountMails mails, TimeProvider clock)
{
    public const int Attempts = 5;
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(15);

    /// <summary>False while the account is locked. Runs the same statement when there is no account.</summary>
    public async Task<bool> TakeAsync(string? userId, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        DateTimeOffset? ends = now + Rest;
        return await Of(userId).Where(u => u.LockoutEnd == null || u.LockoutEnd <= now).ExecuteUpdateAsync(
            set => set
                .SetProperty(u => u.AccessFailedCount, u => u.LockoutEnd != null ? 1 : u.AccessFailedCount + 1)
                .SetProperty(u => u.LockoutEnd, u => u.LockoutEnd == null && u.AccessFailedCount + 1 >= Attempts ? ends : null),
            cancellation) == 1;
    }

    /// <summary>
    /// The password was right, but the sign-in is not complete: earlier failures still count, or a password would allow endless guesses of codes. A lock
    /// that other failures caused in the meantime stays.
    /// </summary>
    public Task GiveBackAsync(string userId, CancellationToken cancellation) => Of(userId).Where(u => u.AccessFailedCount > 0 && u.AccessFailedCount <= Attempts).ExecuteUpdateAsync(
        set => set.SetProperty(u => u.AccessFailedCount, u => u.AccessFailedCount - 1).SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null), cancellation);

    /// <summary>Resets the count after a complete sign-in.</summary>
    public Task ForgetAsync(string userId, CancellationToken cancellation) => Of(userId).ExecuteUpdateAsync(
        set => set.SetProperty(u => u.AccessFailedCount, 0).SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null), cancellation);

    /// <summary>Records a failure and notifies the owner when it was the fifth. Runs the same statement when there is no account.</summary>
    public async Task FailAsync(User? user, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (await Of(user?.Id).AnyAsync(u => u.AccessFailedCount == Attempts && u.LockoutEnd > now, cancellation)
            && user is not null
            && await Of(user.Id).Where(u => u.AccessFailedCount == Attempts).ExecuteUpdateAsync(set => set.SetProperty(u => u.AccessFailedCount, Attempts + 1), cancellation) == 1)
        {
            mails.Notify(user, Notice.SignInLocked);
            await db.SaveChangesAsync(cancellation);
        }
    }

    private IQueryable<User> Of(string? userId) => db.Users.Where(u => u.Id == (userId ?? ""));
}
