using Proofsheet.Api.Photos;

namespace Proofsheet.Api.Uploads.Multipart;

/// <summary>What became of each file, in the order they came.</summary>
internal sealed record PhotoUploadResponse
{
    public required IReadOnlyList<PhotoUploadResultResponse> Results { get; init; }
}

internal enum UploadOutcome
{
    Accepted,

    /// <summary>The gallery has this very picture already.</summary>
    Duplicate,

    Refused,
}

internal sealed record PhotoUploadResultResponse
{
    public required string FileName { get; init; }

    public required UploadOutcome Outcome { get; init; }

    /// <summary>The new photo, or the one that is there already; null when refused.</summary>
    public required PhotoResponse? Photo { get; init; }

    /// <summary>Why it was refused.</summary>
    public required PhotoFailureResponse? Problem { get; init; }
}
