using System.Text.Json.Serialization;

namespace Proofsheet.Api.Imaging.Watermarks;

[JsonConverter(typeof(JsonStringEnumConverter<WatermarkPosition>))]
internal enum WatermarkPosition
{
    TopLeft,
    Top,
    TopRight,
    Left,
    Center,
    Right,
    BottomLeft,
    Bottom,
    BottomRight,

    /// <summary>Slanted over the whole picture.</summary>
    Tiled,
}

/// <summary>A watermark: a text, or a logo as cleaned by <see cref="LogoInspector"/>. A logo wins where both are given.</summary>
internal sealed record WatermarkSpec
{
    /// <summary>Of a text; what is longer is cut. An address of a person's mailbox fits.</summary>
    public const int MaxTextLength = 254;

    public string? Text { get; init; }

    public ReadOnlyMemory<byte> LogoPng { get; init; }

    public WatermarkPosition Position { get; init; } = WatermarkPosition.BottomRight;

    /// <summary>0 (not seen) to 1 (solid).</summary>
    public double Opacity { get; init; } = 0.5;

    /// <summary>Width of the watermark (of one of them, when tiled) in percent of the picture's width, 2 to 100.</summary>
    public double WidthPercent { get; init; } = 25;

    /// <summary>Color of a text, #rrggbb.</summary>
    public string Color { get; init; } = "#ffffff";
}

/// <param name="SizePixels">Longest side; a smaller master is not enlarged.</param>
/// <param name="Watermark">Null for a clean picture.</param>
/// <param name="Viewer">A second one over the first, which says who looks; null for none.</param>
internal sealed record RenderSpec(int SizePixels, RenditionFormat Format, WatermarkSpec? Watermark = null, WatermarkSpec? Viewer = null);

internal sealed record RenderedPicture(byte[] Bytes, int Width, int Height, RenditionFormat Format);

/// <summary>No font that could write the watermark: a fault of the installation.</summary>
internal sealed class WatermarkFontException()
    : Exception("The watermark's text could not be written: no font was found. Install one (Debian and Ubuntu: `apt-get install fonts-dejavu-core`).");
