using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
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

    private static Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, Id<GalleryInvitation> galleryInvitationId, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation) =>
        db.InTransactionAsync<Results<NoContent, ProblemHttpResult>>(
            async () =>
            {
                var now = clock.GetUtcNow();
                // A device that opens the link at this moment is signed out, too, or does not get in.
                await db.LockAsync(db.Set<GalleryInvitation>().Where(i => i.Id == galleryInvitationId && i.GalleryId == galleryId), cancellation);
                var invitation = await db.FindInvitationAsync(galleryId, galleryInvitationId, cancellation);
                if (invitation is null)
                {
                    return Problems.NotFound("invitation");
                }

                invitation.RevokedAt ??= now;
                await db.RevokeSessionsAsync([invitation.Id], now, cancellation);
                await db.SaveChangesAsync(cancellation);

                return TypedResults.NoContent();
            },
            cancellation);

    /// <summary>Signs out the devices that these invitations opened.</summary>
    public static Task<int> RevokeSessionsAsync(this ProofsheetDb db, IReadOnlyCollection<Id<GalleryInvitation>> invitations, DateTimeOffset now, CancellationToken cancellation) =>
        db.Set<VisitorSession>().Where(s => s.InvitationId != null && invitations.Contains(s.InvitationId.Value) && s.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.RevokedAt, now).SetUpdated(now), cancellation);
}
