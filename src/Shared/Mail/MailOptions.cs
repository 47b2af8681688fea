using System.Net;

namespace Proofsheet.Shared.Mail;

/// <summary>The section <c>Mail</c>.</summary>
public sealed class MailOptions
{
    /// <summary><c>Folder</c> or <c>Smtp</c>.</summary>
    public string Provider { get; set; } = "Folder";

    /// <summary>The platform's address, which mails are sent from.</summary>
    public string From { get; set; } = "no-reply@proofsheet.localhost";

    public string FromName { get; set; } = "Proofsheet";

    /// <summary>Where <c>Folder</c> writes its files; relative to the working directory.</summary>
    public string Folder { get; set; } = Path.Combine(".data", "mail");

    public SmtpOptions Smtp { get; set; } = new();

    internal MailParty Platform => new(From, FromName);

    internal IEnumerable<string> Errors()
    {
        if (Provider is not ("Folder" or "Smtp"))
        {
            yield return $"Mail:Provider is '{Provider}'; it can be Folder or Smtp.";
        }

        if (!EmailAddress.IsValid(From))
        {
            yield return "Mail:From is not an e-mail address.";
        }

        if (Provider == "Folder" && string.IsNullOrWhiteSpace(Folder))
        {
            yield return "Mail:Folder is empty.";
        }

        foreach (var error in Provider == "Smtp" ? Smtp.Errors() : [])
        {
            yield return error;
        }
    }
}

public enum SmtpSecurity
{
    /// <summary>Not encrypted.</summary>
    None,

    /// <summary>Encrypted after STARTTLS; fails when the server does not offer it. Usually port 587.</summary>
    StartTls,

    /// <summary>Encrypted from the start; usually port 465.</summary>
    Tls,
}

/// <summary>The section <c>Mail:Smtp</c>.</summary>
public sealed class SmtpOptions
{
    public string? Host { get; set; }

    public int Port { get; set; } = 587;

    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    /// <summary>With a user, nothing is sent unless the server accepts the user and password.</summary>
    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>64 hexadecimal digits: accepts exactly this certificate, for servers with a self-signed one.</summary>
    public string? CertificateSha256 { get; set; }

    /// <summary>The name by which this host introduces itself to the server.</summary>
    public string HelloName { get; set; } = "localhost";

    /// <summary>The time limit for one mail.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    internal IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(Host))
        {
            yield return "Mail:Smtp:Host is empty.";
        }

        if (Port is < 1 or > 65_535)
        {
            yield return "Mail:Smtp:Port lies between 1 and 65535.";
        }

        if (User is { Length: > 0 } && Security == SmtpSecurity.None && !IsThisMachine)
        {
            yield return "Mail:Smtp:Security is None, which would send the password in the clear.";
        }

        if (string.IsNullOrEmpty(User) != string.IsNullOrEmpty(Password))
        {
            yield return "Mail:Smtp:User and Mail:Smtp:Password belong together.";
        }

        if (User?.Contains('\0', StringComparison.Ordinal) == true || Password?.Contains('\0', StringComparison.Ordinal) == true)
        {
            yield return "Mail:Smtp:User and Mail:Smtp:Password hold no NUL.";
        }

        if (CertificateSha256 is not null && (CertificateSha256.Length != 64 || !CertificateSha256.All(char.IsAsciiHexDigit)))
        {
            yield return "Mail:Smtp:CertificateSha256 is 64 hexadecimal digits.";
        }

        if (Uri.CheckHostName(HelloName) == UriHostNameType.Unknown)
        {
            yield return "Mail:Smtp:HelloName is not the name of a host.";
        }

        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(10))
        {
            yield return "Mail:Smtp:Timeout lies between 0 and ten minutes.";
        }
    }

    private bool IsThisMachine => Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));
}
