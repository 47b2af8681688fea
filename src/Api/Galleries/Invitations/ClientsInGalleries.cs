using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Clients;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Invitations;

/// <summary>A deleted client's invitations go, and the devices that they opened are signed out; visitors stay.</summary>
internal sealed class ClientsInGalleries(ProofsheetDb db, TimeProvider clock) : IClientReferences
{
    public async Task RemoveAsync(Id<Client> client, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        // A device that opens a link at this moment is signed out, too, or does not get in.
        await db.LockAsync(db.Set<GalleryInvitation>().Where(i => i.ClientId == client), cancellation);
        var invitations = await db.Set<GalleryInvitation>().Where(i => i.ClientId == client).ToListAsync(cancellation);
        await db.RevokeSessionsAsync(invitations.ConvertAll(i => i.Id), now, cancellation);
        db.RemoveRange(invitations);
        foreach (var visitor in await db.Set<Visitor>().Where(v => v.ClientId == client).ToListAsync(cancellation))
        {
            (visitor.ClientId, visitor.EmailVerifiedAt) = (null, null);
        }

        await db.SaveChangesAsync(cancellation);
    }
}
