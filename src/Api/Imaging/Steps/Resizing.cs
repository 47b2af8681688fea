using NetVips;

namespace Proofsheet.Api.Imaging.Steps;

internal static class Resizing
{
    // libjpeg's reduced decoding is used only if enough pixels remain for a proper filter to do the rest.
    private const double LeastFactorLeft = 1.4;

    /// <summary>The size that fits into a square of <paramref name="longest"/>: never enlarged, and at least one pixel.</summary>
    public static (int Width, int Height) Fit(int width, int height, int longest)
    {
        var scale = Math.Min(1.0, longest / (double)Math.Max(width, height));
        return (Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)));
    }

    /// <summary>By how much a JPEG of this size is reduced while it is decoded, on its way to <see cref="Fit"/>: 1, 2, 4 or 8.</summary>
    public static int ShrinkOnLoad(int width, int height, int longest)
    {
        var factor = Math.Max(width, height) / (double)longest;
        var shrink = 1;
        while (shrink < 8 && factor / (shrink * 2) >= LeastFactorLeft)
        {
            shrink *= 2;
        }

        return shrink;
    }

    /// <summary>A new picture of exactly this size; the source may have been reduced while it was decoded.</summary>
    public static Image To(Image image, int width, int height)
    {
        var (fromWidth, fromHeight) = (image.Width, image.Height);
        return fromWidth == width && fromHeight == height
            ? image.Copy()
            : image.Resize(width / (double)fromWidth, vscale: height / (double)fromHeight);
    }
}
