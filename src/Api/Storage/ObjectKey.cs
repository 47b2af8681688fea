using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Proofsheet.Api.Storage;

/// <summary>
/// The name of a stored object: two or more segments of <c>[a-z0-9_.-]</c>, the first of which is the owner (the studio).
/// No other text is accepted, so nothing that a client sends can become a path.
/// </summary>
public readonly record struct ObjectKey
{
    public const int MaxLength = 512;
    public const int MaxSegmentLength = 128;

    private readonly string? _value;

    private ObjectKey(string value) => _value = value;

    /// <summary>The segments joined by slashes.</summary>
    public string Value => _value ?? throw new InvalidOperationException("An empty object key names nothing.");

    public static ObjectKey Of(params ReadOnlySpan<string> segments) => Parse(string.Join('/', segments!), segments.Length);

    public static ObjectKey Parse(string text) => TryParse(text, out var key)
        ? key
        : throw new ArgumentException("Not an object key: it has two or more segments of a-z, 0-9, '_', '-' and inner dots.", nameof(text));

    public static bool TryParse([NotNullWhen(true)] string? text, out ObjectKey key)
    {
        key = default;
        if (Segments.Count(text) < 2)
        {
            return false;
        }

        key = new(text!);
        return true;
    }

    public override string ToString() => Value;

    // A slash inside a segment would produce another key than the caller intended.
    private static ObjectKey Parse(string text, int segments) => Segments.Count(text) == segments
        ? Parse(text)
        : throw new ArgumentException("An object key's segments hold a-z, 0-9, '_', '-' and inner dots only.", nameof(text));
}

/// <summary>Whole leading segments of object keys. It covers all keys below it, but not a key that is equal to it.</summary>
public readonly record struct ObjectPrefix
{
    private readonly string? _value;

    private ObjectPrefix(string value) => _value = value;

    /// <summary>The prefix of every object.</summary>
    public static ObjectPrefix All => default;

    /// <summary>Empty, or the segments joined by slashes with a slash at the end, as S3 and Azure expect.</summary>
    public string Value => _value ?? "";

    public static ObjectPrefix Of(params ReadOnlySpan<string> segments)
    {
        var text = string.Join('/', segments!);
        return Segments.Count(text) == segments.Length && segments.Length > 0
            ? new(text + "/")
            : throw new ArgumentException("A prefix has segments of a-z, 0-9, '_', '-' and inner dots.", nameof(segments));
    }

    public bool Covers(ObjectKey key) => key.Value.StartsWith(Value, StringComparison.Ordinal);

    public override string ToString() => Value;
}

internal static class Segments
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_.-");

    /// <summary>The number of segments in the text; 0 if any part of it is not acceptable.</summary>
    public static int Count(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > ObjectKey.MaxLength)
        {
            return 0;
        }

        var count = 0;
        foreach (var range in text.AsSpan().Split('/'))
        {
            if (!IsSegment(text.AsSpan(range)))
            {
                return 0;
            }

            count++;
        }

        return count;
    }

    // Dots at either end are refused: "." and ".." traverse, ".name" is hidden, and some stores drop a trailing dot.
    private static bool IsSegment(ReadOnlySpan<char> segment) =>
        segment.Length is > 0 and <= ObjectKey.MaxSegmentLength
        && segment[0] != '.' && segment[^1] != '.'
        && !segment.ContainsAnyExcept(Allowed)
        && segment.IndexOf("..") < 0;
}
