using System.Collections.Concurrent;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Proofsheet.Api.Imaging;

namespace Proofsheet.Api.Media.Serving;

/// <summary>
/// The formats that an Accept header lets us choose from. Newer formats count only if they are named, because clients that accept
/// anything get JPEG, which every client reads. Unless JPEG is named itself, any wildcard allows it, since browsers list a wildcard after the formats they name.
/// </summary>
internal static class AcceptedFormats
{
    private const int MaxRemembered = 1_024;
    private const int MaxRememberedLength = 512;
    private static readonly RenditionFormat[] JpegAlone = [RenditionFormat.Jpeg];
    private static readonly ConcurrentDictionary<string, RenditionFormat[]> Remembered = new(StringComparer.Ordinal);

    /// <summary>Never empty: if none of our formats is accepted, JPEG is better than nothing (RFC 9110, 12.5.1).</summary>
    public static RenditionFormat[] Of(StringValues accept)
    {
        if (accept.Count != 1 || accept[0] is not { Length: <= MaxRememberedLength } text)
        {
            return accept.Count == 0 ? JpegAlone : Read(accept);
        }

        if (Remembered.TryGetValue(text, out var known))
        {
            return known;
        }

        var read = Read(accept);
        // Browsers send only a handful of values; clients that invent others must not fill the memory.
        if (Remembered.Count < MaxRemembered)
        {
            Remembered.TryAdd(text, read);
        }

        return read;
    }

    private static RenditionFormat[] Read(StringValues accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out var ranges))
        {
            return JpegAlone;
        }

        var named = new Dictionary<RenditionFormat, double>();
        foreach (var range in ranges)
        {
            foreach (var format in Enum.GetValues<RenditionFormat>())
            {
                if (range.MediaType.Equals(format.ContentType(), StringComparison.OrdinalIgnoreCase))
                {
                    named[format] = range.Quality ?? 1;
                }
            }
        }

        var best = named.Values.Where(q => q > 0).DefaultIfEmpty().Max();
        var accepted = named.Where(n => n.Value > 0 && n.Value == best).Select(n => n.Key).ToList();
        if (!named.ContainsKey(RenditionFormat.Jpeg) && ranges.Any(r => r.Quality is not 0 && (r.MatchesAllTypes || (r.MatchesAllSubTypes && r.Type.Equals("image", StringComparison.OrdinalIgnoreCase)))))
        {
            accepted.Add(RenditionFormat.Jpeg);
        }

        return accepted.Count > 0 ? [.. accepted] : JpegAlone;
    }
}
