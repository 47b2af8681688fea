namespace Proofsheet.Api.Imaging.Metadata;

/// <summary>The metadata of a photograph (EXIF, IPTC, XMP), cleaned and bounded. All text is untrusted and must be escaped where it is shown.</summary>
internal sealed record PhotoMetadata
{
    public const int MaxNameLength = 100;
    public const int MaxTitleLength = 300;
    public const int MaxCaptionLength = 2000;
    public const int MaxKeywordLength = 64;
    public const int MaxKeywords = 100;

    public static readonly PhotoMetadata Empty = new();

    public string? CameraMake { get; init; }

    public string? CameraModel { get; init; }

    /// <summary>Maker and model, without repeating the maker: "Canon EOS 5D".</summary>
    public string? Camera { get; init; }

    public string? Lens { get; init; }

    public double? ExposureSeconds { get; init; }

    public double? FNumber { get; init; }

    public int? Iso { get; init; }

    public double? FocalLengthMillimeters { get; init; }

    /// <summary>By the camera's clock; the time zone is <see cref="TakenAtOffset"/> if the camera wrote one.</summary>
    public DateTime? TakenAtLocal { get; init; }

    public TimeSpan? TakenAtOffset { get; init; }

    public string? Title { get; init; }

    public string? Caption { get; init; }

    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>1 to 5; null if not rated.</summary>
    public int? Rating { get; init; }

    public string? Creator { get; init; }

    public string? Copyright { get; init; }

    public bool HasGps => Gps is not null;

    /// <summary>Private: only for the studio that owns the photograph.</summary>
    public GpsPosition? Gps { get; init; }

    /// <summary>The exact time, if the time zone is known.</summary>
    public DateTimeOffset? TakenAt =>
        TakenAtLocal is { } local && TakenAtOffset is { } offset ? new DateTimeOffset(local, offset) : null;

    /// <summary>Never throws: what cannot be read is absent.</summary>
    public static PhotoMetadata Read(string path) => PhotoMetadataReader.Read(path);
}

internal sealed record GpsPosition(double Latitude, double Longitude, double? AltitudeMeters);
