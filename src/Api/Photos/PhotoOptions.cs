using System.ComponentModel.DataAnnotations;

namespace Proofsheet.Api.Photos;

/// <summary>The section <c>Photos</c>.</summary>
internal sealed class PhotoOptions
{
    /// <summary>Of one file.</summary>
    [Range(1024, long.MaxValue)]
    public long MaxFileBytes { get; init; } = 200L << 20;

    /// <summary>Of one request with all its files; what a plan stores is limited by the plan.</summary>
    [Range(1024, long.MaxValue)]
    public long MaxUploadBytes { get; init; } = 50L << 30;

    [Range(1, 10_000)]
    public int MaxFilesPerUpload { get; init; } = 1_000;

    /// <summary>How long an unfinished upload is kept after the last bytes of it came.</summary>
    [Range(1, 24 * 30)]
    public int UploadHours { get; init; } = 24;

    /// <summary>Of a studio, at a time. What they announce counts towards the storage of its plan.</summary>
    [Range(1, 1_000_000)]
    public int MaxOpenUploads { get; init; } = 10_000;

    /// <summary>A kill loses so many bytes of an upload at most.</summary>
    [Range(64 << 10, 1 << 30)]
    public int UploadPartBytes { get; init; } = 16 << 20;

    /// <summary>How long an upload stays locked when the process that writes it was killed; what came slowly counts every third of it.</summary>
    [Range(2, 600)]
    public int UploadLeaseSeconds { get; init; } = 30;

    /// <summary>How long the address of a picture holds at least.</summary>
    [Range(1, 24 * 30)]
    public int LinkHours { get; init; } = 24;

    /// <summary>How often a watched gallery is looked at for news.</summary>
    [Range(20, 60_000)]
    public int WatchMilliseconds { get; init; } = 500;

    [Range(1, 300)]
    public int HeartbeatSeconds { get; init; } = 15;

    /// <summary>A stream of news ends when nothing was under way for this long.</summary>
    [Range(1, 3_600)]
    public int QuietSeconds { get; init; } = 30;

    /// <summary>How often files without a photo are looked for.</summary>
    [Range(1, 168)]
    public int SweepHours { get; init; } = 6;

    /// <summary>
    /// Where pictures lie while they are made. What a killed process leaves there is swept after a day, so the folder
    /// belongs to this installation alone.
    /// </summary>
    [Required]
    public string WorkFolder { get; init; } = Path.Combine(Path.GetTempPath(), "proofsheet-work");
}
