using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Steps;

namespace Proofsheet.Api.Imaging.Watermarks;

/// <summary>A logo made clean: PNG with transparency, sRGB, without metadata.</summary>
internal sealed record Logo(byte[] Png, int Width, int Height);

/// <summary>Either the clean logo or the refusal.</summary>
internal sealed record LogoInspection(Logo? Logo, ImageRefusal? Refusal)
{
    public static implicit operator LogoInspection(Logo logo) => new(logo, null);

    public static implicit operator LogoInspection(ImageRefusal refusal) => new(null, refusal);
}

/// <summary>Takes a studio's logo: PNG, JPEG or WebP, bounded, decoded and encoded again so that nothing but pixels stays.</summary>
internal static class LogoInspector
{
    public const int MaxBytes = 2 * 1024 * 1024;
    public const int MaxSidePixels = 4000;

    // As wide as a watermark ever gets on a 2048 picture; smaller is faster at every delivery.
    private const int KeptSidePixels = 1600;

    public static ImageRefusal? RefuseBytes(ReadOnlySpan<byte> logo) =>
        logo.Length > MaxBytes ? new ImageRefusal(ImageRefusal.ImageTooLargeCode, $"A logo may have at most {MaxBytes / 1024 / 1024} MB.")
        : Loader(logo) is null ? new ImageRefusal(ImageRefusal.UnsupportedFormatCode, "A logo is a PNG, best with a transparent ground, or a JPEG or WebP.")
        : null;

    public static LogoInspection Inspect(ReadOnlySpan<byte> logo)
    {
        if (RefuseBytes(logo) is { } refusal)
        {
            return refusal;
        }

        try
        {
            using var opened = VipsImage.Op(Loader(logo)!).SetBlob("buffer", logo).Set("fail-on", Vips.FailOnTruncated).Run();
            if (opened.Width > MaxSidePixels || opened.Height > MaxSidePixels)
            {
                return new ImageRefusal(ImageRefusal.ImageTooLargeCode, $"A logo may have at most {MaxSidePixels} x {MaxSidePixels} pixels.");
            }

            using var bare = opened.Copy();
            bare.RemoveField("icc-profile-data");
            var (width, height) = Resizing.Fit(bare.Width, bare.Height, KeptSidePixels);
            using var colors = VipsImage.Op("colourspace").Set("in", bare).Set("space", Vips.InterpretationSrgb).Run();
            using var eight = VipsImage.Op("cast").Set("in", colors).Set("format", Vips.FormatUchar).Run();
            using var sized = VipsImage.Op("thumbnail_image").Set("in", eight).Set("width", width).Set("height", height).Run();
            // Debian's libvips 8.14 has no addalpha operation.
            using var full = sized.HasAlpha ? sized.Copy() : VipsImage.Op("bandjoin_const").Set("in", sized).Set("c", [255.0]).Run();
            using var held = full.ToMemory();
            return new Logo(VipsEncode.Png(held), held.Width, held.Height);
        }
        catch (DecodeException broken)
        {
            return broken.Refusal;
        }
    }

    private static string? Loader(ReadOnlySpan<byte> logo) => ImageSniffer.Sniff(logo).Format switch
    {
        ImageFormat.Png => "pngload_buffer",
        ImageFormat.Jpeg => "jpegload_buffer",
        ImageFormat.WebP => "webpload_buffer",
        _ => null,
    };
}
