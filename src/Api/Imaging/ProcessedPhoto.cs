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

/// <summary>Longest sides, in pixels, that every photograph is made in; a smaller photograph keeps its own size.</summary>
internal static class RenditionSizes
{
    public const int Thumbnail = 300;
    public const int Preview = 1200;
    public const int Large = 2048;

    public static readonly IReadOnlyList<int> All = [Thumbnail, Preview, Large];
}

/// <summary>One encoded size of a photograph: upright, sRGB, without metadata and without watermark.</summary>
/// <param name="SizePixels">The size it stands for (300, 1200, 2048).</param>
/// <param name="FileName">File in the job's output folder.</param>
internal sealed record RenditionFile(int SizePixels, RenditionFormat Format, int Width, int Height, string FileName, long Bytes);

/// <summary>What a picture is recognized, searched and judged by.</summary>
/// <param name="BlurHash">Placeholder of 4 x 3 components.</param>
/// <param name="DominantColors">Five colors as #rrggbb, the most present first; fewer when the picture has fewer.</param>
/// <param name="DifferenceHash">dHash; at most ten bits apart, two pictures are nearly the same.</param>
/// <param name="PerceptualHash">pHash, likewise.</param>
/// <param name="Sharpness">Variance of the Laplacian in the sharpest tenth of the 1200 rendition; higher is sharper.</param>
internal sealed record PictureSignals(string BlurHash, IReadOnlyList<string> DominantColors, long DifferenceHash, long PerceptualHash, double Sharpness);

/// <summary>What processing found and made of one photograph.</summary>
internal sealed record ProcessedPhoto
{
    public required SniffedFormat Kind { get; init; }

    /// <summary>As shown: after orientation.</summary>
    public required int Width { get; init; }
    public required int Height { get; init; }

    /// <summary>EXIF orientation of the original (1 to 8); all that was made is upright already.</summary>
    public required int Orientation { get; init; }

    /// <summary>Width by height.</summary>
    public required double Aspect { get; init; }

    public required PictureSignals Signals { get; init; }

    /// <summary>Clean renditions: <see cref="RenditionSizes.All"/> in JPEG, WebP and, where the library can write it, AVIF.</summary>
    public required IReadOnlyList<RenditionFile> Renditions { get; init; }

    /// <summary>Private JPEG of up to 2048 pixels, to make watermarked and other sizes from; never given to a visitor.</summary>
    public required RenditionFile Master { get; init; }

    public required PhotoMetadata Metadata { get; init; }
}

/// <summary>Either the photograph or the reason why not.</summary>
internal sealed record ProcessOutcome(ProcessedPhoto? Photo, ImageRefusal? Refusal)
{
    public static implicit operator ProcessOutcome(ProcessedPhoto photo) => new(photo, null);

    public static implicit operator ProcessOutcome(ImageRefusal refusal) => new(null, refusal);
}

/// <param name="SourcePath">The original on disk; only read.</param>
/// <param name="OutputFolder">An existing empty folder; the caller moves the files on and deletes it.</param>
internal sealed record ImageJob(string SourcePath, string OutputFolder);
