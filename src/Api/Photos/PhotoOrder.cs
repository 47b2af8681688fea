using System.Globalization;
using Proofsheet.Api.Http;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Photos;

internal enum PhotoSort
{
    /// <summary>As the studio arranged them.</summary>
    Position,

    /// <summary>By the time they were taken, or uploaded if that is unknown.</summary>
    TakenAt,

    /// <summary>By file name, comparing numbers by value.</summary>
    Name,
}

/// <summary>
/// An order of a gallery's photos, with its position in a cursor. Each order ends with the id, so that no two photos share a
/// position, and none is skipped or repeated while photos are added and removed.
/// </summary>
internal sealed record PhotoOrder(string Name, Func<IQueryable<Photo>, string?, Id<Photo>, IQueryable<Photo>> Continue, Func<Photo, string> Key)
{
    private static readonly PhotoOrder ByPosition = new("position", AfterPosition, p => Cursors.Number(p.Position));

    private static readonly PhotoOrder ByTime = new("taken_at", AfterTime, p => Cursors.Number(p.OrderedAt.UtcTicks));

    private static readonly PhotoOrder ByName = new("name", AfterName, p => p.SortName);

    public static PhotoOrder Of(PhotoSort sort) => sort switch
    {
        PhotoSort.TakenAt => ByTime,
        PhotoSort.Name => ByName,
        _ => ByPosition,
    };

    public string Write(Photo last) => $"{last.Id.ToStored()} {Key(last)}";

    /// <param name="photos">All of them.</param>
    /// <param name="place">What <see cref="Write"/> returned; null for the beginning.</param>
    public IQueryable<Photo> After(IQueryable<Photo> photos, string? place)
    {
        var parts = place?.Split(' ', 2);
        return Continue(photos, parts?[1], parts is null ? default : Id<Photo>.FromStored(parts[0]));
    }

    private static IOrderedQueryable<Photo> AfterPosition(IQueryable<Photo> photos, string? key, Id<Photo> id)
    {
        if (key is not null)
        {
            var position = long.Parse(key, CultureInfo.InvariantCulture);
            photos = photos.Where(p => p.Position > position || (p.Position == position && p.Id > id));
        }

        return photos.OrderBy(p => p.Position).ThenBy(p => p.Id);
    }

    private static IOrderedQueryable<Photo> AfterTime(IQueryable<Photo> photos, string? key, Id<Photo> id)
    {
        if (key is not null)
        {
            var at = new DateTimeOffset(long.Parse(key, CultureInfo.InvariantCulture), TimeSpan.Zero);
            photos = photos.Where(p => p.OrderedAt > at || (p.OrderedAt == at && p.Id > id));
        }

        return photos.OrderBy(p => p.OrderedAt).ThenBy(p => p.Id);
    }

    // The database does both the comparing and the sorting, so both follow the same rules in any collation.
    private static IOrderedQueryable<Photo> AfterName(IQueryable<Photo> photos, string? key, Id<Photo> id)
    {
        if (key is not null)
        {
#pragma warning disable CA1309 // Not compared here: it becomes SQL.
            photos = photos.Where(p => string.Compare(p.SortName, key) > 0 || (p.SortName == key && p.Id > id));
#pragma warning restore CA1309
        }

        return photos.OrderBy(p => p.SortName).ThenBy(p => p.Id);
    }
}
