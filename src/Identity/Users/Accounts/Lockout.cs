using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Mail;

namespace Proofsheet.Identity.Users.Accounts;

/// <summary>
/// Five wrong passwords or codes, and an account rests for 15 minutes. An attempt is taken before it is looked at and given back when it
/// was right: of a thousand at once, five are looked at. (UserManager counts after the fact, and by the system's clock.)
/// </summary>
internal sealed class Lockout(IdentityDb db, AccountMails mails, TimeProvider clock)
{
    public const int Attempts = 5;
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(15);

    /// <summary>False while the account rests. Costs the same statement where there is no account.</summary>
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
    /// Right, but the sign-in goes on: earlier wrong ones still count, or a password would buy endless codes. A rest that wrong ones
    /// began meanwhile stays.
    /// </summary>
    public Task GiveBackAsync(string userId, CancellationToken cancellation) => Of(userId).Where(u => u.AccessFailedCount > 0 && u.AccessFailedCount <= Attempts).ExecuteUpdateAsync(
        set => set.SetProperty(u => u.AccessFailedCount, u => u.AccessFailedCount - 1).SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null), cancellation);

    /// <summary>Signed in.</summary>
    public Task ForgetAsync(string userId, CancellationToken cancellation) => Of(userId).ExecuteUpdateAsync(
        set => set.SetProperty(u => u.AccessFailedCount, 0).SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null), cancellation);

    /// <summary>It was wrong: where that was the fifth, the owner is told. Costs the same statement where there is no account.</summary>
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
