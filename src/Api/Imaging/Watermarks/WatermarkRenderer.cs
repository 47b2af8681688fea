using NetVips;
using Proofsheet.Api.Imaging.Steps;

namespace Proofsheet.Api.Imaging.Watermarks;

/// <summary>Renders what a visitor gets from a private master: any size and format, with or without a watermark. Safe to call in parallel.</summary>
internal sealed class WatermarkRenderer
{
    private readonly RecentOverlays _overlays = new();

    /// <param name="master">The master (or a rendition) that the pipeline made; never an upload.</param>
    /// <param name="spec">What to render.</param>
    public RenderedPicture Render(ReadOnlySpan<byte> master, RenderSpec spec)
    {
        using var header = ImageLoader.Open(ImageFormat.Jpeg, master);
        var (width, height) = Resizing.Fit(header.Width, header.Height, spec.SizePixels);
        var shrink = Resizing.ShrinkOnLoad(header.Width, header.Height, spec.SizePixels);

        // Read once from top to bottom: without a watermark, strips go from the decoder to the encoder, and the picture is never whole in memory.
        using var opened = ImageLoader.Open(ImageFormat.Jpeg, master, access: Enums.Access.Sequential, jpegShrink: shrink);
        using var sized = Resizing.To(opened, width, height);
        if (spec is { Watermark: null, Viewer: null })
        {
            return new RenderedPicture(OutputSteps.Encode(sized, spec.Format), width, height, spec.Format);
        }

        using var picture = sized.CopyMemory();
        using var marked = spec.Watermark is { } watermark ? Mark(picture, watermark) : picture.Copy();
        using var whole = spec.Viewer is { } viewer ? Mark(marked, viewer) : marked.Copy();
        return new RenderedPicture(OutputSteps.Encode(whole, spec.Format), width, height, spec.Format);
    }

    /// <summary>The picture with its watermark, in memory; call it at the size in which it is shown.</summary>
    internal Image Mark(Image picture, WatermarkSpec spec)
    {
        if (spec.LogoPng.IsEmpty && string.IsNullOrWhiteSpace(spec.Text))
        {
            return picture.Copy();
        }

        using var overlay = _overlays.Of(spec, picture.Width, picture.Height);
        return overlay.Over(picture);
    }
}
