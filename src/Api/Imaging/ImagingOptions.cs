using System.ComponentModel.DataAnnotations;

namespace Proofsheet.Api.Imaging;

internal enum ImageIsolation
{
    /// <summary>In child processes with a memory limit, which can be killed.</summary>
    Worker,

    /// <summary>In this process.</summary>
    InProcess,
}

/// <summary>Section "Imaging" of the configuration.</summary>
internal sealed class ImagingOptions
{
    public ImageIsolation Isolation { get; set; } = ImageIsolation.Worker;

    /// <summary>How many photographs are processed at the same time; each takes one core.</summary>
    [Range(1, 256)]
    public int Workers { get; set; } = Environment.ProcessorCount;

    /// <summary>Lets requests run first when cores are scarce. Set it to false on a machine that is always busy, where photos would wait for minutes.</summary>
    public bool LowPriority { get; set; } = true;

    /// <summary>The CPU time that one photo may take. A worker that takes three times as long by the clock is ended too, and another one tries once more.</summary>
    [Range(1, 3600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>The maximum memory of one worker process, in MB.</summary>
    [Range(256, 65_536)]
    public int WorkerMemoryMegabytes { get; set; } = 1400;

    /// <summary>A worker that has been idle for this long is stopped to free its memory.</summary>
    [Range(1, 86_400)]
    public int WorkerIdleSeconds { get; set; } = 60;

    /// <summary>The full path of a libvips library; if empty, the usual places are searched.</summary>
    public string? LibVipsPath { get; set; }

    /// <summary>The full path of a libheif library, for HEIC. If empty, the system's is used; with <c>none</c>, HEIC is not decoded.</summary>
    public string? LibHeifPath { get; set; }

    /// <summary>The full path of a libraw library, for previews of camera RAW. If empty, the system's is used; with <c>none</c>, RAW files are not opened.</summary>
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
