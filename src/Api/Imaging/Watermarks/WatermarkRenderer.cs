using System.Globalization;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Steps;

namespace Proofsheet.Api.Imaging;

/// <summary>Makes what a visitor gets from a private master: any size, JPEG or WebP, with or without a watermark. Safe to call in parallel.</summary>
internal sealed class WatermarkRenderer
{
    private const double ShadowShare = 0.55;
    private const double EdgeShare = 0.025;
    private const double Slant = -28;

    /// <param name="master">The master (or a rendition) that the pipeline made; never an upload.</param>
    public RenderedPicture Render(ReadOnlySpan<byte> master, RenderSpec spec)
    {
        using var header = VipsImage.Op("jpegload_buffer").SetBlob("buffer", master).Run();
        var (width, height) = Resizing.Fit(header.Width, header.Height, spec.SizePixels);
        var shrink = 1;
        while (shrink < 8 && header.Width / (shrink * 2) >= 1.4 * width)
        {
            shrink *= 2;
        }

        using var opened = shrink == 1 ? header.Copy() : VipsImage.Op("jpegload_buffer").SetBlob("buffer", master).Set("shrink", shrink).Run();
        using var sized = Resizing.To(opened, width, height);
        using var picture = sized.ToMemory();
        using var marked = spec.Watermark is { } watermark ? Mark(picture, watermark) : picture.Copy();
        using var whole = spec.Viewer is { } viewer ? Mark(marked, viewer) : marked.Copy();
        return new RenderedPicture(OutputSteps.Encode(whole, spec.Format), width, height, spec.Format);
    }

    /// <summary>The picture with its watermark, in memory; of the size that it will be seen in.</summary>
    internal static VipsImage Mark(VipsImage picture, WatermarkSpec spec)
    {
        if (spec.LogoPng.IsEmpty && string.IsNullOrWhiteSpace(spec.Text))
        {
            return picture.Copy();
        }

        using var stamp = spec.LogoPng.IsEmpty
            ? Stamp.FromText(spec, picture.Width, picture.Height)
            : Stamp.FromLogo(spec, picture.Width, picture.Height);
        var opacity = Math.Clamp(spec.Opacity, 0, 1);
        var colour = ParseColour(spec.Colour);
        using var shadowed = stamp.Shadow is { } shadow ? Blend(picture, shadow, Against(colour), null, spec, opacity * ShadowShare) : picture.Copy();
        return Blend(shadowed, stamp.Mask, colour, stamp.Picture, spec, opacity);
    }

    // ifthenelse with a soft condition blends in one pass, at less than half of composite's cost.
    private static VipsImage Blend(VipsImage picture, VipsImage mask, double[] colour, VipsImage? logo, WatermarkSpec spec, double opacity)
    {
        using var placed = Place(mask, picture, spec.Position);
        using var faded = VipsImage.Op("linear").Set("in", placed).Set("a", [opacity]).Set("b", [0.0]).Set("uchar", true).Run();
        using var ground = logo is null ? Fill(picture, colour) : Place(logo, picture, spec.Position);
        using var blended = VipsImage.Op("ifthenelse").Set("cond", faded).Set("in1", ground).Set("in2", picture).Set("blend", true).Run();
        return blended.ToMemory();
    }

    private static VipsImage Fill(VipsImage picture, double[] colour)
    {
        using var dot = VipsImage.FromPixels([(byte)colour[0], (byte)colour[1], (byte)colour[2]], 1, 1, 3);
        return VipsImage.Op("embed").Set("in", dot).Set("x", 0).Set("y", 0)
            .Set("width", picture.Width).Set("height", picture.Height).Set("extend", ExtendCopy).Run();
    }

    private static VipsImage Place(VipsImage stamp, VipsImage picture, WatermarkPosition position)
    {
        if (position == WatermarkPosition.Tiled)
        {
            return Tile(stamp, picture.Width, picture.Height);
        }

        var edge = (int)(Math.Min(picture.Width, picture.Height) * EdgeShare);
        var x = ((int)position % 3) switch { 0 => edge, 1 => (picture.Width - stamp.Width) / 2, _ => picture.Width - stamp.Width - edge };
        var y = ((int)position / 3) switch { 0 => edge, 1 => (picture.Height - stamp.Height) / 2, _ => picture.Height - stamp.Height - edge };
        return VipsImage.Op("embed").Set("in", stamp).Set("x", x).Set("y", y)
            .Set("width", picture.Width).Set("height", picture.Height).Run();
    }

    // Two rows, the second shifted by half: no straight strip of the picture is left free of it.
    private static VipsImage Tile(VipsImage stamp, int width, int height)
    {
        var cellWidth = stamp.Width + Math.Max(stamp.Width / 3, 24);
        var cellHeight = stamp.Height + Math.Max(stamp.Width / 5, 24);
        using var row = VipsImage.Op("embed").Set("in", stamp).Set("x", (cellWidth - stamp.Width) / 2).Set("y", (cellHeight - stamp.Height) / 2)
            .Set("width", cellWidth).Set("height", cellHeight).Run();
        using var shifted = VipsImage.Op("wrap").Set("in", row).Set("x", cellWidth / 2).Set("y", 0).Run();
        using var pair = VipsImage.Op("join").Set("in1", row).Set("in2", shifted).Set("direction", JoinVertical).Run();
        using var held = pair.ToMemory();
        var diagonal = (int)Math.Ceiling(Math.Sqrt((double)width * width + (double)height * height)) + 2;
        using var many = VipsImage.Op("replicate").Set("in", held).Set("across", diagonal / held.Width + 1).Set("down", diagonal / held.Height + 1).Run();
        using var sheet = VipsImage.Op("extract_area").Set("input", many).Set("left", 0).Set("top", 0).Set("width", diagonal).Set("height", diagonal).Run();
        using var sheetHeld = sheet.ToMemory();
        using var slanted = VipsImage.Op("similarity").Set("in", sheetHeld).Set("angle", Slant).Run();
        return VipsImage.Op("extract_area").Set("input", slanted)
            .Set("left", (slanted.Width - width) / 2).Set("top", (slanted.Height - height) / 2).Set("width", width).Set("height", height).Run();
    }

    // Dark letters get a light edge: whatever the ground, one of the two stands out.
    private static double[] Against(double[] colour) =>
        0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2] < 110 ? [255, 255, 255] : [0, 0, 0];

    private static double[] ParseColour(string colour) =>
        colour.Length == 7 && int.TryParse(colour.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var rgb)
            ? [rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255]
            : [255, 255, 255];

    private const int ExtendCopy = 1;
    private const int JoinVertical = 1;
}
