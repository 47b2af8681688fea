using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Proofsheet.Api.Tests.Mail;

/// <summary>Reads headers by RFC 2047 and RFC 5322, independently of the library that wrote them.</summary>
internal static partial class EncodedWords
{
    public static string Decode(string header) =>
        // White space between two encoded words is not part of the text.
        Word().Replace(Between().Replace(header, "$1"), word => Encoding.UTF8.GetString(
            word.Groups[1].Value is "B" or "b" ? Convert.FromBase64String(word.Groups[2].Value) : Quoted(word.Groups[2].Value)));

    /// <summary>The name before the address in angle brackets, without its quotes.</summary>
    public static string DisplayName(string mailbox)
    {
        var name = mailbox[..mailbox.LastIndexOf('<')].Trim();
        // Encoded words are not recognized inside quotes (RFC 2047, 5).
        return name.StartsWith('"') ? Escaped().Replace(name[1..^1], "$1") : Decode(name);
    }

    private static byte[] Quoted(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            bytes.Add(text[i] switch
            {
                '_' => (byte)' ',
                '=' => byte.Parse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                var c => (byte)c,
            });
            i += text[i] == '=' ? 2 : 0;
        }

        return [.. bytes];
    }

    [GeneratedRegex(@"=\?utf-8\?([BbQq])\?([^?\s]*)\?=", RegexOptions.IgnoreCase)]
    private static partial Regex Word();

    [GeneratedRegex(@"(\?=)\s+(?==\?utf-8\?)", RegexOptions.IgnoreCase)]
    private static partial Regex Between();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escaped();
}
