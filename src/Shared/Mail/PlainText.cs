using System.Net;
using System.Text;

namespace Proofsheet.Shared.Mail;

/// <summary>
/// The plain-text version of one of our mails: blocks become paragraphs, cells are separated, links keep their URLs. It reads the well-formed,
/// encoded HTML that Razor writes, not arbitrary HTML.
/// </summary>
internal static class PlainText
{
    private static readonly HashSet<string> Blocks = new(StringComparer.OrdinalIgnoreCase)
    {
        "p", "div", "h1", "h2", "h3", "ul", "ol", "table", "hr", "blockquote",
    };

    private static readonly HashSet<string> Unseen = new(StringComparer.OrdinalIgnoreCase) { "head", "style", "title" };

    public static string Of(string html)
    {
        var text = new StringBuilder();
        var links = new Stack<(string Address, int Start)>();
        string? keepsLines = null;
        var position = 0;
        while (position < html.Length)
        {
            var open = html.IndexOf('<', position);
            Words(text, html.AsSpan(position, (open < 0 ? html.Length : open) - position), keepsLines is not null);
            var close = open < 0 ? -1 : html.IndexOf('>', open);
            if (close < 0)
            {
                break;
            }

            position = close + 1;
            var tag = html[(open + 1)..close];
            var name = Name(tag);
            if (Unseen.Contains(name) || tag.Contains("data-plain=\"skip\"", StringComparison.Ordinal))
            {
                // Our mails never nest such an element in another of the same name.
                var end = html.IndexOf($"</{name}>", position, StringComparison.OrdinalIgnoreCase);
                position = end < 0 ? html.Length : end + name.Length + 3;
                continue;
            }

            // white-space: pre-line keeps the line breaks that a user typed.
            keepsLines = tag == "/" + keepsLines ? null : tag.Contains("pre-line", StringComparison.Ordinal) ? name : keepsLines;
            Element(text, links, tag, name);
        }

        return Tidy(text);
    }

    private static void Element(StringBuilder text, Stack<(string Address, int Start)> links, string tag, string name)
    {
        var closes = tag.StartsWith('/');
        switch (name.ToLowerInvariant())
        {
            case "br":
                text.Append('\n');
                break;
            case "tr":
                text.Append('\n');
                break;
            case "td" or "th" when closes:
                text.Append("  ");
                break;
            case "li" when !closes:
                text.Append("\n- ");
                break;
            case "img" when Attribute(tag, "alt") is { Length: > 0 } alt:
                text.Append(alt);
                break;
            case "a" when !closes:
                links.Push((Attribute(tag, "href") ?? "", text.Length));
                break;
            case "a" when links.TryPop(out var link):
                // A link whose text is its URL shows it once.
                if (link.Address.Length > 0 && text.ToString(link.Start, text.Length - link.Start).Trim() != link.Address)
                {
                    text.Append(": ").Append(link.Address);
                }

                break;
            case var block when Blocks.Contains(block):
                text.Append("\n\n");
                break;
        }
    }

    private static void Words(StringBuilder text, ReadOnlySpan<char> encoded, bool keepLines)
    {
        foreach (var c in WebUtility.HtmlDecode(encoded.ToString()))
        {
            if (keepLines && c == '\n')
            {
                text.Append(c);
                continue;
            }

            var white = c is ' ' or '\n' or '\r' or '\t';
            if (!white || (text.Length > 0 && text[^1] is not (' ' or '\n')))
            {
                text.Append(white ? ' ' : c);
            }
        }
    }

    private static string Tidy(StringBuilder text)
    {
        var lines = text.ToString().Split('\n').Select(l => l.Trim()).ToList();
        var kept = lines.Where((line, i) => line.Length > 0 || (i > 0 && lines[i - 1].Length > 0));
        return string.Join('\n', kept).Trim() + "\n";
    }

    private static string Name(string tag)
    {
        var name = tag.TrimStart('/');
        var end = name.AsSpan().IndexOfAny(" \n\r\t/");
        return end < 0 ? name : name[..end];
    }

    private static string? Attribute(string tag, string name)
    {
        var start = tag.IndexOf($" {name}=\"", StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            return null;
        }

        start += name.Length + 3;
        var end = tag.IndexOf('"', start);
        return end < 0 ? null : WebUtility.HtmlDecode(tag[start..end]);
    }
}
