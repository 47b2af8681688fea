namespace Proofsheet.Shared.Mail;

/// <summary>Sends one mail. When it returns, someone else has taken the responsibility for it.</summary>
public interface IMailSender
{
    /// <exception cref="MailException">It was not sent; <see cref="MailException.IsTransient"/> says whether trying again may help.</exception>
    Task SendAsync(MailMessage message, CancellationToken cancellation = default);
}

public sealed record MailMessage
{
    public required MailParty To { get; init; }

    /// <summary>Null for the platform's own address. A studio's name with the platform's address is <see cref="FromName"/>.</summary>
    public MailParty? From { get; init; }

    /// <summary>The name shown beside the platform's address.</summary>
    public string? FromName { get; init; }

    public MailParty? ReplyTo { get; init; }

    public required string Subject { get; init; }

    public required string Html { get; init; }

    public required string Text { get; init; }

    /// <summary>
    /// What makes this mail the same mail when it is sent again: letters, digits and <c>. _ -</c>. It becomes the Message-ID, by
    /// which mailboxes drop repetitions.
    /// </summary>
    public string? MessageId { get; init; }
}

public sealed record MailParty(string Address, string? Name = null);

/// <summary>A mail that was not sent.</summary>
public sealed class MailException(string message, bool isTransient, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The server was away or busy. Otherwise someone has to change the mail, the address or the settings.</summary>
    public bool IsTransient { get; } = isTransient;
}
