using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>A gallery's budget of wrong guesses is used up. Published once, until an hour has passed in which it was not.</summary>
/// <param name="GalleryId">The gallery.</param>
/// <param name="Guesses">How many wrong guesses there have been since.</param>
/// <param name="Since">When the first of them was made.</param>
internal sealed record GuessingNoticed(Id<Gallery> GalleryId, int Guesses, DateTimeOffset Since) : IOutboxEvent
{
    public static string EventName => "galleries.guessing_noticed";
}

/// <summary>Counts wrong guesses from all addresses, which no limit by address sees. Nothing is refused here: the counts only tighten the limits.</summary>
internal sealed class GuessWatch(AttemptCounters counters, ProofsheetDb db, TenantContext tenant, IOptions<UnlockOptions> options, TimeProvider clock, ILogger<GuessWatch> log)
{
    private const string Overall = "overall";
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>True while the gallery, or the whole installation, is being guessed at. An alarm is kept in a counter's strikes.</summary>
    public Task<bool> IsAlarmedAsync(Id<Gallery> gallery, string door, CancellationToken cancellation)
    {
        var (key, now) = (KeyOf(gallery, door), clock.GetUtcNow());
        return db.Set<AttemptCounter>().AnyAsync(c => (c.Key == key || c.Key == Overall) && c.Strikes > 0 && c.EndsAt > now, cancellation);
    }

    public async Task CountAsync(Id<Gallery> gallery, string door, CancellationToken cancellation)
    {
        var (key, budget) = (KeyOf(gallery, door), options.Value.GuessBudget);
        await CountAsync(key, budget, cancellation);
        // The alarm and its event are one transaction, so that a crash between them cannot lose the event.
        await db.InTransactionAsync(
            async () =>
            {
                if (await RaiseAsync(key, budget, cancellation))
                {
                    var counter = await Of(key).AsNoTracking().SingleAsync(cancellation);
                    db.Publish(tenant.Current, new GuessingNoticed(gallery, counter.Taken, counter.EndsAt - Window), clock.GetUtcNow());
                    await db.SaveChangesAsync(cancellation);
                    log.LogWarning("{Guesses} wrong guesses within an hour at {Gallery}", counter.Taken, gallery);
                }

                return true;
            },
            cancellation);

        await CountAsync(Overall, options.Value.GuessBudgetOverall, cancellation);
        if (await RaiseAsync(Overall, options.Value.GuessBudgetOverall, cancellation))
        {
            log.LogWarning("More than {Guesses} wrong guesses within an hour at the galleries of all studios", options.Value.GuessBudgetOverall);
        }
    }

    /// <summary>A right guess makes up for a wrong one: a crowd that mistypes is no attack, and whoever knows the secret has nothing to guess.</summary>
    public Task ForgiveAsync(Id<Gallery> gallery, string door, CancellationToken cancellation) => counters.GiveBackAsync(KeyOf(gallery, door), cancellation);

    private static string KeyOf(Id<Gallery> gallery, string door) => $"{door}:{gallery}";

    private IQueryable<AttemptCounter> Of(string key) => db.Set<AttemptCounter>().Where(c => c.Key == key);

    /// <summary>An alarm outlives its window only if that window, too, used up the budget and ended less than a window ago.</summary>
    private async Task CountAsync(string key, int budget, CancellationToken cancellation)
    {
        while (true)
        {
            var now = clock.GetUtcNow();
            var (ends, before) = (now + Window, now - Window);
            if (await Of(key).Where(c => c.EndsAt > now).ExecuteUpdateAsync(set => set.SetProperty(c => c.Taken, c => c.Taken + 1), cancellation) > 0
                || await Of(key).Where(c => c.EndsAt <= now).ExecuteUpdateAsync(
                    set => set
                        .SetProperty(c => c.Strikes, c => c.Taken >= budget && c.EndsAt > before ? c.Strikes : 0)
                        .SetProperty(c => c.Taken, 1)
                        .SetProperty(c => c.EndsAt, ends),
                    cancellation) > 0
                || (!await Of(key).AnyAsync(cancellation) && await db.TryAddAsync(new AttemptCounter { Key = key, Taken = 1, EndsAt = ends }, cancellation)))
            {
                return;
            }

            // Another request started the window in the meantime: try again.
        }
    }

    /// <summary>True for the one request that raised the alarm.</summary>
    private async Task<bool> RaiseAsync(string key, int budget, CancellationToken cancellation) =>
        await Of(key).Where(c => c.Taken >= budget && c.Strikes == 0).ExecuteUpdateAsync(set => set.SetProperty(c => c.Strikes, 1), cancellation) > 0;
}
