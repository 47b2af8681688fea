using Proofsheet.Api.Imaging.Watermarks;
using Proofsheet.Api.Media.Cache;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Api.Studios.Watermarks;

namespace Proofsheet.Api.Media.Watermarks;

/// <summary>Converts a gallery's mark into what the renderer needs.</summary>
internal sealed class WatermarkSpecs(IObjectStore store)
{
    /// <summary>The studio's preset; null if the gallery has none.</summary>
    public async Task<WatermarkSpec?> OfAsync(GalleryMark mark, CancellationToken cancellation)
    {
        if (mark.Watermark is not { } watermark)
        {
            return null;
        }

        return new WatermarkSpec
        {
            Text = TextOf(watermark, mark.Branding),
            LogoPng = await LogoAsync(mark.Branding, cancellation),
            Position = Position(watermark.Position),
            Opacity = watermark.OpacityPercent / 100.0,
            WidthPercent = watermark.SizePercent,
            Color = watermark.Color,
        };
    }

    /// <summary>
    /// The visitor's name, faintly tiled over the whole picture so that every crop contains it. If the preset is tiled already, the name is drawn
    /// once across the middle, because two overlapping patterns are unreadable.
    /// </summary>
    public static WatermarkSpec? OfViewer(GalleryMark mark) => mark.Viewer is not { } viewer ? null : new WatermarkSpec
    {
        Text = viewer.Text,
        Position = mark.Watermark?.Position == WatermarkPlacement.Tiled ? WatermarkPosition.Center : WatermarkPosition.Tiled,
        Opacity = 0.35,
        WidthPercent = mark.Watermark?.Position == WatermarkPlacement.Tiled ? 60 : 30,
    };

    // The renderer draws the text if there is no logo, and nothing if there is neither, so there must always be a text.
    private static string TextOf(Watermark watermark, Branding? branding) =>
        !string.IsNullOrWhiteSpace(watermark.Text) ? watermark.Text
        : !string.IsNullOrWhiteSpace(branding?.Name) && Letters.MissingIn(branding.Name) is null ? branding.Name
        : "©";

    private async Task<ReadOnlyMemory<byte>> LogoAsync(Branding? branding, CancellationToken cancellation)
    {
        if (branding?.LogoKey is not { } key || await store.OpenAsync(key, cancellation: cancellation) is not { } reader)
        {
            return default;
        }

        await using (reader)
        {
            var png = new byte[reader.Length];
            await reader.Content.ReadExactlyAsync(png, cancellation);
            return png;
        }
    }

    private static WatermarkPosition Position(WatermarkPlacement placement) => placement switch
    {
        WatermarkPlacement.TopLeft => WatermarkPosition.TopLeft,
        WatermarkPlacement.Top => WatermarkPosition.Top,
        WatermarkPlacement.TopRight => WatermarkPosition.TopRight,
        WatermarkPlacement.Left => WatermarkPosition.Left,
        WatermarkPlacement.Center => WatermarkPosition.Center,
        WatermarkPlacement.Right => WatermarkPosition.Right,
        WatermarkPlacement.BottomLeft => WatermarkPosition.BottomLeft,
        WatermarkPlacement.Bottom => WatermarkPosition.Bottom,
        WatermarkPlacement.Tiled => WatermarkPosition.Tiled,
        _ => WatermarkPosition.BottomRight,
    };
}
