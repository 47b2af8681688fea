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

    /// <summary>How long the address of a picture holds at least.</summary>
    [Range(1, 24 * 30)]
    public int LinkHours { get; init; } = 24;

    /// <summary>
    /// Where this API is seen from outside, e.g. <c>https://api.example.com</c>; the addresses of pictures begin with it.
    /// Empty: as the request spelled it, which is right without a proxy in between.
    /// </summary>
    [RegularExpression("^(https?://[^/]+)?$", ErrorMessage = "Photos:PublicUrl is a scheme and a host, without a path.")]
    public string PublicUrl { get; init; } = "";

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
