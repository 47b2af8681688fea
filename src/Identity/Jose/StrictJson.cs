using System.Text.Json;
using System.Text.Unicode;

namespace Proofsheet.Jose;

/// <summary>
/// JSON objects that every parser reads the same way: unique names (RFC 7515 section 4), no comments, no trailing commas, UTF-8 only. All strings
/// are valid text, so that <see cref="JsonElement.GetString"/> cannot throw later.
/// </summary>
public static class StrictJson
{
    /// <summary>The deepest nesting that is accepted.</summary>
    public const int MaxDepth = 16;

    private static readonly JsonDocumentOptions Options = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
        MaxDepth = MaxDepth,
    };

    /// <summary>Whether <paramref name="utf8"/> is exactly one JSON object. The element owns its memory and can be kept.</summary>
    public static bool TryParseObject(ReadOnlySpan<byte> utf8, out JsonElement element)
    {
        element = default;

        // Checked first, because the parser builds the whole document before its kind can be checked.
        var start = utf8.TrimStart(" \t\r\n"u8);
        if (start.IsEmpty || start[0] != (byte)'{' || !Utf8.IsValid(utf8))
        {
            return false;
        }

        try
        {
            if (utf8.Contains((byte)'\\') && !EscapesAreText(utf8))
            {
                return false;
            }

            element = JsonElement.Parse(utf8, Options);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>An escape can encode half a surrogate pair, which the parser accepts and GetString throws on.</summary>
    private static bool EscapesAreText(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }
        }
        catch (InvalidOperationException)
        {
            return false;
        }

        return true;
    }

    /// <summary>The string value of a member: false when the member is not a string; null when it is missing.</summary>
    internal static bool TryGetText(JsonElement element, ReadOnlySpan<byte> name, int maxLength, out string? text)
    {
        text = null;
        if (!element.TryGetProperty(name, out var member))
        {
            return true;
        }

        if (member.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        text = member.GetString();
        return text is { Length: > 0 } && text.Length <= maxLength;
    }
}
