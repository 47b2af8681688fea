using System.Globalization;
using NetVips;
using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Api.Imaging.Watermarks;

/// <summary>One watermark at its final size: how much it covers, and with what.</summary>
/// <param name="Mask">One band; 255 covers completely. Includes the watermark's opacity.</param>
/// <param name="Picture">RGB, the same size.</param>
/// <param name="Ground">The RGB color of the uncovered surroundings, into which the edges fade when it is rotated.</param>
internal sealed record Stamp(Image Mask, Image Picture, double[] Ground) : IDisposable
{
    // A single character at the requested width would be huge, so the height is limited too.
    private const double MaxHeightShare = 0.3;
    private const double ShadowDensity = 1.9;
    private const double ShadowShare = 0.55;

    public static Stamp FromLogo(WatermarkSpec spec, int width, int height)
    {
        using var logo = ImageLoader.Open(ImageFormat.Png, spec.LogoPng.Span);
        var wanted = Math.Max(8, (int)Math.Round(width * Percent(spec)));
        using var sized = logo.ThumbnailImage(wanted, height: Math.Max(8, (int)(height * (MaxHeightShare + 0.2))));
        using var picture = sized.ExtractBand(0, n: 3);
        using var mask = sized.ExtractBand(3);
        using var faded = mask.Linear([Math.Clamp(spec.Opacity, 0, 1)], [0.0], uchar: true);
        return new Stamp(faded.CopyMemory(), picture.CopyMemory(), [0, 0, 0]);
    }

    public static Stamp FromText(WatermarkSpec spec, int width, int height)
    {
        using var text = Lettering.Draw(spec.Text!, width * Percent(spec), height * MaxHeightShare, width, height);

        // Room for the shadow, which is softer for larger letters.
        var blur = Math.Max(0.9, Math.Min(text.Height, width / 12) / 24.0);
        var edge = (int)Math.Ceiling(3 * blur);
        using var mask = text.Embed(edge, edge, text.Width + 2 * edge, text.Height + 2 * edge);
        using var letters = mask.CopyMemory();
        using var soft = letters.Gaussblur(blur);
        // Thin strokes almost vanish when blurred; made denser, they form an outline that fades out.
        using var dense = soft.Linear([ShadowDensity], [0.0], uchar: true);
        using var shadow = dense.CopyMemory();
        return OverShadow(letters, shadow, ParseColor(spec.Color), Math.Clamp(spec.Opacity, 0, 1));
    }

    public void Dispose()
    {
        Mask.Dispose();
        Picture.Dispose();
    }

    // Both in one picture, letters over shadow, so that a photograph is blended only once.
    private static Stamp OverShadow(Image letters, Image shadow, (byte R, byte G, byte B) color, double opacity)
    {
        var above = letters.Samples;
        var below = shadow.Samples;
        var dark = Against(color);
        var mask = new byte[above.Length];
        var picture = new byte[3 * above.Length];
        for (var at = 0; at < mask.Length; at++)
        {
            var letter = above[at] / 255.0 * opacity;
            var behind = below[at] / 255.0 * opacity * ShadowShare * (1 - letter);
            var whole = letter + behind;
            var share = whole > 0 ? letter / whole : 0;
            mask[at] = (byte)Math.Round(255 * whole);
            picture[3 * at] = Mix(color.R);
            picture[3 * at + 1] = Mix(color.G);
            picture[3 * at + 2] = Mix(color.B);

            byte Mix(byte channel) => (byte)Math.Round(channel * share + dark * (1 - share));
        }

        return new Stamp(
            VipsPixels.ToImage(mask, letters.Width, letters.Height, 1),
            VipsPixels.ToImage(picture, letters.Width, letters.Height, 3),
            [dark, dark, dark]);
    }

    // Dark letters get a light edge, so that one of the two is visible on any background.
    private static byte Against((byte R, byte G, byte B) color) =>
        0.299 * color.R + 0.587 * color.G + 0.114 * color.B < 110 ? (byte)255 : (byte)0;

    private static (byte R, byte G, byte B) ParseColor(string color) =>
        color.Length == 7 && int.TryParse(color.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var rgb)
            ? ((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb)
            : ((byte)255, (byte)255, (byte)255);

    private static double Percent(WatermarkSpec spec) => Math.Clamp(spec.WidthPercent, 2, 100) / 100;
}
