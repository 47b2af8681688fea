using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Photos;

internal static class PhotoPositions
{
    /// <summary>Moves this photo and all behind it back together, to make room before it.</summary>
    public static Task<int> MoveBackAsync(this IQueryable<Photo> photos, long position, Id<Photo> first, long room, DateTimeOffset now, CancellationToken cancellation) =>
        photos.Where(p => p.Position > position || (p.Position == position && p.Id >= first))
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.Position, p => p.Position + room).SetChanged(now), cancellation);
}
