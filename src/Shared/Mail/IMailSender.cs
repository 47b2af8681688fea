namespace Proofsheet.Shared.Mail;

/// <summary>Sends one mail. When it returns, another system is responsible for the mail.</summary>
public interface IMailSender
{
    /// <exception cref="MailException">It was not sent; <see cref="MailException.IsTransient"/> says whether trying again may help.</exception>
    Task SendAsync(MailMessage message, CancellationToken cancellation = default);
}

public sealed record MailMessage
{
    public required MailParty To { get; init; }

    /// <summary>Null for the platform's address. To combine that with a studio's name, set <see cref="FromName"/>.</summary>
    public MailParty? From { get; init; }

    /// <summary>The name shown with the platform's address.</summary>
    public string? FromName { get; init; }

    public MailParty? ReplyTo { get; init; }

    public required string Subject { get; init; }

    public required string Html { get; init; }

    public required string Text { get; init; }

    /// <summary>
    /// Identifies the mail when it is sent again: letters, digits and <c>. _ -</c>. It becomes the Message-ID, by which mailboxes drop duplicates.
    /// </summary>
    public string? MessageId { get; init; }
}

public sealed record MailParty(string Address, string? Name = null);

/// <summary>A mail that was not sent.</summary>
public sealed class MailException(string message, bool isTransient, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The server was unreachable or busy. Otherwise the mail, the address or the settings have to change.</summary>
    public bool IsTransient { get; } = isTransient;
}
