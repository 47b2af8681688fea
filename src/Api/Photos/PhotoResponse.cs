using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Photos;

internal sealed record PhotoResponse
{
    public required Id<Photo> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required Id<Section>? SectionId { get; init; }

    /// <summary>The file that is shown and sold.</summary>
    public required PhotoVersionResponse CurrentVersion { get; init; }

    /// <summary>Text of a stranger, like the file name, caption and metadata: escape it where you show it.</summary>
    public required string? Title { get; init; }

    public required string? Caption { get; init; }

    /// <summary>What the picture shows, for those who cannot see it.</summary>
    public required string? AltText { get; init; }

    public required PhotoStatus Status { get; init; }

    /// <summary>Why nothing could be made of it; null unless failed.</summary>
    public required PhotoFailureResponse? Failure { get; init; }

    /// <summary>Its place in the gallery: smaller comes first. The number itself means nothing and may change.</summary>
    public required long Position { get; init; }

    /// <summary>Hidden photos do not exist for visitors.</summary>
    public required bool IsHidden { get; init; }

    /// <summary>A BlurHash of 4 × 3 components, to show until the picture has come.</summary>
    public required string? Placeholder { get; init; }

    /// <summary>The most present colors, #rrggbb, the foremost first.</summary>
    public required IReadOnlyList<string> Colors { get; init; }

    /// <summary>To find near-duplicates and soft pictures by; null for visitors, and until it was processed.</summary>
    public required PhotoSignalsResponse? Signals { get; init; }

    /// <summary>By the camera's clock; where it wrote no zone, the studio's is assumed.</summary>
    public required DateTimeOffset? TakenAt { get; init; }

    public required PhotoExifResponse Exif { get; init; }

    /// <summary>Null until it is ready.</summary>
    public required PhotoUrlsResponse? Urls { get; init; }

    /// <summary>The same pictures by width, for an img's srcset.</summary>
    public required IReadOnlyList<PhotoSourceResponse> Srcset { get; init; }

    /// <summary>The studio's own notes; null for visitors.</summary>
    public required IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Deleted photos can be restored for 30 days.</summary>
    public required DateTimeOffset? DeletedAt { get; init; }
}

/// <summary>One file of a photo, and what it says of itself.</summary>
internal sealed record PhotoVersionResponse
{
    /// <summary>From 1. Picks and order items name it.</summary>
    public required int Number { get; init; }

    /// <summary>As the file was called.</summary>
    public required string FileName { get; init; }

    /// <summary>Pixels, as shown; 0 until it was processed.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels, as shown; 0 until it was processed.</summary>
    public required int Height { get; init; }

    /// <summary>Of the original; null for visitors.</summary>
    public required string? ContentType { get; init; }

    /// <summary>Of the original; null for visitors.</summary>
    public required long? Bytes { get; init; }

    /// <summary>Of the original, 64 hexadecimal digits; null for visitors.</summary>
    public required string? Sha256 { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>
/// Computed from the picture. Two photos whose hashes differ in at most 10 of their 64 bits (either hash) are nearly the same picture.
/// </summary>
internal sealed record PhotoSignalsResponse
{
    /// <summary>dHash: 64 bits as 16 hexadecimal digits.</summary>
    public required string DifferenceHash { get; init; }

    /// <summary>pHash: 64 bits as 16 hexadecimal digits.</summary>
    public required string PerceptualHash { get; init; }

    /// <summary>Detail in the sharpest parts of the picture, 0 and up; a blurred picture has less than a sharp one of the same subject.</summary>
    public required double Sharpness { get; init; }
}

internal sealed record PhotoFailureResponse
{
    /// <summary>Stable; docs/errors.md lists them.</summary>
    public required string Code { get; init; }

    /// <summary>A sentence for the photographer.</summary>
    public required string Detail { get; init; }
}

/// <summary>What the file says of itself.</summary>
internal sealed record PhotoExifResponse
{
    public required string? Camera { get; init; }

    public required string? Lens { get; init; }

    /// <summary>In seconds, as photographers write it: <c>1/250</c> or <c>2.5</c>.</summary>
    public required string? ExposureTime { get; init; }

    /// <summary>The f-number, e.g. 2.8.</summary>
    public required double? Aperture { get; init; }

    public required int? Iso { get; init; }

    /// <summary>Millimeters.</summary>
    public required double? FocalLength { get; init; }

    public required IReadOnlyList<string> Keywords { get; init; }

    /// <summary>1 to 5.</summary>
    public required int? FileRating { get; init; }

    public required string? Creator { get; init; }

    public required string? Copyright { get; init; }

    /// <summary>Only for the studio, and only when asked for with <c>include=gps</c>.</summary>
    public required PhotoGpsResponse? Gps { get; init; }
}

/// <summary>Where the photo was taken (WGS 84).</summary>
internal sealed record PhotoGpsResponse
{
    public required double Latitude { get; init; }

    public required double Longitude { get; init; }

    public required double? AltitudeMeters { get; init; }
}

internal sealed record PhotoSourceResponse
{
    /// <summary>Pixels.</summary>
    public required int Width { get; init; }

    public required string Url { get; init; }
}
