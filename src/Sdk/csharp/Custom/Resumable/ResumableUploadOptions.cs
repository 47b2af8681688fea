
namespace Proofsheet.Sdk;

/// <summary>How a <see cref="ResumableUpload"/> goes about it.</summary>
public sealed record ResumableUploadOptions
{
    /// <summary>Where unfinished uploads are remembered. A <see cref="FileUploadSessionStore"/> takes them up again after a restart.</summary>
    public IUploadSessionStore Sessions { get; init; } = new MemoryUploadSessionStore();

    /// <summary>Told of bytes sent and files done, in order, from several threads one after the other.</summary>
    public IProgress<UploadProgress>? Progress { get; init; }

    /// <summary>The section for files that name none of their own.</summary>
    public string? SectionId { get; init; }

    /// <summary>Files on their way at the same time.</summary>
    public int Concurrency { get; init; } = 3;

    /// <summary>The piece of a file that one request carries, with its checksum. It is held in memory, once for each file on its way.</summary>
    public int ChunkBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Reads each file once before it is sent, so that what the gallery has already is not sent, and what arrives is what was read.</summary>
    public bool HashesFirst { get; init; } = true;

    /// <summary>Sends files to the API's store itself where that is offered, and to the API where it cannot be reached. Files that go in parts go to the API.</summary>
    public bool SendsDirectly { get; init; } = true;

    /// <summary>A file of this length or more is sent in parts side by side.</summary>
    public long PartsFromBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>How many parts, and connections, such a file has; 1 turns it off.</summary>
    public int Parts { get; init; } = 3;

    /// <summary>How long to try on while nothing at all gets through.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Bytes that stand still for so long count as a broken connection.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    internal TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    internal TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>What became of a file.</summary>
public sealed record ResumableUploadResult
{
    public required UploadFile File { get; init; }

    public required UploadOutcome Outcome { get; init; }

    /// <summary>The photo; of a duplicate, the one that was there before. Null when the file was refused.</summary>
    public string? PhotoId { get; init; }

    /// <summary>Why it was refused.</summary>
    public PhotoFailure? Problem { get; init; }
}
