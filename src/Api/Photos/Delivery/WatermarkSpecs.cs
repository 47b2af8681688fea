using Proofsheet.Api.Imaging;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Studios;

namespace Proofsheet.Api.Photos.Delivery;

/// <summary>A studio's watermark preset as the renderer wants it.</summary>
internal sealed class WatermarkSpecs(IObjectStore store)
{
    public async Task<WatermarkSpec> OfAsync(GalleryMark mark, CancellationToken cancellation)
    {
        var watermark = mark.Watermark ?? throw new InvalidOperationException("A gallery without a watermark has nothing to draw.");
        return new WatermarkSpec
        {
            Text = TextOf(watermark, mark.Branding),
            LogoPng = await LogoAsync(mark.Branding, cancellation),
            Position = Position(watermark.Position),
            Opacity = watermark.OpacityPercent / 100.0,
            WidthPercent = watermark.SizePercent,
            Colour = watermark.Color,
        };
    }

    // The renderer draws the text where there is no logo, and nothing where there is neither: there is always a text.
    private static string TextOf(Watermark watermark, Branding? branding) =>
        !string.IsNullOrWhiteSpace(watermark.Text) ? watermark.Text
        : !string.IsNullOrWhiteSpace(branding?.Name) ? branding.Name
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
        WatermarkPlacement.Center => WatermarkPosition.Centre,
        WatermarkPlacement.Right => WatermarkPosition.Right,
        WatermarkPlacement.BottomLeft => WatermarkPosition.BottomLeft,
        WatermarkPlacement.Bottom => WatermarkPosition.Bottom,
        WatermarkPlacement.Tiled => WatermarkPosition.Tiled,
        _ => WatermarkPosition.BottomRight,
    };
}
