using Proofsheet.Api.Imaging;
using Proofsheet.Api.Media.Cache;

namespace Proofsheet.Api.Media.Serving;

/// <summary>Chooses one of the formats that a client accepts for a photo.</summary>
internal static class FormatChoice
{
    /// <summary>
    /// Based on the byte counts of the clean picture of this size. Sizes in between and watermarked pictures have no known byte count before
    /// they are made, so they follow the next larger size that every photo has.
    /// </summary>
    public static RenditionFormat Of(RenditionFormat[] accepted, PhotoFacts photo, int size)
    {
        IReadOnlyDictionary<RenditionFormat, long>? stored = null;
        var nearest = int.MaxValue;
        for (var i = 0; i < photo.Renditions.Count; i++)
        {
            if (photo.Renditions[i] is var rendition && rendition.Size >= size && rendition.Size < nearest)
            {
                (stored, nearest) = (rendition.Bytes, rendition.Size);
            }
        }

        if (stored is null)
        {
            return RenditionFormat.Jpeg;
        }

        // A client that does not accept JPEG, or prefers another format, gets JPEG only if there is nothing else.
        return RenditionChoice.Of(accepted, accepted.Contains(RenditionFormat.Jpeg) ? stored : stored.Where(f => f.Key != RenditionFormat.Jpeg).ToDictionary());
    }
}
