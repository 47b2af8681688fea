using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Uploads;

/// <summary>
/// Where a new photo goes in its gallery. Photos that were uploaded together (an upload group) are next to each other in the order of their file names,
/// whichever arrived first; a group begins after all photos that were there when its first one arrived. Photos already there keep their order: what the
/// studio has arranged stays, and a new photo is put directly after the one of its group whose name comes before its own.
/// </summary>
internal static partial class UploadPlaces
{
    public const int MaxGroupLength = 64;
    public const string GroupPattern = "^[A-Za-z0-9_-]{1,64}$";
    public const string GroupError = "1 to 64 letters, digits, - and _.";

    // Made at once where photos are so close that none fits between, so that it is rarely needed.
    private const long Room = Photo.PositionGap << 8;

    public static string NewGroup() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    public static bool IsGroup(string text) => Group().IsMatch(text);

    /// <summary>The new photo's position. The caller holds the gallery's lock.</summary>
    public static async Task<long> PlaceAsync(ProofsheetDb db, Photo photo, DateTimeOffset now, CancellationToken cancellation)
    {
        var gallery = db.Set<Photo>().Where(p => p.GalleryId == photo.GalleryId);
        var (name, group) = (photo.SortName, photo.UploadGroup);
        if (group is null)
        {
            return await EndAsync(gallery, cancellation);
        }

        var together = gallery.Where(p => p.UploadGroup == group);
#pragma warning disable CA1309 // Not compared here: it becomes SQL, so that the database sorts and compares by the same rules.
        var before = await Places(together.Where(p => string.Compare(p.SortName, name) <= 0).OrderByDescending(p => p.SortName).ThenByDescending(p => p.Position).ThenByDescending(p => p.Id))
            .FirstOrDefaultAsync(cancellation);
#pragma warning restore CA1309
        if (before is not null)
        {
            var next = await Places(gallery.Where(p => p.Position > before.Position || (p.Position == before.Position && p.Id > before.Id)).OrderBy(p => p.Position).ThenBy(p => p.Id))
                .FirstOrDefaultAsync(cancellation);
            return next is null ? before.Position + Photo.PositionGap : await BetweenAsync(gallery, before.Position, next, isNearNext: false, now, cancellation);
        }

        var after = await Places(together.OrderBy(p => p.SortName).ThenBy(p => p.Position).ThenBy(p => p.Id)).FirstOrDefaultAsync(cancellation);
        if (after is null)
        {
            return await EndAsync(gallery, cancellation);
        }

        var previous = await gallery.Where(p => p.Position < after.Position || (p.Position == after.Position && p.Id < after.Id)).MaxAsync(p => (long?)p.Position, cancellation);
        return previous is { } below ? await BetweenAsync(gallery, below, after, isNearNext: true, now, cancellation) : after.Position - Photo.PositionGap;
    }

    private static async Task<long> EndAsync(IQueryable<Photo> gallery, CancellationToken cancellation) =>
        (await gallery.MaxAsync(p => (long?)p.Position, cancellation) ?? 0) + Photo.PositionGap;

    private static async Task<long> BetweenAsync(IQueryable<Photo> gallery, long below, Place next, bool isNearNext, DateTimeOffset now, CancellationToken cancellation)
    {
        var above = next.Position;
        if (above - below < 2)
        {
            // There is no room between the two, so all photos from the next one on move back together.
            await gallery.MoveBackAsync(next.Position, next.Id, Room, now, cancellation);
            above += Room;
        }

        // As far from the one as photos usually are, so that the room lasts for many that come in the opposite order.
        var step = Math.Min((above - below) / 2, Photo.PositionGap);
        return isNearNext ? above - step : below + step;
    }

    private static IQueryable<Place> Places(IQueryable<Photo> photos) => photos.Select(p => new Place(p.Id, p.Position));

    private sealed record Place(Id<Photo> Id, long Position);

    [GeneratedRegex(GroupPattern)]
    private static partial Regex Group();
}
