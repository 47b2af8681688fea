namespace Proofsheet.Api.Imaging;

/// <summary>Chooses the format of a picture for a client.</summary>
internal static class RenditionChoice
{
    /// <summary>
    /// The smallest format that is both accepted and stored. If two are equally large, or their sizes are unknown (0), the newer format, which is
    /// smaller for most pictures. If none fits, JPEG, which every client reads.
    /// </summary>
    /// <param name="accepted">The formats that the client named; JPEG need not be among them.</param>
    /// <param name="stored">The bytes of each format; a missing format does not exist.</param>
    public static RenditionFormat Of(ReadOnlySpan<RenditionFormat> accepted, IReadOnlyDictionary<RenditionFormat, long> stored)
    {
        var best = RenditionFormat.Jpeg;
        var bestBytes = stored.GetValueOrDefault(best, long.MaxValue);
        foreach (var format in accepted)
        {
            if (stored.TryGetValue(format, out var bytes) && (bytes < bestBytes || (bytes == bestBytes && format > best)))
            {
                (best, bestBytes) = (format, bytes);
            }
        }

        return best;
    }
}
