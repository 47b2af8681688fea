using NetVips;

namespace Proofsheet.Api.Imaging.Watermarks;

/// <summary>A watermark for pictures of one size: the area that it touches, and what is blended there.</summary>
/// <param name="Mask">One band, in memory.</param>
/// <param name="Picture">RGB, in memory, the same size.</param>
/// <param name="X">The left edge within the picture.</param>
/// <param name="Y">The upper edge.</param>
internal sealed record Overlay(Image Mask, Image Picture, int X, int Y) : IDisposable
{
    private const double EdgeShare = 0.025;
    private const double Slant = -28;

    public long Bytes => 4L * Mask.Width * Mask.Height;

    /// <param name="spec">The watermark.</param>
    /// <param name="width">The width of the pictures in pixels.</param>
    /// <param name="height">The height in pixels.</param>
    public static Overlay Make(WatermarkSpec spec, int width, int height)
    {
        using var stamp = spec.LogoPng.IsEmpty ? Stamp.FromText(spec, width, height) : Stamp.FromLogo(spec, width, height);
        return spec.Position == WatermarkPosition.Tiled ? Tiled(stamp, width, height) : Placed(stamp, spec.Position, width, height);
    }

    /// <summary>The picture with this overlay, in memory. Only the area that it touches is blended.</summary>
    public Image Over(Image picture)
    {
        using var part = picture.ExtractArea(X, Y, Mask.Width, Mask.Height);
        // ifthenelse with a soft condition blends in one pass, at less than half the cost of composite.
        using var blended = Mask.Ifthenelse(Picture, part, blend: true);
        if (Mask.Width == picture.Width && Mask.Height == picture.Height)
        {
            return blended.CopyMemory();
        }

        using var whole = picture.Insert(blended, X, Y);
        return whole.CopyMemory();
    }

    /// <summary>Separate references to the same pixels, which remain valid when this one is disposed of.</summary>
    public Overlay Share() => new(Mask.Copy(), Picture.Copy(), X, Y);

    public void Dispose()
    {
        Mask.Dispose();
        Picture.Dispose();
    }

    private static Overlay Placed(Stamp stamp, WatermarkPosition position, int width, int height)
    {
        var edge = (int)(Math.Min(width, height) * EdgeShare);
        var x = ((int)position % 3) switch { 0 => edge, 1 => (width - stamp.Mask.Width) / 2, _ => width - stamp.Mask.Width - edge };
        var y = ((int)position / 3) switch { 0 => edge, 1 => (height - stamp.Mask.Height) / 2, _ => height - stamp.Mask.Height - edge };

        // A soft edge may extend beyond the border of a small picture.
        var (left, top) = (Math.Max(0, -x), Math.Max(0, -y));
        var (wide, high) = (Math.Min(width - Math.Max(0, x), stamp.Mask.Width - left), Math.Min(height - Math.Max(0, y), stamp.Mask.Height - top));
        return new Overlay(Cut(stamp.Mask), Cut(stamp.Picture), Math.Max(0, x), Math.Max(0, y));

        Image Cut(Image image)
        {
            using var cut = image.ExtractArea(left, top, wide, high);
            return cut.CopyMemory();
        }
    }

    private static Overlay Tiled(Stamp stamp, int width, int height) =>
        new(Tile(stamp.Mask, [0.0], width, height), Tile(stamp.Picture, stamp.Ground, width, height), 0, 0);

    // Two rows, the second shifted by half, so that no straight strip of the picture is free of it.
    private static Image Tile(Image stamp, double[] ground, int width, int height)
    {
        var cellWidth = stamp.Width + Math.Max(stamp.Width / 3, 24);
        var cellHeight = stamp.Height + Math.Max(stamp.Height / 5, 24);
        using var row = stamp.Embed((cellWidth - stamp.Width) / 2, (cellHeight - stamp.Height) / 2, cellWidth, cellHeight,
            extend: Enums.Extend.Background, background: ground);
        using var shifted = row.Wrap(x: cellWidth / 2, y: 0);
        using var pair = row.Join(shifted, Enums.Direction.Vertical);
        using var held = pair.CopyMemory();
        var diagonal = (int)Math.Ceiling(Math.Sqrt((double)width * width + (double)height * height)) + 2;
        using var many = held.Replicate(diagonal / held.Width + 1, diagonal / held.Height + 1);
        using var sheet = many.ExtractArea(0, 0, diagonal, diagonal);
        using var sheetHeld = sheet.CopyMemory();
        using var slanted = sheetHeld.Similarity(angle: Slant);
        using var cut = slanted.ExtractArea((slanted.Width - width) / 2, (slanted.Height - height) / 2, width, height);
        return cut.CopyMemory();
    }
}
