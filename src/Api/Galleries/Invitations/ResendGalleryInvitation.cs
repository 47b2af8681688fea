using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Invitations;

internal static class ResendGalleryInvitation
{
    public static void MapResendGalleryInvitation(this IEndpointRouteBuilder routes) => routes
        .MapPost("/galleries/{galleryId}/invitations/{galleryInvitationId}/resend", HandleAsync)
        .WithName("ResendGalleryInvitation")
        .WithTags("Visitors")
        .WithSummary("Send a gallery's invitation again")
        .WithDescription("Sends a new link; the previous one stops working, but devices that opened it stay signed in. At most once a minute, and ten times in all.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.GalleriesWrite);

    private static async Task<Results<Ok<GalleryInvitationResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, Id<GalleryInvitation> galleryInvitationId, ProofsheetDb db, InvitationLinks links, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var invitation = await db.FindInvitationAsync(galleryId, galleryInvitationId, cancellation);
        var gallery = await db.Set<Gallery>().AsNoTracking().SingleOrDefaultAsync(g => g.Id == galleryId, cancellation);
        if (invitation is null || gallery is null)
        {
            return Problems.NotFound("invitation");
        }

        if (invitation.Email is null)
        {
            return Problems.Rule("client_without_email", "This invitation was not sent by email. Invite again with `CreateGalleryInvitation`.");
        }

        if (!invitation.IsLiveAt(now) || !gallery.IsOpenAt(now))
        {
            return Problems.Conflict("invitation_closed", "It has ended or was revoked, or visitors cannot open the gallery. Invite again with `CreateGalleryInvitation`.");
        }

        if (invitation.TimesSent >= GalleryInvitation.MaxSent || now - invitation.LastSentAt < GalleryInvitation.SendingPause)
        {
            return Problems.Conflict("invitation_just_sent", "An invitation is sent at most once a minute, and ten times in all.");
        }

        links.Send(db, invitation, invitation.Renew(), null, now);
        await db.SaveChangesAsync(cancellation);

        return TypedResults.Ok(invitation.ToResponse());
    }
}
