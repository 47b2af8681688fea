namespace Proofsheet.Api.Imaging.Metadata;

/// <summary>What a photograph says of itself (EXIF, IPTC, XMP), cleaned and bounded; every text is untrusted and must be escaped where shown.</summary>
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

    /// <summary>Maker and model without saying the maker twice: "Canon EOS 5D".</summary>
    public string? Camera { get; init; }

    public string? Lens { get; init; }

    public double? ExposureSeconds { get; init; }

    public double? FNumber { get; init; }

    public int? Iso { get; init; }

    public double? FocalLengthMillimeters { get; init; }

    /// <summary>The camera's clock; its zone is <see cref="TakenAtOffset"/>, when the camera wrote one.</summary>
    public DateTime? TakenAtLocal { get; init; }

    public TimeSpan? TakenAtOffset { get; init; }

    public string? Title { get; init; }

    public string? Caption { get; init; }

    public IReadOnlyList<string> Keywords { get; init; } = [];

    /// <summary>1 to 5; null when not rated.</summary>
    public int? Rating { get; init; }

    public string? Creator { get; init; }

    public string? Copyright { get; init; }

    public bool HasGps => Gps is not null;

    /// <summary>Private: only for the studio that owns the photograph.</summary>
    public GpsPosition? Gps { get; init; }

    /// <summary>The moment itself, when the zone is known.</summary>
    public DateTimeOffset? TakenAt =>
        TakenAtLocal is { } local && TakenAtOffset is { } offset ? new DateTimeOffset(local, offset) : null;

    /// <summary>Never throws: what cannot be read is absent.</summary>
    public static PhotoMetadata Read(string path) => PhotoMetadataReader.Read(path);
}

internal sealed record GpsPosition(double Latitude, double Longitude, double? AltitudeMeters);
