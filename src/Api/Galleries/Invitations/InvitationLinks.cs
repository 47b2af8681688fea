using System.Text;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Storefront;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Keyrings;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Galleries.Invitations;

/// <summary>An invitation is to be sent.</summary>
/// <param name="Sending">1 for the first email.</param>
/// <param name="Message">The studio's words, if any.</param>
/// <param name="SealedToken">The link's token, encrypted because the outbox must not contain secrets.</param>
internal sealed record GalleryInvitationIssued(Id<GalleryInvitation> InvitationId, int Sending, string? Message, byte[] SealedToken) : IOutboxEvent
{
    public static string EventName => "galleries.invitation_issued";
}

/// <summary>Makes the links of invitations, and passes their tokens to the emails.</summary>
internal sealed class InvitationLinks(GalleryAddresses galleries, Keyring keys)
{
    private const string Purpose = "gallery-invitation";

    /// <summary>The token is in the fragment, so browsers send it to no server and no log has it, and fetching the page does not redeem it.</summary>
    public string Of(Gallery gallery, string token) => $"{galleries.Of(gallery)}#invitation={token}";

    public string? Open(byte[] sealedToken) => keys.Open(Purpose, sealedToken) is { } token ? Encoding.ASCII.GetString(token) : null;

    /// <summary>Adds the email to the context; the caller saves.</summary>
    public void Send(ProofsheetDb db, GalleryInvitation invitation, string token, string? message, DateTimeOffset now)
    {
        (invitation.LastSentAt, invitation.TimesSent) = (now, invitation.TimesSent + 1);
        db.Publish(invitation.TenantId, new GalleryInvitationIssued(invitation.Id, invitation.TimesSent, message, keys.Seal(Purpose, Encoding.ASCII.GetBytes(token))), now);
    }
}
