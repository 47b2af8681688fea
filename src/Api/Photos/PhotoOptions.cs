using System.ComponentModel.DataAnnotations;

namespace Proofsheet.Api.Photos;

/// <summary>The section <c>Photos</c>.</summary>
internal sealed class PhotoOptions
{
    /// <summary>The maximum size of one file, in bytes.</summary>
    [Range(1024, long.MaxValue)]
    public long MaxFileBytes { get; init; } = 200L << 20;

    /// <summary>The maximum size of one request with all its files, in bytes. How much a studio may store is limited by its plan.</summary>
    [Range(1024, long.MaxValue)]
    public long MaxUploadBytes { get; init; } = 50L << 30;

    [Range(1, 10_000)]
    public int MaxFilesPerUpload { get; init; } = 1_000;

    /// <summary>How many hours an unfinished upload is kept after its last bytes were received.</summary>
    [Range(1, 24 * 30)]
    public int UploadHours { get; init; } = 24;

    /// <summary>The maximum number of open uploads of a studio at a time. Their announced bytes count toward the storage of its plan.</summary>
    [Range(1, 1_000_000)]
    public int MaxOpenUploads { get; init; } = 10_000;

    /// <summary>How many bytes of an upload a crash can lose at most.</summary>
    [Range(64 << 10, 1 << 30)]
    public int UploadPartBytes { get; init; } = 16 << 20;

    /// <summary>How many seconds an upload stays locked after the process writing it was killed. Slowly arriving bytes are saved every third of this time.</summary>
    [Range(2, 600)]
    public int UploadLeaseSeconds { get; init; } = 30;

    /// <summary>How many hours the URL of a picture is valid at least.</summary>
    [Range(1, 24 * 30)]
    public int LinkHours { get; init; } = 24;

    /// <summary>How often a watched gallery is checked for changes.</summary>
    [Range(20, 60_000)]
    public int WatchMilliseconds { get; init; } = 500;

    [Range(1, 300)]
    public int HeartbeatSeconds { get; init; } = 15;

    /// <summary>An event stream ends when nothing has been in progress for this long.</summary>
    [Range(1, 3_600)]
    public int QuietSeconds { get; init; } = 30;

    /// <summary>How often to look for files without a photo.</summary>
    [Range(1, 168)]
    public int SweepHours { get; init; } = 6;

    /// <summary>
    /// How many days the original of a purged photo, or of one without a row, is kept: as long as a backup of the database may be restored. With 0,
    /// an original goes with its photo.
    /// </summary>
    [Range(0, 3_650)]
    public int KeepDeletedDays { get; init; } = 30;

    /// <summary>
    /// Where pictures are kept while they are made. What a killed process left is deleted when the next one starts. The folder must be on a local disk.
    /// </summary>
    [Required]
    public string WorkFolder { get; init; } = Path.Combine(Path.GetTempPath(), "proofsheet-work");
}
