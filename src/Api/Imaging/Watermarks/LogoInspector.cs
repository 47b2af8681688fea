using NetVips;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Steps;

namespace Proofsheet.Api.Imaging.Watermarks;

/// <summary>A sanitized logo: PNG with transparency, sRGB, without metadata.</summary>
internal sealed record Logo(byte[] Png, int Width, int Height);

/// <summary>Either the sanitized logo or the refusal.</summary>
internal sealed record LogoInspection(Logo? Logo, ImageRefusal? Refusal)
{
    public static implicit operator LogoInspection(Logo logo) => new(logo, null);

    public static implicit operator LogoInspection(ImageRefusal refusal) => new(null, refusal);
}

/// <summary>Accepts a studio's logo: PNG, JPEG or WebP of limited size, decoded and encoded again so that only pixels remain.</summary>
internal static class LogoInspector
{
    public const int MaxBytes = 2 * 1024 * 1024;
    public const int MaxSidePixels = 4000;

    // The maximum width of a watermark on a 2048-pixel picture; a smaller logo is faster to draw.
    private const int KeptSidePixels = 1600;

    public static ImageRefusal? RefuseBytes(ReadOnlySpan<byte> logo) =>
        logo.Length > MaxBytes ? new ImageRefusal(ImageRefusal.ImageTooLargeCode, $"A logo may have at most {MaxBytes / 1024 / 1024} MB.")
        : Kind(logo) is null ? new ImageRefusal(ImageRefusal.UnsupportedFormatCode, "A logo is a PNG, best with a transparent ground, or a JPEG or WebP.")
        : null;

    public static LogoInspection Inspect(ReadOnlySpan<byte> logo)
    {
        if (RefuseBytes(logo) is { } refusal)
        {
            return refusal;
        }

        try
        {
            using var opened = ImageLoader.Open(Kind(logo)!.Value, logo, failOn: Enums.FailOn.Truncated);
            if (opened.Width > MaxSidePixels || opened.Height > MaxSidePixels)
            {
                return new ImageRefusal(ImageRefusal.ImageTooLargeCode, $"A logo may have at most {MaxSidePixels} x {MaxSidePixels} pixels.");
            }

            using var bare = opened.Without("icc-profile-data");
            var (width, height) = Resizing.Fit(bare.Width, bare.Height, KeptSidePixels);
            using var colors = bare.Colourspace(Enums.Interpretation.Srgb);
            using var eight = colors.Cast(Enums.BandFormat.Uchar);
            using var sized = eight.ThumbnailImage(width, height: height);
            // Debian's libvips 8.14 has no addalpha operation.
            using var full = sized.HasAlpha() ? sized.Copy() : sized.BandjoinConst([255.0]);
            using var held = full.CopyMemory();
            return new Logo(VipsEncode.Png(held), held.Width, held.Height);
        }
        catch (VipsException broken)
        {
            return VipsErrors.ToRefusal(broken);
        }
    }

    private static ImageFormat? Kind(ReadOnlySpan<byte> logo) =>
        ImageSniffer.Sniff(logo).Format is var format and (ImageFormat.Png or ImageFormat.Jpeg or ImageFormat.WebP) ? format : null;
}
