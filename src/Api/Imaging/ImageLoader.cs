using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Api.Imaging;

/// <summary>Opens files with the loader of the kind that was told from their content.</summary>
internal static class ImageLoader
{
    public static VipsImage OpenHeader(ImageFormat format, string path) => Load(format, path).Run();

    /// <param name="jpegShrink">1, 2, 4 or 8: libjpeg decodes that much smaller, for a fraction of the work.</param>
    public static VipsImage OpenForOnePass(ImageFormat format, string path, int jpegShrink)
    {
        var load = Load(format, path).Set("access", Vips.AccessSequential).Set("fail-on", Vips.FailOnTruncated);
        return (format == ImageFormat.Jpeg && jpegShrink > 1 ? load.Set("shrink", jpegShrink) : load).Run();
    }

    private static VipsOperation Load(ImageFormat format, string path) => VipsImage.Op(format switch
    {
        ImageFormat.Jpeg => "jpegload",
        ImageFormat.Png => "pngload",
        ImageFormat.WebP => "webpload",
        ImageFormat.Avif or ImageFormat.Heic => "heifload",
        ImageFormat.Tiff => "tiffload",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No loader for this kind."),
    }).Set("filename", path);
}

/// <summary>Tells the photographer's reason from libvips' message.</summary>
internal static class DecodeFailure
{
    private static readonly string[] Missing =
        ["premature end", "truncated", "end of file", "end of stream", "end of input", "not enough", "read past", "read error", "eof"];

    private static readonly string[] Starved = ["insufficient memory", "out of memory", "memory allocation", "unable to allocate", "not enough memory"];

    public static ImageRefusal ToRefusal(VipsException failure) =>
        Says(failure, Starved) ? ImageRefusal.CrashedDecoder()
        : Says(failure, Missing) ? ImageRefusal.Truncated()
        : ImageRefusal.Corrupt();

    private static bool Says(VipsException failure, string[] words) =>
        words.Any(w => failure.Detail.Contains(w, StringComparison.OrdinalIgnoreCase));
}
