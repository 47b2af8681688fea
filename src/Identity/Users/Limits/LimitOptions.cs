using System.ComponentModel.DataAnnotations;

namespace Proofsheet.Identity.Users.Limits;

/// <summary>The section <c>Limits</c>.</summary>
internal sealed class LimitOptions
{
    /// <summary>Sign-in attempts from one IP address, with passwords or codes.</summary>
    [Range(1, int.MaxValue)]
    public int SignInsPerAddressPer15Minutes { get; init; } = 60;

    [Range(1, int.MaxValue)]
    public int AccountsPerAddressPerHour { get; init; } = 20;

    /// <summary>Requests from one IP address for a mail with a link.</summary>
    [Range(1, int.MaxValue)]
    public int MailsPerAddressPerHour { get; init; } = 30;

    /// <summary>Mails with a link to one mailbox, so that it cannot be flooded.</summary>
    [Range(1, int.MaxValue)]
    public int MailsPerMailboxPerHour { get; init; } = 5;
}
