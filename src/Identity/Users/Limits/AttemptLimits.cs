using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Data;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Hosting;
using Proofsheet.Shared.Keyrings;

namespace Proofsheet.Identity.Users.Limits;

/// <summary>Limits per caller and per mailbox. Each check is a single statement that also counts the attempt.</summary>
internal sealed class AttemptLimits(IdentityDb db, Keyring keyring, IOptions<LimitOptions> options, TimeProvider clock)
{
    private readonly LimitOptions _options = options.Value;

    /// <summary>Null when the attempt is allowed; otherwise how long to wait.</summary>
    public Task<TimeSpan?> SignInAsync(HttpContext http, CancellationToken cancellation) =>
        TakeAsync("sign-in:" + AddressKey.Of(http), _options.SignInsPerAddressPer15Minutes, TimeSpan.FromMinutes(15), cancellation);

    public Task<TimeSpan?> AccountAsync(HttpContext http, CancellationToken cancellation) =>
        TakeAsync("account:" + AddressKey.Of(http), _options.AccountsPerAddressPerHour, TimeSpan.FromHours(1), cancellation);

    public Task<TimeSpan?> MailRequestAsync(HttpContext http, CancellationToken cancellation) =>
        TakeAsync("mail:" + AddressKey.Of(http), _options.MailsPerAddressPerHour, TimeSpan.FromHours(1), cancellation);

    /// <summary>False when this mailbox has reached its limit: nothing is sent, and the caller is not told.</summary>
    public async Task<bool> MailboxAsync(string normalizedEmail, CancellationToken cancellation) =>
        await TakeAsync("mailbox:" + normalizedEmail, _options.MailsPerMailboxPerHour, TimeSpan.FromHours(1), cancellation) is null;

    public async Task<TimeSpan?> TakeAsync(string what, int most, TimeSpan window, CancellationToken cancellation)
    {
        var key = keyring.Fingerprint("attempts", Encoding.UTF8.GetBytes(what));
        while (true)
        {
            var now = clock.GetUtcNow();
            var ends = now + window;
            if (await Of(key).Where(c => c.EndsAt > now && c.Taken < most).ExecuteUpdateAsync(set => set.SetProperty(c => c.Taken, c => c.Taken + 1), cancellation) > 0
                || await Of(key).Where(c => c.EndsAt <= now).ExecuteUpdateAsync(set => set.SetProperty(c => c.Taken, 1).SetProperty(c => c.EndsAt, ends), cancellation) > 0
                || await AddAsync(key, ends, cancellation))
            {
                return null;
            }

            var counter = await Of(key).AsNoTracking().SingleOrDefaultAsync(cancellation);
            if (counter is not null && counter.EndsAt > now && counter.Taken >= most)
            {
                return counter.EndsAt - now;
            }

            // Another request started the window in the meantime: try again.
        }
    }

    private IQueryable<AttemptCounter> Of(string key) => db.Set<AttemptCounter>().Where(c => c.Key == key);

    private async Task<bool> AddAsync(string key, DateTimeOffset ends, CancellationToken cancellation)
    {
        return !await Of(key).AnyAsync(cancellation) && await db.TryAddAsync(new AttemptCounter { Key = key, Taken = 1, EndsAt = ends }, cancellation);
    }
}
