using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Proofsheet.Api.Kernel;

namespace Proofsheet.Api.Mail;

/// <summary>A mail as bytes (RFC 5322 and MIME), ASCII throughout, with everything refused that could end a header early.</summary>
internal sealed class MimeMessage
{
    private const int MaxLine = 76;
    private const int MaxSubject = 500;
    private static readonly SearchValues<char> IdText = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    private static readonly SearchValues<char> PlainWords = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_");

    /// <summary>The addresses of the envelope, safe to be put between angle brackets in an SMTP command.</summary>
    public required string From { get; init; }

    public required string To { get; init; }

    /// <summary>The part of the Message-ID before the @; fit for a file's name.</summary>
    public required string Id { get; init; }

    public required byte[] Bytes { get; init; }

    /// <exception cref="MailException">An address or a header is not acceptable; never transient.</exception>
    public static MimeMessage Of(MailMessage message, MailParty platform, DateTimeOffset now)
    {
        var sender = message.From ?? platform with { Name = message.FromName ?? platform.Name };
        var from = Address(sender.Address);
        var to = Address(message.To.Address);
        var id = message.MessageId ?? $"{now.UtcDateTime:yyyyMMdd-HHmmss-fff}-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        if (id.Length is 0 or > 128 || id[0] == '.' || id.AsSpan().ContainsAnyExcept(IdText))
        {
            throw new MailException("The message id holds more than letters, digits and . _ -", isTransient: false);
        }

        if (message.Subject.Length > MaxSubject)
        {
            throw new MailException($"The subject is longer than {MaxSubject} characters.", isTransient: false);
        }

        var boundary = $"part-{RandomNumberGenerator.GetHexString(24, lowercase: true)}";
        var mime = new StringBuilder();
        mime.Append("Date: ").Append(now.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture)).Append("\r\n");
        mime.Append("From: ").Append(Party(sender.Name, from)).Append("\r\n");
        mime.Append("To: ").Append(Party(message.To.Name, to)).Append("\r\n");
        if (message.ReplyTo is { } reply)
        {
            mime.Append("Reply-To: ").Append(Party(reply.Name, Address(reply.Address))).Append("\r\n");
        }

        mime.Append("Subject: ").Append(Words(message.Subject)).Append("\r\n");
        mime.Append(CultureInfo.InvariantCulture, $"Message-ID: <{id}@{from[(from.IndexOf('@', StringComparison.Ordinal) + 1)..]}>\r\n");
        // Keeps holiday notices from answering a machine.
        mime.Append("Auto-Submitted: auto-generated\r\n");
        mime.Append("MIME-Version: 1.0\r\n");
        mime.Append(CultureInfo.InvariantCulture, $"Content-Type: multipart/alternative; boundary=\"{boundary}\"\r\n\r\n");
        // Least faithful first: a reader shows the last part it understands.
        Part(mime, boundary, "text/plain", message.Text);
        Part(mime, boundary, "text/html", message.Html);
        mime.Append(CultureInfo.InvariantCulture, $"--{boundary}--\r\n");
        return new MimeMessage { From = from, To = to, Id = id, Bytes = Encoding.ASCII.GetBytes(mime.ToString()) };
    }

    private static string Address(string address) => EmailAddress.TryRead(address, out var plain)
        ? plain
        : throw new MailException("An e-mail address is not acceptable.", isTransient: false);

    private static string Party(string? name, string address) => string.IsNullOrWhiteSpace(name) ? address : $"{Words(name)} <{address}>";

    // Encoded words (RFC 2047) for all but the plainest text: nothing in them can be syntax, whatever a studio calls itself.
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

        var words = new List<string>();
        var bytes = new List<byte>();
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(utf8);
            if (bytes.Count + length > 39)
            {
                words.Add(Word(bytes));
                bytes.Clear();
            }

            bytes.AddRange(utf8[..length]);
        }

        words.Add(Word(bytes));
        return string.Join("\r\n ", words);

        static string Word(List<byte> bytes) => $"=?utf-8?B?{Convert.ToBase64String(bytes.ToArray())}?=";
    }

    private static void Part(StringBuilder mime, string boundary, string type, string content)
    {
        mime.Append(CultureInfo.InvariantCulture, $"--{boundary}\r\nContent-Type: {type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
        foreach (var line in content.ReplaceLineEndings("\n").Split('\n'))
        {
            QuotedPrintable(mime, Encoding.UTF8.GetBytes(line));
            mime.Append("\r\n");
        }
    }

    private static void QuotedPrintable(StringBuilder mime, byte[] line)
    {
        var column = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var last = i == line.Length - 1;
            // White space at an end of line gets lost on the way; a dot at its beginning ends mails in careless hands.
            var plain = line[i] is >= 33 and <= 126 and not (byte)'=' || (line[i] is (byte)' ' or (byte)'\t' && !last);
            plain &= !(line[i] == (byte)'.' && column == 0);
            var width = plain ? 1 : 3;
            if (column + width > MaxLine - 1)
            {
                mime.Append("=\r\n");
                column = 0;
                plain &= line[i] != (byte)'.';
                width = plain ? 1 : 3;
            }

            _ = plain ? mime.Append((char)line[i]) : mime.Append(CultureInfo.InvariantCulture, $"={line[i]:X2}");
            column += width;
        }
    }
}
