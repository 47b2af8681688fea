using Proofsheet.Api.Imaging;
using Proofsheet.Api.Media.Cache;

namespace Proofsheet.Api.Media.Serving;

/// <summary>Which of the formats that a reader takes it gets of a photo.</summary>
internal static class FormatChoice
{
    /// <summary>
    /// By what the clean picture of this size takes: sizes between, and marked pictures, of which nobody knows before they are made, follow the
    /// next larger one that every photo has.
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

        // Who wants no JPEG, or wants another format more, gets it only where there is nothing else.
        return RenditionChoice.Of(accepted, accepted.Contains(RenditionFormat.Jpeg) ? stored : stored.Where(f => f.Key != RenditionFormat.Jpeg).ToDictionary());
    }
}
