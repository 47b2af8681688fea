using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Proofsheet.Api.Mail;

namespace Proofsheet.Identity.Users.Accounts;

/// <summary>One spelling for each mailbox that can be written to: no blanks around, an ASCII domain in small letters.</summary>
internal static class EmailAddress
{
    public const int Longest = 254;

    public static bool TryRead(string? typed, [NotNullWhen(true)] out string? address)
    {
        address = typed?.Trim();
        if (!MimeMessage.IsAddress(address))
        {
            address = null;
            return false;
        }

        var at = address!.LastIndexOf('@');
        address = string.Concat(address.AsSpan(0, at + 1), new IdnMapping { UseStd3AsciiRules = true }.GetAscii(address[(at + 1)..]).ToLowerInvariant());
        return true;
    }
}
