using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Invitations;

internal static class RevokeGalleryInvitation
{
    public static void MapRevokeGalleryInvitation(this IEndpointRouteBuilder routes) => routes
        .MapDelete("/galleries/{galleryId}/invitations/{galleryInvitationId}", HandleAsync)
        .WithName("RevokeGalleryInvitation")
        .WithTags("Visitors")
        .WithSummary("Revoke a gallery's invitation")
        .WithDescription("The link stops working, and devices that opened it are signed out at once. Revoking the invitation again changes nothing.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesWrite);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, Id<GalleryInvitation> galleryInvitationId, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var invitation = await db.FindInvitationAsync(galleryId, galleryInvitationId, cancellation);
        if (invitation is null)
        {
            return Problems.NotFound("invitation");
        }

        invitation.RevokedAt ??= now;
        foreach (var session in await db.Set<VisitorSession>().Where(s => s.InvitationId == galleryInvitationId && s.RevokedAt == null).ToListAsync(cancellation))
        {
            session.RevokedAt = now;
        }

        await db.SaveChangesAsync(cancellation);

        return TypedResults.NoContent();
    }
}
