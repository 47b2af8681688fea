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
        var invitations = await db.Set<GalleryInvitation>().Where(i => i.ClientId == client).ToListAsync(cancellation);
        var ids = invitations.ConvertAll(i => (Id<GalleryInvitation>?)i.Id);
        foreach (var session in await db.Set<VisitorSession>().Where(s => ids.Contains(s.InvitationId) && s.RevokedAt == null).ToListAsync(cancellation))
        {
            session.RevokedAt = now;
        }

        db.RemoveRange(invitations);
        foreach (var visitor in await db.Set<Visitor>().Where(v => v.ClientId == client).ToListAsync(cancellation))
        {
            (visitor.ClientId, visitor.EmailVerifiedAt) = (null, null);
        }

        await db.SaveChangesAsync(cancellation);
    }
}
