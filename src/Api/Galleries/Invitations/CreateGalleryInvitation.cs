using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Clients;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Galleries.Invitations;

internal sealed record CreateGalleryInvitationRequest
{
    public required Id<Client> ClientId { get; init; }

    public VisitorRole Role { get; init; } = VisitorRole.Main;

    /// <summary>Sends the link to the client's first email address. False if the studio passes the link on itself.</summary>
    public bool IsEmailed { get; init; } = true;

    /// <summary>A personal message in the email.</summary>
    [StringLength(2000)]
    public string? Message { get; init; }

    /// <summary>When the link stops working; 90 days from now if it is left out.</summary>
    public DateTimeOffset? EndsAt { get; init; }
}

internal static class CreateGalleryInvitation
{
    public static void MapCreateGalleryInvitation(this IEndpointRouteBuilder routes) => routes
        .MapPost("/galleries/{galleryId}/invitations", HandleAsync)
        .WithName("CreateGalleryInvitation")
        .WithTags("Visitors")
        .WithSummary("Invite a client to a gallery")
        .WithDescription("Makes a link that opens the gallery without its password or PIN, on any of the client's devices and as the same visitor. It works again until "
            + "it ends or is revoked. Fetching it does nothing, so mail scanners cannot use it up; `RedeemLink` opens it. The response has the link; it cannot be read again.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.GalleriesWrite);

    private static async Task<Results<Created<GalleryInvitationResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, CreateGalleryInvitationRequest request, Caller caller, ProofsheetDb db, TenantContext tenant, InvitationLinks links, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var gallery = await db.FindGalleryAsync(caller, galleryId, cancellation);
        if (gallery is null)
        {
            return Problems.NotFound("gallery");
        }

        if (gallery.Stage == GalleryStage.Archived || gallery.HasExpiredAt(now) || (request.IsEmailed && !gallery.IsOpenAt(now)))
        {
            return Problems.Rule("gallery_not_open", "Visitors cannot open this gallery. Publish it with `PublishGallery`, or set a later `expiresAt` with `UpdateGallery`.");
        }

        var client = await db.FindClientAsync(request.ClientId, cancellation);
        if (client is null)
        {
            return Problems.Rule("unknown_client", "The studio has no such client.", "clientId");
        }

        var email = client.Emails.OrderBy(e => e.Position).FirstOrDefault()?.Address;
        if (request.IsEmailed && email is null)
        {
            return Problems.Rule("client_without_email", "This client has no email address. Add one with `UpdateClient`, or pass the link on yourself.", "clientId");
        }

        if (request.EndsAt <= now)
        {
            return Problems.Rule("already_expired", "The end is in the past.", "endsAt");
        }

        var invitation = new GalleryInvitation
        {
            TenantId = tenant.Current,
            Id = Id<GalleryInvitation>.New(now),
            GalleryId = gallery.Id,
            ClientId = client.Id,
            Role = request.Role,
            Email = request.IsEmailed ? email : null,
            CreatedAt = now,
            EndsAt = request.EndsAt ?? now.AddDays(GalleryInvitation.DefaultDays),
        };
        var token = invitation.Renew();
        db.Add(invitation);
        if (request.IsEmailed)
        {
            links.Send(db, invitation, token, request.Message, now);
        }

        await db.SaveChangesAsync(cancellation);

        return TypedResults.Created($"/v1/galleries/{gallery.Id}/invitations/{invitation.Id}", invitation.ToResponse(links.Of(gallery, token)));
    }
}
