using NetVips;

namespace Proofsheet.Api.Imaging.LibVips;

/// <summary>The savers in the settings of this product. NetVips turns what is kept into the older switch where libvips has no other.</summary>
internal static class VipsEncode
{
    /// <summary>JPEG for the web: no metadata of any kind is left.</summary>
    public static byte[] Jpeg(Image image, int quality) => image.JpegsaveBuffer(q: quality, optimizeCoding: true, keep: Enums.ForeignKeep.None);

    public static byte[] WebP(Image image, int quality, int effort) =>
        WebPContainer.WithoutMetadata(image.WebpsaveBuffer(q: quality, effort: effort, keep: Enums.ForeignKeep.None));

    /// <param name="effort">0 to 9; libvips has 4, which takes some thirty-five times as long as 0.</param>
    public static byte[] Avif(Image image, int quality, int effort) =>
        image.HeifsaveBuffer(q: quality, compression: Enums.ForeignHeifCompression.Av1, effort: effort, keep: Enums.ForeignKeep.None);

    public static byte[] Png(Image image) => image.PngsaveBuffer(compression: 6, keep: Enums.ForeignKeep.None);

    /// <summary>JPEG to make other JPEGs from: full chroma, high quality, its sRGB profile stated, nothing else kept.</summary>
    public static byte[] Master(Image image, int quality) => VipsRuntime.HasKeep
        ? image.JpegsaveBuffer(q: quality, subsampleMode: Enums.ForeignSubsample.Off, keep: Enums.ForeignKeep.Icc, profile: "srgb")
        : image.JpegsaveBuffer(q: quality, subsampleMode: Enums.ForeignSubsample.Off, keep: Enums.ForeignKeep.None);
}
