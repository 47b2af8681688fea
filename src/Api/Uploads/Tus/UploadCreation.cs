using System.Text;
using System.Text.RegularExpressions;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Http;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Uploads.Tus;

internal enum UploadJoin
{
    /// <summary>A whole file.</summary>
    None,

    Partial,

    Final,
}

/// <summary>What the headers of a creation request ask for.</summary>
internal sealed partial record UploadCreation
{
    private const int MaxMetadataLength = 16 * 1024;

    public required UploadJoin Join { get; init; }

    /// <summary>The partial uploads that a final upload joins, in order.</summary>
    public required IReadOnlyList<Id<Upload>> Pieces { get; init; }

    /// <summary>In bytes; null for a final upload, and if the client declares it later.</summary>
    public required long? Length { get; init; }

    public required string FileName { get; init; }

    public required string? Sha256 { get; init; }

    public required Id<Section>? SectionId { get; init; }

    public required string? Title { get; init; }

    public required string? Caption { get; init; }

    public required string? UploadGroup { get; init; }

    /// <exception cref="ProblemException">400 for headers that do not conform to tus.</exception>
    public static UploadCreation Of(HttpRequest request)
    {
        var (join, pieces) = ReadJoin(request.Headers[Tus.Concat].ToString());
        var metadata = ReadMetadata(request.Headers[Tus.Metadata].ToString());
        return new UploadCreation
        {
            Join = join,
            Pieces = pieces,
            Length = ReadLength(request, join),
            FileName = metadata.TryGetValue("filename", out var name) || join == UploadJoin.Partial
                ? FileNames.Clean(name)
                : throw Tus.Malformed($"{Tus.Metadata} needs filename."),
            Sha256 = Text(metadata, "sha256", 64) is not { } sha256 ? null : Hexadecimal().IsMatch(sha256)
                ? sha256.ToLowerInvariant()
                : throw Tus.Malformed("sha256 is 64 hexadecimal digits."),
            SectionId = Text(metadata, "sectionId", 64) is not { } section ? null : Id<Section>.TryRead(section, out var id) ? id : default(Id<Section>),
            UploadGroup = Text(metadata, "uploadGroup", UploadPlaces.MaxGroupLength) is not { } group ? null : UploadPlaces.IsGroup(group)
                ? group
                : throw Tus.Malformed("uploadGroup is 1 to 64 letters, digits, - and _."),
            Title = Text(metadata, "title", 300) is { } title && OneLine.Of(title) is { Length: > 0 } line ? line : null,
            Caption = Text(metadata, "caption", 2000),
        };
    }

    private static long? ReadLength(HttpRequest request, UploadJoin join)
    {
        var length = Tus.Number(request, Tus.Length);
        var defer = request.Headers[Tus.DeferLength];
        if (defer.Count > 0 && defer != "1")
        {
            throw Tus.Malformed($"{Tus.DeferLength} is 1, or absent.");
        }

        if (join == UploadJoin.Final)
        {
            return length is null && defer.Count == 0 ? null : throw Tus.Malformed("A final upload is as long as its pieces: say no length.");
        }

        return (length is null) == (defer.Count > 0) ? length : throw Tus.Malformed($"Send either {Tus.Length} or {Tus.DeferLength}: 1.");
    }

    private static (UploadJoin Join, IReadOnlyList<Id<Upload>> Pieces) ReadJoin(string concat)
    {
        if (concat.Length == 0 || concat == "partial")
        {
            return (concat.Length == 0 ? UploadJoin.None : UploadJoin.Partial, []);
        }

        if (!concat.StartsWith("final;", StringComparison.Ordinal))
        {
            throw Tus.Malformed($"{Tus.Concat} is partial, or final; with the addresses of the pieces.");
        }

        // Only the end of a URL matters: behind a proxy we may not know which host the client used.
        var pieces = concat["final;".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(url => PieceAddress().Match(url) is { Success: true } match && Id<Upload>.TryRead(match.Groups[1].Value, out var id)
                ? id
                : throw Tus.Malformed($"{Tus.Concat} names something that is no upload."))
            .ToList();
        return pieces.Count > 0 && pieces.Distinct().Count() == pieces.Count
            ? (UploadJoin.Final, pieces)
            : throw Tus.Malformed("A final upload names its pieces, each once.");
    }

    /// <summary>Comma-separated pairs of a key and its value in Base64; a key on its own has an empty value.</summary>
    private static Dictionary<string, string> ReadMetadata(string header)
    {
        if (header.Length > MaxMetadataLength)
        {
            throw Tus.Malformed($"{Tus.Metadata} has at most {MaxMetadataLength} characters.");
        }

        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in header.Split(',', StringSplitOptions.TrimEntries).Where(p => header.Length > 0))
        {
            var parts = pair.Split(' ');
            if (parts.Length > 2 || parts[0].Length == 0 || !TryText(parts.ElementAtOrDefault(1) ?? "", out var value) || !metadata.TryAdd(parts[0], value))
            {
                throw Tus.Malformed($"{Tus.Metadata} is pairs of a key and a text in base64 of UTF-8, with commas between, each key once.");
            }
        }

        return metadata;
    }

    private static bool TryText(string base64, out string text)
    {
        text = "";
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var read))
        {
            return false;
        }

        try
        {
            text = s_strict.GetString(bytes, 0, read);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static string? Text(Dictionary<string, string> metadata, string key, int maxLength)
    {
        if (metadata.GetValueOrDefault(key) is not { } text || string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        // None of our databases takes U+0000 in text.
        return text.Length <= maxLength && !text.Contains('\0', StringComparison.Ordinal)
            ? text.Trim()
            : throw Tus.Malformed($"{key} is a text of at most {maxLength} characters.");
    }

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [GeneratedRegex("^[0-9a-fA-F]{64}$")]
    private static partial Regex Hexadecimal();

    [GeneratedRegex("(?:^|/)v1/uploads/(upl_[0-9a-z]{26})$")]
    private static partial Regex PieceAddress();
}
