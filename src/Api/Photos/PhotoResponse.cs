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

    /// <summary>Untrusted text, like the file name, caption and metadata: escape it where you show it.</summary>
    public required string? Title { get; init; }

    public required string? Caption { get; init; }

    /// <summary>A description of the picture for people who cannot see it.</summary>
    public required string? AltText { get; init; }

    public required PhotoStatus Status { get; init; }

    /// <summary>Why the photo could not be processed. Null unless its status is failed.</summary>
    public required PhotoFailureResponse? Failure { get; init; }

    /// <summary>The photo's place in the gallery; lower positions come first. The number itself has no meaning and may change.</summary>
    public required long Position { get; init; }

    /// <summary>Whether the photo is hidden. Hidden photos do not exist for visitors.</summary>
    public required bool IsHidden { get; init; }

    /// <summary>A BlurHash of 4 × 3 components, to show until the picture has loaded. Null until the photo has been processed.</summary>
    public required string? Placeholder { get; init; }

    /// <summary>The dominant colors as #rrggbb, the most dominant first.</summary>
    public required IReadOnlyList<string> Colors { get; init; }

    /// <summary>For finding near-duplicates and soft pictures. Null for visitors, and until the photo has been processed.</summary>
    public required PhotoSignalsResponse? Signals { get; init; }

    /// <summary>When the photo was taken, by the camera's clock. If the camera wrote no time zone, the studio's is assumed.</summary>
    public required DateTimeOffset? TakenAt { get; init; }

    public required PhotoExifResponse Exif { get; init; }

    /// <summary>Null until the photo is ready.</summary>
    public required PhotoUrlsResponse? Urls { get; init; }

    /// <summary>The same pictures by width, for the srcset attribute of an img element.</summary>
    public required IReadOnlyList<PhotoSourceResponse> Srcset { get; init; }

    /// <summary>The studio's own data about the photo. Null for visitors.</summary>
    public required IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When the photo was deleted. It can be restored for 30 days. Null unless it is deleted.</summary>
    public required DateTimeOffset? DeletedAt { get; init; }
}

/// <summary>One file of a photo, with the properties of that file.</summary>
internal sealed record PhotoVersionResponse
{
    /// <summary>The number of the version, from 1. Picks and order items refer to it.</summary>
    public required int Number { get; init; }

    /// <summary>The name of the file as it was uploaded.</summary>
    public required string FileName { get; init; }

    /// <summary>In pixels, as shown. 0 until the photo has been processed.</summary>
    public required int Width { get; init; }

    /// <summary>In pixels, as shown. 0 until the photo has been processed.</summary>
    public required int Height { get; init; }

    /// <summary>The media type of the original. Null for visitors.</summary>
    public required string? ContentType { get; init; }

    /// <summary>The size of the original in bytes. Null for visitors.</summary>
    public required long? Bytes { get; init; }

    /// <summary>The SHA-256 of the original as 64 hexadecimal digits. Null for visitors.</summary>
    public required string? Sha256 { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>
/// Computed from the picture. Two photos show nearly the same picture if one of their hashes differs in at most 10 of its 64 bits.
/// </summary>
internal sealed record PhotoSignalsResponse
{
    /// <summary>The dHash: 64 bits as 16 hexadecimal digits.</summary>
    public required string DifferenceHash { get; init; }

    /// <summary>The pHash: 64 bits as 16 hexadecimal digits.</summary>
    public required string PerceptualHash { get; init; }

    /// <summary>The amount of detail in the sharpest parts of the picture, 0 or more. A blurred picture has less than a sharp one of the same subject.</summary>
    public required double Sharpness { get; init; }
}

internal sealed record PhotoFailureResponse
{
    /// <summary>A stable error code; docs/errors.md lists them.</summary>
    public required string Code { get; init; }

    /// <summary>An explanation for the photographer, in one sentence.</summary>
    public required string Detail { get; init; }
}

/// <summary>The metadata of the file.</summary>
internal sealed record PhotoExifResponse
{
    public required string? Camera { get; init; }

    public required string? Lens { get; init; }

    /// <summary>In seconds, as photographers write it: <c>1/250</c> or <c>2.5</c>.</summary>
    public required string? ExposureTime { get; init; }

    /// <summary>The f-number, for example 2.8.</summary>
    public required double? Aperture { get; init; }

    public required int? Iso { get; init; }

    /// <summary>In millimeters.</summary>
    public required double? FocalLength { get; init; }

    public required IReadOnlyList<string> Keywords { get; init; }

    /// <summary>From 1 to 5.</summary>
    public required int? FileRating { get; init; }

    public required string? Creator { get; init; }

    public required string? Copyright { get; init; }

    /// <summary>Where the photo was taken. Only for the studio, and only if the request has <c>include=gps</c>; otherwise null.</summary>
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
    /// <summary>In pixels.</summary>
    public required int Width { get; init; }

    public required string Url { get; init; }
}
