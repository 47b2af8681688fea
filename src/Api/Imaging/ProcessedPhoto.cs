using System.Text.Json.Serialization;
using Proofsheet.Api.Imaging.Metadata;

namespace Proofsheet.Api.Imaging;

[JsonConverter(typeof(JsonStringEnumConverter<RenditionFormat>))]
internal enum RenditionFormat
{
    Jpeg,
    WebP,
    Avif,
}

internal static class RenditionFormats
{
    public static string ContentType(this RenditionFormat format) => Kind(format).ContentType;

    public static string Extension(this RenditionFormat format) => Kind(format).Extension;

    private static SniffedFormat Kind(RenditionFormat format) => format switch
    {
        RenditionFormat.Avif => SniffedFormat.Avif,
        RenditionFormat.WebP => SniffedFormat.WebP,
        _ => SniffedFormat.Jpeg,
    };
}

/// <summary>The longest sides, in pixels, of the renditions of every photograph; a smaller photograph keeps its size.</summary>
internal static class RenditionSizes
{
    public const int Thumbnail = 300;
    public const int Preview = 1200;
    public const int Large = 2048;

    public static readonly IReadOnlyList<int> All = [Thumbnail, Preview, Large];
}

/// <summary>One encoded size of a photograph: upright, sRGB, without metadata and watermark.</summary>
/// <param name="SizePixels">The nominal size (300, 1200, 2048).</param>
/// <param name="FileName">The file in the job's output folder.</param>
internal sealed record RenditionFile(int SizePixels, RenditionFormat Format, int Width, int Height, string FileName, long Bytes);

/// <summary>What is used to recognize, search and judge a picture.</summary>
/// <param name="BlurHash">A placeholder of 4 x 3 components.</param>
/// <param name="DominantColors">Five colors as #rrggbb, the most dominant first; fewer if the picture has fewer.</param>
/// <param name="DifferenceHash">The dHash; two pictures are nearly the same if theirs differ in at most ten bits.</param>
/// <param name="PerceptualHash">The pHash, likewise.</param>
/// <param name="Sharpness">The variance of the Laplacian in the sharpest tenth of the 1200 rendition; higher is sharper.</param>
internal sealed record PictureSignals(string BlurHash, IReadOnlyList<string> DominantColors, long DifferenceHash, long PerceptualHash, double Sharpness);

/// <summary>The results of processing one photograph.</summary>
internal sealed record ProcessedPhoto
{
    public required SniffedFormat Kind { get; init; }

    /// <summary>As shown, after orientation.</summary>
    public required int Width { get; init; }
    public required int Height { get; init; }

    /// <summary>The EXIF orientation of the original (1 to 8); all files that were made are already upright.</summary>
    public required int Orientation { get; init; }

    /// <summary>The width divided by the height.</summary>
    public required double Aspect { get; init; }

    public required PictureSignals Signals { get; init; }

    /// <summary>Clean renditions: <see cref="RenditionSizes.All"/> in JPEG. The other formats follow; see <see cref="IImageProcessor.AddFormatsAsync"/>.</summary>
    public required IReadOnlyList<RenditionFile> Renditions { get; init; }

    /// <summary>A private JPEG of up to 2048 pixels, from which other formats and sizes and watermarked pictures are made; never given to a visitor.</summary>
    public required RenditionFile Master { get; init; }

    public required PhotoMetadata Metadata { get; init; }
}

/// <summary>Either the photograph or the reason for the refusal.</summary>
internal sealed record ProcessOutcome(ProcessedPhoto? Photo, ImageRefusal? Refusal)
{
    public static implicit operator ProcessOutcome(ProcessedPhoto photo) => new(photo, null);

    public static implicit operator ProcessOutcome(ImageRefusal refusal) => new(null, refusal);
}

/// <summary>Either renditions or the reason for the refusal.</summary>
internal sealed record FormatsOutcome(IReadOnlyList<RenditionFile>? Renditions, ImageRefusal? Refusal)
{
    public static implicit operator FormatsOutcome(ImageRefusal refusal) => new(null, refusal);
}

/// <param name="SourcePath">The original, or the master, on disk; only read.</param>
/// <param name="OutputFolder">An existing empty folder; the caller moves the files elsewhere and deletes it.</param>
internal sealed record ImageJob(string SourcePath, string OutputFolder);
