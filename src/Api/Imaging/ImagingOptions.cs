using System.ComponentModel.DataAnnotations;

namespace Proofsheet.Api.Imaging;

internal enum ImageIsolation
{
    /// <summary>In killable child processes with a memory limit.</summary>
    Worker,

    /// <summary>In this process.</summary>
    InProcess,
}

/// <summary>Section "Imaging" of the configuration.</summary>
internal sealed class ImagingOptions
{
    public ImageIsolation Isolation { get; set; } = ImageIsolation.Worker;

    /// <summary>Photographs worked on at the same time; each takes one core.</summary>
    [Range(1, 256)]
    public int Workers { get; set; } = Environment.ProcessorCount;

    /// <summary>Requests go first where there are too few cores for both. A machine that is always busy needs false, or photos wait for minutes.</summary>
    public bool LowPriority { get; set; } = true;

    [Range(1, 3600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>Most memory one worker process may hold, in MB.</summary>
    [Range(256, 65_536)]
    public int WorkerMemoryMegabytes { get; set; } = 1400;

    /// <summary>A worker that had nothing to do for this long is ended, and its memory given back.</summary>
    [Range(1, 86_400)]
    public int WorkerIdleSeconds { get; set; } = 60;

    /// <summary>Full path of a libvips library; empty to look in the usual places.</summary>
    public string? LibVipsPath { get; set; }

    /// <summary>Full path of a libheif library, for HEIC; empty for the system's, <c>none</c> to decode none.</summary>
    public string? LibHeifPath { get; set; }

    /// <summary>Full path of a libraw library, for the previews of camera RAW; empty for the system's, <c>none</c> to open none.</summary>
    public string? LibRawPath { get; set; }

    [Range(1, 100_000)]
    public int MaxMegapixels { get; set; } = 200;

    [Range(1, 100_000)]
    public int MaxFileMegabytes { get; set; } = 500;

    public long WorkerMemoryBytes => WorkerMemoryMegabytes * 1024L * 1024;

    public ImageLimits Limits => ImageLimits.Default with
    {
        MaxPixels = MaxMegapixels * 1_000_000L,
        MaxBytes = MaxFileMegabytes * 1024L * 1024,
        MaxWholeDecodeBytes = Math.Min(ImageLimits.Default.MaxWholeDecodeBytes, (WorkerMemoryMegabytes - 200) * 1024L * 1024),
    };
}
