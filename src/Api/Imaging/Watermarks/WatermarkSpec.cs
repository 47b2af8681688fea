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

    /// <summary>Slanted and repeated over the whole picture.</summary>
    Tiled,
}

/// <summary>A watermark: a text, or a logo sanitized by <see cref="LogoInspector"/>. If both are given, the logo is used.</summary>
internal sealed record WatermarkSpec
{
    /// <summary>The maximum length of a text; longer ones are cut. Every email address fits.</summary>
    public const int MaxTextLength = 254;

    public string? Text { get; init; }

    public ReadOnlyMemory<byte> LogoPng { get; init; }

    public WatermarkPosition Position { get; init; } = WatermarkPosition.BottomRight;

    /// <summary>From 0 (invisible) to 1 (opaque).</summary>
    public double Opacity { get; init; } = 0.5;

    /// <summary>The width of the watermark (of one tile if tiled) in percent of the picture's width, 2 to 100.</summary>
    public double WidthPercent { get; init; } = 25;

    /// <summary>The color of a text, as #rrggbb.</summary>
    public string Color { get; init; } = "#ffffff";
}

/// <param name="SizePixels">The longest side; a smaller master is not enlarged.</param>
/// <param name="Watermark">Null for a clean picture.</param>
/// <param name="Viewer">A second watermark on top of the first that identifies the viewer; null for none.</param>
internal sealed record RenderSpec(int SizePixels, RenditionFormat Format, WatermarkSpec? Watermark = null, WatermarkSpec? Viewer = null);

internal sealed record RenderedPicture(byte[] Bytes, int Width, int Height, RenditionFormat Format);

/// <summary>There is no font for the watermark: a fault of the installation.</summary>
internal sealed class WatermarkFontException()
    : Exception("The watermark's text could not be written: no font was found. Install one (Debian and Ubuntu: `apt-get install fonts-dejavu-core`).");
