using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Media.Cache;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Photos.Processing;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Media;

/// <summary>Originals, masters, renditions and watermarked pictures.</summary>
internal sealed class PhotoObjects(ProofsheetDb db, GalleryMarks marks, TimeProvider clock) : IObjectReferenceSource
{
    public static readonly TimeSpan WatermarkedAge = TimeSpan.FromDays(30);
    private const int Some = 200;

    public ObjectPrefix PrefixOf(Id<Tenant> studio) => PhotoFiles.AllOf(studio);

    public async Task<IReadOnlySet<ObjectKey>> NeededAsync(Id<Tenant> studio, IReadOnlyCollection<ObjectStat> objects, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var kept = new Dictionary<Id<Photo>, KeptFiles>();
        foreach (var photos in objects.Select(o => PhotoOf(o.Key)).Distinct().Chunk(Some))
        {
            await FindAsync(photos, kept, cancellation);
        }

        return objects.Where(o => IsNeeded(o, kept, now)).Select(o => o.Key).ToHashSet();
    }

    public async IAsyncEnumerable<ObjectReference> ReferencesAsync(Id<Tenant> studio, DateTimeOffset since, ObjectKey? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var ids = await db.Set<Photo>().Where(p => p.PurgedAt == null && p.CreatedAt >= since && p.Status != PhotoStatus.Uploading).Select(p => p.Id).ToListAsync(cancellation);
        // Sorted here and not in the query, because "after" compares ids in the same order.
        ids.Sort();
        var last = after is { } key ? PhotoOf(key) : default;
        foreach (var some in ids.Where(id => id >= last).Chunk(Some))
        {
            var photos = await db.Set<Photo>().AsNoTracking().Where(p => some.Contains(p.Id) && p.PurgedAt == null).ToListAsync(cancellation);
            foreach (var named in photos.OrderBy(p => p.Id).SelectMany(p => p.Id == last ? Behind(after!.Value, Named(studio, p)) : Named(studio, p)))
            {
                yield return named;
            }
        }
    }

    /// <summary>Originals with the same bytes, such as one that was copied from another gallery.</summary>
    public async Task<IReadOnlyList<ObjectKey>> TwinsAsync(Id<Tenant> studio, ObjectReference lost, CancellationToken cancellation)
    {
        var twins = await db.Set<Photo>().Where(p => p.CurrentVersion.Sha256 == lost.Sha256 && p.CurrentVersion.Bytes == lost.Length && p.PurgedAt == null && p.Status != PhotoStatus.Uploading)
            .Select(p => p.Id).ToListAsync(cancellation);
        return [.. twins.Select(id => PhotoFiles.Original(studio, id)).Where(key => key != lost.Key)];
    }

    /// <summary>
    /// Requests that the photo is processed again, if its original matches its row. The new files get the keys of a new version, so
    /// nothing is overwritten. A deleted photo is processed when it is restored.
    /// </summary>
    public async Task<ObjectRepair> MakeAgainAsync(Id<Tenant> studio, ObjectReference lost, ObjectCheck check, CancellationToken cancellation)
    {
        var id = PhotoOf(lost.Key);
        var original = PhotoFiles.Original(studio, id);
        for (var round = 1; ; round++)
        {
            db.ChangeTracker.Clear();
            var photo = await db.Set<Photo>().SingleOrDefaultAsync(p => p.Id == id && p.PurgedAt == null, cancellation);
            if (photo is { Status: PhotoStatus.Processing } && lost.Key != original)
            {
                return ObjectRepair.AskedFor;
            }

            if (photo is null || lost.Key == original || await check.ProblemOfAsync(Original(studio, photo), cancellation) is not null)
            {
                return ObjectRepair.Impossible;
            }

            db.AskProcessing(studio, photo, clock.GetUtcNow());
            try
            {
                await db.SaveChangesAsync(cancellation);
                return ObjectRepair.AskedFor;
            }
            catch (DbUpdateConcurrencyException) when (round < 5)
            {
                // The photo was changed in the meantime, perhaps even processed.
            }
        }
    }

    private static IEnumerable<ObjectReference> Named(Id<Tenant> studio, Photo photo) =>
        Made(studio, photo).Prepend(Original(studio, photo));

    private static ObjectReference Original(Id<Tenant> studio, Photo photo) =>
        new(PhotoFiles.Original(studio, photo.Id), photo.CurrentVersion.Bytes, photo.CurrentVersion.Sha256);

    /// <summary>The references after the given key, or all of them if the photo has been processed again and no longer has that object.</summary>
    private static IEnumerable<ObjectReference> Behind(ObjectKey key, IEnumerable<ObjectReference> named)
    {
        var all = named.ToList();
        return all.Skip(all.FindIndex(n => n.Key == key) + 1);
    }

    private static IEnumerable<ObjectReference> Made(Id<Tenant> studio, Photo photo)
    {
        if (photo.Renditions.Count == 0)
        {
            yield break;
        }

        yield return new ObjectReference(PhotoFiles.Master(studio, photo.Id, photo.RenditionVersion), null, null);
        foreach (var rendition in photo.Renditions)
        {
            foreach (var (format, bytes) in rendition.Bytes)
            {
                yield return new ObjectReference(PhotoFiles.Clean(studio, photo.Id, photo.RenditionVersion, rendition.Size, format), bytes, null);
            }
        }
    }

    private async Task FindAsync(IReadOnlyList<Id<Photo>> photos, Dictionary<Id<Photo>, KeptFiles> kept, CancellationToken cancellation)
    {
        var found = await db.Set<Photo>().AsNoTracking().Where(p => photos.Contains(p.Id) && p.PurgedAt == null)
            .Select(p => new { p.Id, p.RenditionVersion, p.GalleryId }).ToListAsync(cancellation);
        var galleryIds = found.Select(p => p.GalleryId).Distinct().ToList();
        var folders = new Dictionary<Id<Gallery>, string>();
        foreach (var gallery in await db.Set<Gallery>().AsNoTracking().Where(g => galleryIds.Contains(g.Id)).ToListAsync(cancellation))
        {
            folders[gallery.Id] = PhotoFiles.WatermarkFolder + (await marks.OfAsync(gallery, visitor: null, cancellation)).FileName;
        }

        found.ForEach(p => kept[p.Id] = new(p.RenditionVersion, folders.GetValueOrDefault(p.GalleryId)));
    }

    private static bool IsNeeded(ObjectStat file, Dictionary<Id<Photo>, KeptFiles> kept, DateTimeOffset now)
    {
        if (!kept.TryGetValue(PhotoOf(file.Key), out var photo))
        {
            return false;
        }

        var segments = file.Key.Value.Split('/');
        if (segments.Length < 5)
        {
            return true;
        }

        // Files of a later version than the row's are being made right now, or will be overwritten by the next attempt.
        var isCurrent = !int.TryParse(segments[3].AsSpan(1), out var made) || made >= photo.Version;
        var isWatermarked = segments[4].StartsWith(PhotoFiles.WatermarkFolder, StringComparison.Ordinal);
        return isCurrent && (!isWatermarked || (segments[4] == photo.MarkFolder && file.WrittenAt >= now - WatermarkedAge));
    }

    private static Id<Photo> PhotoOf(ObjectKey key)
    {
        _ = Id<Photo>.TryRead($"{Photo.Prefix}_{key.Value.Split('/')[2]}", out var id);
        return id;
    }

    /// <param name="Version">The rendition version of the photo.</param>
    /// <param name="MarkFolder">The folder of the watermark that visitors see now; null if the gallery no longer exists.</param>
    private readonly record struct KeptFiles(int Version, string? MarkFolder);
}
