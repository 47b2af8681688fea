using System.Text;
using Proofsheet.Api.Data;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Keyrings;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Studios.Members;

/// <summary>Someone was invited, or an invitation was sent again.</summary>
/// <param name="Sending">1 for the first email.</param>
/// <param name="SealedCode">The code, encrypted because the outbox must not contain secrets. See <see cref="InvitationCodes"/>.</param>
internal sealed record MemberInvited(Id<Invitation> InvitationId, int Sending, byte[] SealedCode) : IOutboxEvent
{
    public static string EventName => "studios.member_invited";
}

/// <summary>Passes codes from the handler to the email.</summary>
internal sealed class InvitationCodes(Keyring keys)
{
    private const string Purpose = "invitation-code";

    public byte[] Seal(string code) => keys.Seal(Purpose, Encoding.ASCII.GetBytes(code));

    public string? Open(byte[] sealedCode) => keys.Open(Purpose, sealedCode) is { } code ? Encoding.ASCII.GetString(code) : null;

    public void Announce(ProofsheetDb db, Id<Tenant> studio, Invitation invitation, string code, DateTimeOffset now) =>
        db.Publish(studio, new MemberInvited(invitation.Id, invitation.TimesSent, Seal(code)), now);
}
