using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Storage.Maintenance;

/// <summary>
/// Reads every object that a row refers to and compares it. It may run while the API is in use: before a problem is reported,
/// the rows and the object are read again. A confirmed problem is repaired at once if that was requested.
/// </summary>
internal sealed class StoreVerifier(IServiceScopeFactory scopes, IObjectStore store, OrphanSweeper sweeper, Pace pace, VerifyRun run)
{
    private readonly ObjectCheck _check = new(store, pace);
    private readonly StoreRepairs _repairs = new(scopes, store, new ObjectCheck(store, pace));

    /// <summary>Verifies the studios in the order of their ids, from where the run stopped.</summary>
    /// <param name="studios">All requested studios.</param>
    /// <param name="step">Awaited whenever the run has changed, with the number of completed studios.</param>
    /// <param name="cancellation">Leaves the run as it was after the last object.</param>
    public async Task VerifyAsync(IReadOnlyList<Id<Tenant>> studios, Func<int, Task> step, CancellationToken cancellation)
    {
        foreach (var (done, studio) in studios.Order().Index())
        {
            if (run.Studio is not { } at || studio > at || (studio == at && run.Key is not null))
            {
                await VerifyAsync(studio, studio == run.Studio && run.Key is { } key ? ObjectKey.Parse(key) : null, () => step(done), cancellation);
            }
        }

        run.IsFinished = true;
    }

    private async Task VerifyAsync(Id<Tenant> studio, ObjectKey? after, Func<Task> step, CancellationToken cancellation)
    {
        await using (var scope = scopes.CreateStudioScope(studio))
        {
            var sources = scope.ServiceProvider.GetServices<IObjectReferenceSource>().ToList();
            var first = after is { } last ? sources.FindIndex(names => names.PrefixOf(studio).Covers(last)) : 0;
            foreach (var (at, names) in sources.Index().Skip(first))
            {
                await foreach (var named in names.ReferencesAsync(studio, run.Options.Since, at == first ? after : null, cancellation))
                {
                    var before = pace.Bytes;
                    var finding = await FindAsync(studio, named, cancellation);
                    run.Findings.AddRange(finding is null ? [] : [finding]);
                    (run.Objects, run.Bytes) = (run.Objects + 1, run.Bytes + pace.Bytes - before);
                    (run.Studio, run.Key) = (studio, named.Key.Value);
                    await step();
                }
            }
        }

        var orphans = await sweeper.OrphansAsync(studio, cancellation);
        var deleted = run.Options.Fix ? await sweeper.SweepAsync(studio, cancellation) : 0;
        run.Orphans.AddRange(orphans.Select(o => o.Key.Value));
        run.OrphansDeleted += deleted;
        (run.Studio, run.Key) = (studio, null);
        await step();
    }

    private async Task<StoreFinding?> FindAsync(Id<Tenant> studio, ObjectReference named, CancellationToken cancellation) =>
        await _check.ProblemOfAsync(named, cancellation) is not null && await IsStillNamedAsync(studio, named, cancellation)
        && await _check.ProblemOfAsync(named, cancellation) is { } problem && await IsStillNamedAsync(studio, named, cancellation)
            ? new StoreFinding(studio.ToString(), named.Key.Value, problem, run.Options.Repair ? await _repairs.RepairAsync(studio, named, cancellation) : null)
            : null;

    /// <summary>The row may have been purged or changed in the meantime.</summary>
    private async Task<bool> IsStillNamedAsync(Id<Tenant> studio, ObjectReference named, CancellationToken cancellation) =>
        (await scopes.NeededAsync(studio, [new ObjectStat(named.Key, named.Length ?? 0, DateTimeOffset.MaxValue)], cancellation)).Count > 0;
}
