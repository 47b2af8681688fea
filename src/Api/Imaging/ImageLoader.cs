using Proofsheet.Api.Imaging.LibHeif;
using Proofsheet.Api.Imaging.LibRaw;
using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Api.Imaging;

/// <summary>Opens files with the decoder of the kind that was told from their content.</summary>
internal static class ImageLoader
{
    /// <summary>Kinds that libvips reads itself.</summary>
    public static VipsImage OpenHeader(ImageFormat format, string path) => Load(format, path).Run();

    /// <summary>The picture that <paramref name="facts"/> tell of, not turned upright: HEIC whole, a camera RAW's preview, or a lazy one-pass reader.</summary>
    /// <param name="jpegShrink">1, 2, 4 or 8: libjpeg decodes that much smaller, for a fraction of the work.</param>
    public static VipsImage OpenForOnePass(ImageFacts facts, string path, int jpegShrink)
    {
        switch (facts.Kind.Format)
        {
            case ImageFormat.Heic:
                using (var picture = HeifPicture.Open(path, (long)facts.Width * facts.Height))
                {
                    return picture.Decode();
                }

            case ImageFormat.Raw:
                return RawPreview.Read(facts.Kind, path).Open(jpegShrink);

            case var format:
                var load = OnePass(Load(format, path));
                return (format == ImageFormat.Jpeg && jpegShrink > 1 ? load.Set("shrink", jpegShrink) : load).Run();
        }
    }

    public static VipsOperation OnePass(VipsOperation load) => load.Set("access", Vips.AccessSequential).Set("fail-on", Vips.FailOnTruncated);

    private static VipsOperation Load(ImageFormat format, string path) => VipsImage.Op(format switch
    {
        ImageFormat.Jpeg => "jpegload",
        ImageFormat.Png => "pngload",
        ImageFormat.WebP => "webpload",
        ImageFormat.Avif => "heifload",
        ImageFormat.Tiff => "tiffload",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "libvips has no loader for this kind."),
    }).Set("filename", path);
}
