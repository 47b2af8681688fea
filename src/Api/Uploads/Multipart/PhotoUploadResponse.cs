using Proofsheet.Api.Photos;

namespace Proofsheet.Api.Uploads.Multipart;

/// <summary>What became of each file, in the order in which the files were sent.</summary>
internal sealed record PhotoUploadResponse
{
    public required IReadOnlyList<PhotoUploadResultResponse> Results { get; init; }
}

internal enum UploadOutcome
{
    Accepted,

    /// <summary>The gallery already has this file.</summary>
    Duplicate,

    Refused,
}

internal sealed record PhotoUploadResultResponse
{
    public required string FileName { get; init; }

    public required UploadOutcome Outcome { get; init; }

    /// <summary>The new photo, or the existing one if the file is a duplicate. Null if the file was refused.</summary>
    public required PhotoResponse? Photo { get; init; }

    /// <summary>Why the file was refused. Null unless it was.</summary>
    public required PhotoFailureResponse? Problem { get; init; }
}
