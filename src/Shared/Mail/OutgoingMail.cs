using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using MimeKit;
using MimeKit.Text;

namespace Proofsheet.Shared.Mail;

/// <summary>
/// A mail as MimeKit writes it, in ASCII only. Anything that could end a header early is refused here, before MimeKit would find a way to encode it.
/// </summary>
internal sealed class OutgoingMail
{
    private const int MaxSubject = 500;
    private const int MaxId = 128;
    private const int MaxLine = 76;
    private static readonly SearchValues<char> PlainWords = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_");
    private static readonly SearchValues<char> IdText = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    public static FormatOptions Format { get; } = new() { NewLineFormat = NewLineFormat.Dos, MaxLineLength = MaxLine, International = false };

    /// <summary>The part of the Message-ID before the @; also valid as a file name.</summary>
    public required string Id { get; init; }

    /// <summary>The sender and the recipient of the envelope.</summary>
    public required string From { get; init; }

    public required string To { get; init; }

    public required MimeMessage Message { get; init; }

    /// <exception cref="MailException">An address or a header is invalid; never transient.</exception>
    public static OutgoingMail Of(MailMessage mail, MailParty platform, DateTimeOffset now)
    {
        var sender = mail.From ?? platform with { Name = mail.FromName ?? platform.Name };
        var (from, to) = (Address(sender), Address(mail.To));
        var id = mail.MessageId ?? $"{now.UtcDateTime:yyyyMMdd-HHmmss-fff}-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        if (id.Length is 0 or > MaxId || id[0] == '.' || id.AsSpan().ContainsAnyExcept(IdText))
        {
            throw new MailException("The message id holds more than letters, digits and . _ -", isTransient: false);
        }

        if (mail.Subject.Length > MaxSubject)
        {
            throw new MailException($"The subject is longer than {MaxSubject} characters.", isTransient: false);
        }

        var message = new MimeMessage { Date = now.ToUniversalTime() };
        Add(message, "From", Party(sender.Name, from));
        Add(message, "To", Party(mail.To.Name, to));
        if (mail.ReplyTo is { } reply)
        {
            Add(message, "Reply-To", Party(reply.Name, Address(reply)));
        }

        Add(message, "Subject", Words(mail.Subject));
        Add(message, "Message-ID", $"<{id}@{from[(from.LastIndexOf('@') + 1)..]}>");
        // Keeps autoresponders from replying.
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        // Plain text first: readers show the last part that they understand.
        message.Body = new MultipartAlternative(Part(TextFormat.Plain, mail.Text), Part(TextFormat.Html, mail.Html)) { Boundary = $"part-{RandomNumberGenerator.GetHexString(24, lowercase: true)}" };
        message.Prepare(EncodingConstraint.SevenBit, MaxLine);
        return new OutgoingMail { Id = id, From = from, To = to, Message = message };
    }

    private static string Address(MailParty party) => EmailAddress.TryRead(party.Address, out var address)
        ? address
        : throw new MailException("An e-mail address is not acceptable.", isTransient: false);

    // Raw, because MimeKit would decode punycode, quote a name such as "<eve@example.com>", and leave text that looks like an encoded word as it is.
    private static void Add(MimeMessage message, string name, string value)
    {
        var header = new Header(name, "");
        header.SetRawValue(Encoding.ASCII.GetBytes($" {value}\r\n"));
        message.Headers.Replace(header);
    }

    private static string Party(string? name, string address) => string.IsNullOrWhiteSpace(name) ? address : $"{Words(name)} <{address}>";

    // Everything but the plainest text becomes encoded words (RFC 2047), so that no part of a studio's name can be syntax.
    private static string Words(string text)
    {
        if (text.Any(char.IsControl))
        {
            throw new MailException("A header holds a line break or another control character.", isTransient: false);
        }

        if (text.Length <= 60 && text == text.Trim() && !text.AsSpan().ContainsAnyExcept(PlainWords))
        {
            return text;
        }

        // An encoded word has at most 75 characters, so 39 bytes of text, and must not split a character.
        var words = new List<string>();
        var taken = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Encoding.UTF8.GetByteCount(taken.ToString()) + rune.Utf8SequenceLength > 39)
            {
                words.Add(Word(taken));
                taken.Clear();
            }

            taken.Append(rune.ToString());
        }

        words.Add(Word(taken));
        return string.Join("\r\n ", words);

        static string Word(StringBuilder text) => $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(text.ToString()))}?=";
    }

    private static TextPart Part(TextFormat format, string content)
    {
        var part = new TextPart(format) { ContentTransferEncoding = ContentEncoding.QuotedPrintable };
        part.SetText(Encoding.UTF8, content.ReplaceLineEndings("\r\n"));
        return part;
    }
}
