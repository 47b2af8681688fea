using System.ComponentModel.DataAnnotations;

namespace Proofsheet.Identity.Users.Limits;

/// <summary>The section <c>Limits</c>.</summary>
internal sealed class LimitOptions
{
    /// <summary>Attempts to sign in, passwords and codes alike, of one address.</summary>
    [Range(1, int.MaxValue)]
    public int SignInsPerAddressPer15Minutes { get; init; } = 60;

    [Range(1, int.MaxValue)]
    public int AccountsPerAddressPerHour { get; init; } = 20;

    /// <summary>Requests for a mail with a link, of one address.</summary>
    [Range(1, int.MaxValue)]
    public int MailsPerAddressPerHour { get; init; } = 30;

    /// <summary>Mails with a link to one mailbox, so that nobody can fill it.</summary>
    [Range(1, int.MaxValue)]
    public int MailsPerMailboxPerHour { get; init; } = 5;
}
