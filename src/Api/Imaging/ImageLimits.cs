namespace Proofsheet.Api.Imaging;

/// <summary>What a file may ask for before it is decoded; read from the header, so a bomb costs nothing.</summary>
internal sealed record ImageLimits
{
    public static readonly ImageLimits Default = new();

    public long MaxBytes { get; init; } = 500L * 1024 * 1024;

    public long MaxPixels { get; init; } = 200_000_000;

    /// <summary>JPEG's own limit; nothing a camera makes is longer.</summary>
    public int MaxSidePixels { get; init; } = 65_500;

    /// <summary>CMYK with alpha has five.</summary>
    public int MaxBands { get; init; } = 5;

    /// <summary>The first page is used; files with more pages than this are something else than a photograph.</summary>
    public int MaxPages { get; init; } = 1000;

    /// <summary>Passes over a progressive JPEG. Encoders make about ten.</summary>
    public int MaxScans { get; init; } = 100;

    /// <summary>
    /// Kinds that are decoded whole before the first pixel comes out (progressive JPEG, interlaced PNG, WebP, AVIF) hold all this memory at once.
    /// </summary>
    public long MaxWholeDecodeBytes { get; init; } = 900L * 1024 * 1024;
}
