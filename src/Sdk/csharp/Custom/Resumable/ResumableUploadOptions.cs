
namespace Proofsheet.Sdk;

/// <summary>The options of a <see cref="ResumableUpload"/>.</summary>
public sealed record ResumableUploadOptions
{
    /// <summary>Where unfinished uploads are remembered. With a <see cref="FileUploadSessionStore"/> they can be resumed after a restart.</summary>
    public IUploadSessionStore Sessions { get; init; } = new MemoryUploadSessionStore();

    /// <summary>Receives bytes sent and files done, in order. It is called from several threads, one at a time.</summary>
    public IProgress<UploadProgress>? Progress { get; init; }

    /// <summary>The section for files that do not name one.</summary>
    public string? SectionId { get; init; }

    /// <summary>The number of files sent at the same time.</summary>
    public int Concurrency { get; init; } = 3;

    /// <summary>The piece of a file that one request carries, with its checksum. Each file in flight holds one in memory.</summary>
    public int ChunkBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Hashes each file before it is sent, so that files the gallery already has are skipped and the API can verify what arrives.</summary>
    public bool HashesFirst { get; init; } = true;

    /// <summary>
    /// Sends files directly to the object store when the API offers it, and to the API when the store is unreachable. Files sent in parts always go
    /// to the API.
    /// </summary>
    public bool SendsDirectly { get; init; } = true;

    /// <summary>Files of this length or more are sent in parts, in parallel.</summary>
    public long PartsFromBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>The number of parts, and connections, for such a file; 1 turns parts off.</summary>
    public int Parts { get; init; } = 3;

    /// <summary>How long to keep trying while nothing gets through.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A connection without progress for this long counts as broken.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    internal TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    internal TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>The result of one file.</summary>
public sealed record ResumableUploadResult
{
    public required UploadFile File { get; init; }

    public required UploadOutcome Outcome { get; init; }

    /// <summary>The photo; for a duplicate, the existing one. Null when the file was refused.</summary>
    public string? PhotoId { get; init; }

    /// <summary>Why it was refused.</summary>
    public PhotoFailure? Problem { get; init; }
}
