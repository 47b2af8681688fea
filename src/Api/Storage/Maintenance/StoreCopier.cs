using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Proofsheet.Api.Storage.Remote;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Storage.Maintenance;

/// <summary>
/// Copies every object that a row needs to another store. It may run while the API is in use, and repeatedly: existing objects are left
/// alone. Before a problem is reported, the row and the object are read again.
/// </summary>
internal sealed class StoreCopier(IServiceScopeFactory scopes, IObjectStore from, IObjectStore to, Pace pace, bool isCheck)
{
    // Each copy mostly waits for a disk flush or for the store to respond.
    private const int CopiesAtOnce = 8;
    private const int Some = 500;

    private readonly ObjectCheck _source = new(from, pace);
    private readonly ObjectCheck _target = new(to, pace);
    private readonly ConcurrentQueue<StoreFinding> _failures = [];
    private long _objects;
    private long _copied;

    public long Objects => Interlocked.Read(ref _objects);

    public long Copied => Interlocked.Read(ref _copied);

    public IReadOnlyCollection<StoreFinding> Failures => _failures;

    /// <exception cref="StoreFullException">The other store has no room left.</exception>
    /// <exception cref="StoreUnavailableException">One of the two stores does not respond.</exception>
    public async Task CopyAsync(Id<Tenant> studio, Action step, CancellationToken cancellation)
    {
        var together = new ParallelOptions { MaxDegreeOfParallelism = CopiesAtOnce, CancellationToken = cancellation };
        await using var scope = scopes.CreateStudioScope(studio);
        foreach (var names in scope.ServiceProvider.GetServices<IObjectReferenceSource>())
        {
            // First the objects that must exist, with what their rows say about them, then others that are needed: watermarked pictures, parts of uploads, lists.
            var seen = new HashSet<ObjectKey>();
            await Parallel.ForEachAsync(ReferencesAsync(names, studio, seen, cancellation), together, async (named, ct) =>
            {
                await CopyAsync(studio, named, mustBeThere: true, ct);
                step();
            });
            await Parallel.ForEachAsync(OthersAsync(names.PrefixOf(studio), studio, seen, cancellation), together, async (named, ct) =>
            {
                await CopyAsync(studio, named, mustBeThere: false, ct);
                step();
            });
        }
    }

    private static async IAsyncEnumerable<ObjectReference> ReferencesAsync(IObjectReferenceSource names, Id<Tenant> studio, HashSet<ObjectKey> seen, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var named in names.ReferencesAsync(studio, since: default, after: null, cancellation))
        {
            seen.Add(named.Key);
            yield return named;
        }
    }

    private async IAsyncEnumerable<ObjectReference> OthersAsync(ObjectPrefix prefix, Id<Tenant> studio, HashSet<ObjectKey> seen, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var some in from.ListAsync(prefix, cancellation).Where(item => !seen.Contains(item.Key)).Chunk(Some).WithCancellation(cancellation))
        {
            foreach (var key in await scopes.NeededAsync(studio, some, cancellation))
            {
                yield return new ObjectReference(key, null, null);
            }
        }
    }

    private async Task CopyAsync(Id<Tenant> studio, ObjectReference named, bool mustBeThere, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _objects);
        if (await IsThereAsync(named, cancellation))
        {
            return;
        }

        var problem = await TryCopyAsync(named, cancellation);
        if (problem is not null && await IsStillNeededAsync(studio, named, cancellation))
        {
            problem = await TryCopyAsync(named, cancellation);
        }

        if (problem is null)
        {
            Interlocked.Increment(ref _copied);
        }
        else if ((mustBeThere || problem != "missing") && await IsStillNeededAsync(studio, named, cancellation))
        {
            _failures.Enqueue(new StoreFinding(studio.ToString(), named.Key.Value, problem));
        }
    }

    /// <summary>Compares the length. If no row has a hash of the content, also the age, since the object may have been rewritten.</summary>
    private async Task<bool> IsThereAsync(ObjectReference named, CancellationToken cancellation)
    {
        if (await to.StatAsync(named.Key, cancellation) is not { } there)
        {
            return false;
        }

        if (named is not { Length: not null, Sha256: not null })
        {
            // If the object was lost here after it was copied, the copy there is worth keeping.
            var source = await from.StatAsync(named.Key, cancellation) ?? there;
            if (named.Sha256 is null && there.WrittenAt < source.WrittenAt)
            {
                return false;
            }

            named = named with { Length = named.Length ?? source.Length };
        }

        return there.Length == named.Length && (!isCheck || await _target.ProblemOfAsync(await WithContentAsync(named, cancellation), cancellation) is null);
    }

    private async Task<ObjectReference> WithContentAsync(ObjectReference named, CancellationToken cancellation) =>
        named with { Sha256 = named.Sha256 ?? await _source.Sha256Async(named.Key, cancellation) };

    private async Task<string?> TryCopyAsync(ObjectReference named, CancellationToken cancellation)
    {
        try
        {
            await using var reader = await OpenAsync(named.Key, cancellation);
            if (reader is null)
            {
                return "missing";
            }

            if (named.Length is { } length && reader.ObjectLength != length)
            {
                return "wrong_length";
            }

            await using var content = new CheckedStream(reader, named, pace);
            var stored = await to.PutAsync(named.Key, content, cancellation: cancellation);
            return stored == content.Passed && (await to.StatAsync(named.Key, cancellation))?.Length == stored.Length ? null : "not_kept";
        }
        catch (ObjectDamagedException e)
        {
            return e.Problem;
        }
    }

    private async Task<ObjectReader?> OpenAsync(ObjectKey key, CancellationToken cancellation)
    {
        try
        {
            return await from.OpenAsync(key, cancellation: cancellation);
        }
        catch (IOException e) when (e is not StoreUnavailableException)
        {
            throw new ObjectDamagedException("unreadable", e);
        }
    }

    private async Task<bool> IsStillNeededAsync(Id<Tenant> studio, ObjectReference named, CancellationToken cancellation) =>
        (await scopes.NeededAsync(studio, [new ObjectStat(named.Key, named.Length ?? 0, DateTimeOffset.MaxValue)], cancellation)).Count > 0;
}
