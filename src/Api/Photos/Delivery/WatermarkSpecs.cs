using Proofsheet.Api.Imaging;
using Proofsheet.Api.Studios;

namespace Proofsheet.Api.Photos.Delivery;

/// <summary>A studio's watermark preset as the renderer wants it.</summary>
internal sealed class WatermarkSpecs(GalleryMarks marks)
{
    public async Task<WatermarkSpec> OfAsync(GalleryMark mark, CancellationToken cancellation)
    {
        var watermark = await marks.WatermarkAsync(mark.WatermarkId!.Value, cancellation)
            ?? throw new InvalidOperationException("The watermark went away while it was drawn.");
        return new WatermarkSpec
        {
            Text = watermark.Text,
            Position = Position(watermark.Position),
            Opacity = watermark.OpacityPercent / 100.0,
            WidthPercent = watermark.SizePercent,
            Colour = watermark.Color,
        };
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
