namespace Proofsheet.Api.Imaging;

/// <summary>Which of a picture's formats a reader gets.</summary>
internal static class RenditionChoice
{
    /// <summary>
    /// The smallest that is accepted and stored. Where two are equally large, or their sizes are not known (0), the newer format, which is
    /// smaller for most pictures. JPEG, which every program reads, where nothing else fits.
    /// </summary>
    /// <param name="accepted">What the reader named; JPEG need not be among them.</param>
    /// <param name="stored">Bytes by format; what is missing does not exist.</param>
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
