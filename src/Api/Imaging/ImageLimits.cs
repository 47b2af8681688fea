namespace Proofsheet.Api.Imaging;

/// <summary>The limits of a file, checked against its header before decoding, so that a decompression bomb costs nothing.</summary>
internal sealed record ImageLimits
{
    public static readonly ImageLimits Default = new();

    public long MaxBytes { get; init; } = 500L * 1024 * 1024;

    public long MaxPixels { get; init; } = 200_000_000;

    /// <summary>The limit of JPEG; no camera exceeds it.</summary>
    public int MaxSidePixels { get; init; } = 65_500;

    /// <summary>CMYK with alpha has five.</summary>
    public int MaxBands { get; init; } = 5;

    /// <summary>Only the first page is used; a file with more pages than this is not a photograph.</summary>
    public int MaxPages { get; init; } = 1000;

    /// <summary>The number of passes over a progressive JPEG. Encoders make about ten.</summary>
    public int MaxScans { get; init; } = 100;

    /// <summary>
    /// Formats that are decoded whole before the first pixel is available (progressive JPEG, interlaced PNG, WebP, AVIF) need all this memory at once.
    /// </summary>
    public long MaxWholeDecodeBytes { get; init; } = 900L * 1024 * 1024;
}
