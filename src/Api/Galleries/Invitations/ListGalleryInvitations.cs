using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Invitations;

internal static class ListGalleryInvitations
{
    public static void MapListGalleryInvitations(this IEndpointRouteBuilder routes) => routes
        .MapGet("/galleries/{galleryId}/invitations", HandleAsync)
        .WithName("ListGalleryInvitations")
        .WithTags("Visitors")
        .WithSummary("List a gallery's invitations")
        .WithDescription("Newest first, including those that have ended or were revoked. Their links are never shown again.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesRead);

    private static async Task<Results<Ok<Page<GalleryInvitationResponse>>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, Caller caller, ProofsheetDb db, Paging paging, [AsParameters] PageQuery page, CancellationToken cancellation)
    {
        if (await db.FindGalleryAsync(caller, galleryId, cancellation) is null)
        {
            return Problems.NotFound("gallery");
        }

        return await paging.NewestFirstAsync(
            page, $"gallery-invitations:{galleryId}", db.Set<GalleryInvitation>().AsNoTracking().Where(i => i.GalleryId == galleryId), i => i.ToResponse(), cancellation);
    }

    /// <summary>An invitation of this gallery, tracked.</summary>
    public static Task<GalleryInvitation?> FindInvitationAsync(this ProofsheetDb db, Id<Gallery> gallery, Id<GalleryInvitation> id, CancellationToken cancellation) =>
        db.Set<GalleryInvitation>().SingleOrDefaultAsync(i => i.Id == id && i.GalleryId == gallery, cancellation);
}
