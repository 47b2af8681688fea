using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Api.Imaging;

/// <summary>One watermark at its size: where it covers, and with what.</summary>
/// <param name="Mask">One band; 255 covers.</param>
/// <param name="Shadow">One band, the same size: a soft edge that keeps it legible on any ground. None for a logo.</param>
/// <param name="Picture">RGB of a logo, the same size.</param>
internal sealed record Stamp(VipsImage Mask, VipsImage? Shadow, VipsImage? Picture) : IDisposable
{
    // A single character as wide as asked would be a poster: the height is held too.
    private const double MaxHeightShare = 0.3;
    private const double ShadowDensity = 1.9;

    public static Stamp FromLogo(WatermarkSpec spec, int width, int height)
    {
        using var logo = VipsImage.Op("pngload_buffer").SetBlob("buffer", spec.LogoPng.Span).Run();
        var wanted = Math.Max(8, (int)Math.Round(width * Percent(spec)));
        using var sized = VipsImage.Op("thumbnail_image").Set("in", logo).Set("width", wanted)
            .Set("height", Math.Max(8, (int)(height * (MaxHeightShare + 0.2)))).Run();
        using var picture = VipsImage.Op("extract_band").Set("in", sized).Set("band", 0).Set("n", 3).Run();
        using var mask = VipsImage.Op("extract_band").Set("in", sized).Set("band", 3).Run();
        return new Stamp(mask.ToMemory(), null, picture.ToMemory());
    }

    public static Stamp FromText(WatermarkSpec spec, int width, int height)
    {
        using var text = Lettering.Draw(spec.Text!, width * Percent(spec), height * MaxHeightShare, width, height);

        // Room for the shadow, which is softer the larger the letters are.
        var blur = Math.Max(0.9, Math.Min(text.Height, width / 12) / 24.0);
        var edge = (int)Math.Ceiling(3 * blur);
        using var mask = VipsImage.Op("embed").Set("in", text).Set("x", edge).Set("y", edge)
            .Set("width", text.Width + 2 * edge).Set("height", text.Height + 2 * edge).Run();
        var held = mask.ToMemory();
        using var soft = VipsImage.Op("gaussblur").Set("in", held).Set("sigma", blur).Run();
        // Thin strokes are nearly gone when they are blurred; made denser they are an outline that fades.
        using var dense = VipsImage.Op("linear").Set("in", soft).Set("a", [ShadowDensity]).Set("b", [0.0]).Set("uchar", true).Run();
        return new Stamp(held, dense.ToMemory(), null);
    }

    public void Dispose()
    {
        Mask.Dispose();
        Shadow?.Dispose();
        Picture?.Dispose();
    }

    private static double Percent(WatermarkSpec spec) => Math.Clamp(spec.WidthPercent, 2, 100) / 100;
}
