using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Clients;
using Proofsheet.Api.Data;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Visitors;

/// <summary>What other modules keep for a visitor.</summary>
internal interface IVisitorBelongings
{
    /// <summary>Gives everything to another visitor of the same gallery. Runs in a transaction.</summary>
    Task MoveAsync(Id<Visitor> from, Id<Visitor> to, CancellationToken cancellation);

    /// <summary>Gives another visitor of the same gallery copies of what was chosen, unless that visitor has them already. Runs in a transaction.</summary>
    Task CopyAsync(Id<Visitor> from, Id<Visitor> to, CancellationToken cancellation) => Task.CompletedTask;
}

/// <summary>Makes one of two visitors who are the same person.</summary>
internal sealed class VisitorMerging(ProofsheetDb db, IEnumerable<IVisitorBelongings> modules)
{
    /// <summary>Runs in a transaction. Sessions of the first visitor become the second one's, so the tokens that it holds keep working.</summary>
    public async Task MergeAsync(Visitor from, Visitor into, CancellationToken cancellation)
    {
        // Locks both rows in one order: concurrent merges wait for each other here.
        foreach (var id in new[] { from.Id, into.Id }.Order())
        {
            await db.Set<Visitor>().Where(v => v.Id == id).ExecuteUpdateAsync(set => set.SetProperty(v => v.LastSeenAt, v => v.LastSeenAt), cancellation);
        }

        await db.Entry(from).ReloadAsync(cancellation);
        await db.Entry(into).ReloadAsync(cancellation);
        if (from.MergedInto is not null || into.MergedInto is not null)
        {
            // While this one waited. The caller may try again with the visitors as they are now.
            throw new DbUpdateConcurrencyException("One of the visitors was merged in the meantime.");
        }

        foreach (var module in modules)
        {
            await module.MoveAsync(from.Id, into.Id, cancellation);
        }

        // A device shows orders of the person's other devices, and submits for the client, only if an address was proven on it.
        foreach (var session in await db.Set<VisitorSession>().Where(s => s.VisitorId == from.Id).ToListAsync(cancellation))
        {
            session.Become(into.Id);
        }

        // Visitors that were merged into this one before lead to the same person.
        foreach (var earlier in await db.Set<Visitor>().Where(v => v.MergedInto == from.Id).ToListAsync(cancellation))
        {
            earlier.MergedInto = into.Id;
        }

        into.Name ??= from.Name;
        into.ClientId ??= from.ClientId;
        into.Take(from.Role);
        from.MergedInto = into.Id;
        await db.SaveChangesAsync(cancellation);
    }

    public async Task CopyAsync(Id<Visitor> from, Id<Visitor> to, CancellationToken cancellation)
    {
        foreach (var module in modules)
        {
            await module.CopyAsync(from, to, cancellation);
        }
    }
}

internal static class VisitorFinding
{
    /// <summary>The visitor that a client is in a gallery, tracked; the earliest if there are several.</summary>
    public static Task<Visitor?> ClientsVisitorAsync(this ProofsheetDb db, Id<Gallery> gallery, Id<Client> client, CancellationToken cancellation) =>
        db.Set<Visitor>().Where(v => v.GalleryId == gallery && v.ClientId == client && v.MergedInto == null).OrderBy(v => v.Id).FirstOrDefaultAsync(cancellation);
}
