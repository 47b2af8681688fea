using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Shared.Database;

namespace Proofsheet.Api.Galleries.Visitors;

/// <param name="Key">What is counted.</param>
/// <param name="Limit">How many attempts are allowed per window.</param>
internal readonly record struct AttemptLimit(string Key, int Limit, TimeSpan Window)
{
    /// <summary>Whether it counts guesses at one gallery from one address.</summary>
    public bool IsOfGallery { get; init; }
}

/// <summary>
/// Counts attempts before they are made and takes them back if they were not wrong: of a thousand concurrent guesses, no more than
/// the limit are ever checked. Each step is one statement that checks the limit itself.
/// </summary>
internal sealed class AttemptCounters(ProofsheetDb db, TimeProvider clock)
{
    /// <summary>After this time without a used-up window, waits start short again.</summary>
    public static readonly TimeSpan StrikesLast = TimeSpan.FromDays(1);

    /// <summary>Null if the attempt is allowed; otherwise how long to wait.</summary>
    public async Task<TimeSpan?> TakeAsync(AttemptLimit limit, CancellationToken cancellation)
    {
        var (key, most, window) = (limit.Key, limit.Limit, limit.Window);
        while (true)
        {
            var now = clock.GetUtcNow();
            var ends = now + window;
            var forgotten = now - StrikesLast;
            if (await Of(key).Where(c => c.EndsAt > now && c.Taken < most).ExecuteUpdateAsync(set => set.SetProperty(c => c.Taken, c => c.Taken + 1), cancellation) > 0)
            {
                return null;
            }

            var begun = await Of(key).Where(c => c.EndsAt <= now).ExecuteUpdateAsync(
                set => set
                    .SetProperty(c => c.Taken, 1)
                    .SetProperty(c => c.Strikes, c => c.EndsAt <= forgotten ? 0 : c.Strikes)
                    .SetProperty(c => c.EndsAt, ends),
                cancellation);
            if (begun > 0 || await AddAsync(key, ends, cancellation))
            {
                return null;
            }

            var counter = await Of(key).AsNoTracking().SingleOrDefaultAsync(cancellation);
            if (counter is not null && counter.EndsAt > now && counter.Taken >= most)
            {
                return counter.EndsAt - now;
            }

            // In the meantime another request started the window or gave an attempt back: try again.
        }
    }

    /// <summary>The attempt was not a wrong guess.</summary>
    public Task GiveBackAsync(AttemptLimit limit, CancellationToken cancellation) => GiveBackAsync(limit.Key, cancellation);

    public Task GiveBackAsync(string key, CancellationToken cancellation) =>
        Of(key).Where(c => c.Taken > 0).ExecuteUpdateAsync(set => set.SetProperty(c => c.Taken, c => c.Taken - 1), cancellation);

    /// <summary>The guess was wrong. If that used up the window, the wait starts, twice as long as the one before.</summary>
    public async Task FailAsync(AttemptLimit limit, TimeSpan longest, CancellationToken cancellation)
    {
        var counter = await Of(limit.Key).AsNoTracking().SingleOrDefaultAsync(cancellation);
        if (counter is null || counter.Taken < limit.Limit)
        {
            return;
        }

        var wait = Math.Min(longest.TotalSeconds, limit.Window.TotalSeconds * Math.Pow(2, Math.Min(counter.Strikes, 20)));
        var (seen, seenEnd, ends) = (counter.Strikes, counter.EndsAt, clock.GetUtcNow().AddSeconds(wait));
        // Of several requests that see the full window, only one extends it.
        await Of(limit.Key).Where(c => c.Strikes == seen && c.EndsAt == seenEnd).ExecuteUpdateAsync(
            set => set.SetProperty(c => c.Strikes, seen + 1).SetProperty(c => c.EndsAt, ends),
            cancellation);
    }

    private IQueryable<AttemptCounter> Of(string key) => db.Set<AttemptCounter>().Where(c => c.Key == key);

    private async Task<bool> AddAsync(string key, DateTimeOffset ends, CancellationToken cancellation)
    {
        return !await Of(key).AnyAsync(cancellation) && await db.TryAddAsync(new AttemptCounter { Key = key, Taken = 1, EndsAt = ends }, cancellation);
    }
}
