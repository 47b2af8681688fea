using NetVips;

namespace Proofsheet.Api.Imaging.LibVips;

/// <summary>The encoders with this product's settings. For a libvips without "keep", NetVips uses the older "strip".</summary>
internal static class VipsEncode
{
    /// <summary>A JPEG for the web, without any metadata.</summary>
    public static byte[] Jpeg(Image image, int quality) => image.JpegsaveBuffer(q: quality, optimizeCoding: true, keep: Enums.ForeignKeep.None);

    public static byte[] WebP(Image image, int quality, int effort) =>
        WebPContainer.WithoutMetadata(image.WebpsaveBuffer(q: quality, effort: effort, keep: Enums.ForeignKeep.None));

    /// <param name="effort">0 to 9; the default of libvips is 4, which takes about thirty-five times as long as 0.</param>
    public static byte[] Avif(Image image, int quality, int effort) =>
        image.HeifsaveBuffer(q: quality, compression: Enums.ForeignHeifCompression.Av1, effort: effort, keep: Enums.ForeignKeep.None);

    public static byte[] Png(Image image) => image.PngsaveBuffer(compression: 6, keep: Enums.ForeignKeep.None);

    /// <summary>A JPEG from which other JPEGs are made: full chroma, high quality, with its sRGB profile and no other metadata.</summary>
    public static byte[] Master(Image image, int quality) => VipsRuntime.HasKeep
        ? image.JpegsaveBuffer(q: quality, subsampleMode: Enums.ForeignSubsample.Off, keep: Enums.ForeignKeep.Icc, profile: "srgb")
        : image.JpegsaveBuffer(q: quality, subsampleMode: Enums.ForeignSubsample.Off, keep: Enums.ForeignKeep.None);
}
