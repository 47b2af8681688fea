using Proofsheet.Api.Archives.Zip;
using Proofsheet.Api.Storage;

namespace Proofsheet.Api.Archives;

/// <summary>Sends archives from the store.</summary>
internal sealed class ArchiveFiles(IObjectStore store, TimeProvider clock)
{
    // Looking up an object in a remote store takes milliseconds; one after the other, 70,000 of them would take minutes.
    private const int LooksAtOnce = 32;
    private static readonly TimeSpan LookLasts = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The first file that this part needs and that is no longer in the store as it was, or null. A check of the whole archive is valid for
    /// a minute, so that a download in many parts does not check everything each time.
    /// </summary>
    public async Task<int?> FindMissingAsync(Archive archive, RequestedPart part, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (part.Length == 0 || archive.WasWhole(now, LookLasts))
        {
            return null;
        }

        var layout = archive.Layout;
        var (first, end) = (layout.EntryAt(part.From), Math.Min(layout.Count, layout.EntryAt(part.From + part.Length - 1) + 1));
        var missing = int.MaxValue;
        await Parallel.ForAsync(first, end, new ParallelOptions { MaxDegreeOfParallelism = LooksAtOnce, CancellationToken = cancellation }, async (entry, ct) =>
        {
            if (entry < Volatile.Read(ref missing) && (await store.StatAsync(archive.Keys[entry], ct))?.Length != layout.LengthOf(entry))
            {
                InterlockedMin(ref missing, entry);
            }
        });
        if (missing != int.MaxValue)
        {
            return missing;
        }

        if (first == 0 && end == layout.Count)
        {
            archive.IsWhole(now);
        }

        return null;
    }

    /// <param name="unsent">Called with the number of bytes that were not sent, if the transfer breaks.</param>
    public FileAnswer Answer(Archive archive, RequestedPart part, string fileName, Func<long, Task>? unsent = null) =>
        new(part, "application/zip", fileName, (to, from, length, ct) => new ZipWriter(archive.Layout, OpenAsync(archive)).WriteAsync(to, from, length, ct))
        {
            Length = archive.Layout.Length,
            ETag = archive.ETag,
            ModifiedAt = archive.ModifiedAt,
            Unsent = unsent,
        };

    private OpenEntry OpenAsync(Archive archive) => async (entry, offset, length, cancellation) =>
        (await store.OpenAsync(archive.Keys[entry], offset, length, cancellation))?.Content ?? throw new IOException("A file of the archive went away while it was sent.");

    private static void InterlockedMin(ref int place, int value)
    {
        for (var seen = Volatile.Read(ref place); value < seen; seen = Volatile.Read(ref place))
        {
            if (Interlocked.CompareExchange(ref place, value, seen) == seen)
            {
                return;
            }
        }
    }
}
