namespace Proofsheet.Api.Imaging.LibVips;

/// <summary>The savers in the settings of this product.</summary>
internal static class VipsEncode
{
    /// <summary>JPEG for the web: no metadata of any kind is left.</summary>
    public static byte[] Jpeg(VipsImage image, int quality) => Bare(
        VipsImage.Op("jpegsave_buffer").Set("in", image).Set("Q", quality).Set("optimize-coding", true)).RunToBytes();

    public static byte[] WebP(VipsImage image, int quality, int effort) => WebPContainer.WithoutMetadata(Bare(
        VipsImage.Op("webpsave_buffer").Set("in", image).Set("Q", quality).Set("effort", effort)).RunToBytes());

    /// <param name="effort">0 to 9; libvips has 4, which takes some thirty-five times as long as 0.</param>
    public static byte[] Avif(VipsImage image, int quality, int effort) => Bare(
        VipsImage.Op("heifsave_buffer").Set("in", image).Set("compression", Vips.CompressionAv1).Set("Q", quality).Set("effort", effort)).RunToBytes();

    public static byte[] Png(VipsImage image) => Bare(
        VipsImage.Op("pngsave_buffer").Set("in", image).Set("compression", 6)).RunToBytes();

    /// <summary>JPEG to make other JPEGs from: full chroma, high quality, its sRGB profile stated, nothing else kept.</summary>
    public static byte[] Master(VipsImage image, int quality)
    {
        using var bare = Bare(VipsImage.Op("jpegsave_buffer").Set("in", image).Set("Q", quality));
        if (!VipsRuntime.HasKeep)
        {
            return bare.Set("subsample-mode", Vips.SubsampleOff).RunToBytes();
        }

        return bare.Set("subsample-mode", Vips.SubsampleOff).Set("keep", Vips.KeepProfile).Set("profile", "srgb").RunToBytes();
    }

    /// <summary>JPEG with the fields that were set on the picture (EXIF), for pictures this product makes itself.</summary>
    public static byte[] JpegWithFields(VipsImage image, int quality)
    {
        var save = VipsImage.Op("jpegsave_buffer").Set("in", image).Set("Q", quality);
        return (VipsRuntime.HasKeep ? save.Set("keep", Vips.KeepAll) : save.Set("strip", false)).RunToBytes();
    }

    private static VipsOperation Bare(VipsOperation save) =>
        VipsRuntime.HasKeep ? save.Set("keep", Vips.KeepNothing) : save.Set("strip", true);
}
