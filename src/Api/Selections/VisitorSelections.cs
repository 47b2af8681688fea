using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Selections;

/// <summary>Moves and copies selections when two visitors turn out to be one person. A name that the visitor has already gets a number.</summary>
internal sealed class VisitorSelections(ProofsheetDb db, TimeProvider clock) : IVisitorBelongings
{
    private const int MaxName = 100;

    public async Task MoveAsync(Id<Visitor> from, Id<Visitor> to, CancellationToken cancellation)
    {
        var names = await NamesAsync(to, cancellation);
        foreach (var selection in await db.Set<Selection>().Where(s => s.VisitorId == from).OrderBy(s => s.Id).ToListAsync(cancellation))
        {
            (selection.VisitorId, selection.Name) = (to, Free(selection.Name, names));
            names.Add(selection.Name);
        }

        await db.SaveChangesAsync(cancellation);
    }

    public async Task CopyAsync(Id<Visitor> from, Id<Visitor> to, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var names = await NamesAsync(to, cancellation);
        var had = (await PicksAsync(to, cancellation)).Select(picks => picks.Select(p => p.PhotoId).ToHashSet()).ToList();
        var sources = await db.Set<Selection>().AsNoTracking().Where(s => s.VisitorId == from).ToDictionaryAsync(s => s.Id, cancellation);
        foreach (var picks in await PicksAsync(from, cancellation))
        {
            if (names.Count >= Selection.MaxPerVisitor || had.Exists(picks.Select(p => p.PhotoId).ToHashSet().IsSubsetOf))
            {
                continue;
            }

            var source = sources[picks.Key];
            var copy = new Selection
            {
                Id = Id<Selection>.New(now), GalleryId = source.GalleryId, VisitorId = to, Name = Free(source.Name, names), Note = source.Note, CreatedAt = now,
            };
            db.Add(copy);
            db.AddRange(picks.Select(p => new Pick { SelectionId = copy.Id, PhotoId = p.PhotoId, PhotoVersion = p.PhotoVersion, Note = p.Note, PickedAt = p.PickedAt }));
            names.Add(copy.Name);
        }

        await db.SaveChangesAsync(cancellation);
    }

    private async Task<HashSet<string>> NamesAsync(Id<Visitor> visitor, CancellationToken cancellation) =>
        new(await db.Set<Selection>().Where(s => s.VisitorId == visitor).Select(s => s.Name).ToListAsync(cancellation), StringComparer.OrdinalIgnoreCase);

    private async Task<IEnumerable<IGrouping<Id<Selection>, Pick>>> PicksAsync(Id<Visitor> visitor, CancellationToken cancellation) =>
        (await db.Set<Pick>().AsNoTracking().Where(p => db.Set<Selection>().Any(s => s.Id == p.SelectionId && s.VisitorId == visitor)).OrderBy(p => p.SelectionId).ToListAsync(cancellation))
            .GroupBy(p => p.SelectionId);

    private static string Free(string name, HashSet<string> taken)
    {
        var free = name;
        for (var number = 2; taken.Contains(free); number++)
        {
            var end = $" {number}";
            free = name[..Math.Min(name.Length, MaxName - end.Length)] + end;
        }

        return free;
    }
}
