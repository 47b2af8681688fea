namespace Proofsheet.Sdk.Tests.Resumable;

/// <summary>What goes wrong with a request.</summary>
internal abstract record Fault
{
    /// <summary>Responds without processing the request.</summary>
    public sealed record Answer(int Status, string Code, int? RetryAfter = null) : Fault;

    /// <summary>A proxy returns a page of its own with a success status.</summary>
    public sealed record Page : Fault;

    /// <summary>The connection breaks after this many bytes of the body.</summary>
    public sealed record Cut(int Bytes) : Fault;

    /// <summary>The request succeeds, but its response is lost.</summary>
    public sealed record Lost : Fault;

    /// <summary>The server keeps this many bytes and says so.</summary>
    public sealed record Takes(int Bytes) : Fault;

    /// <summary>The upload no longer exists.</summary>
    public sealed record Expired : Fault;

    /// <summary>The server comes back from a crash with only this many bytes.</summary>
    public sealed record Behind(int Bytes) : Fault;
}

/// <summary>An upload of the stub.</summary>
internal sealed class StubUpload
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required long Length { get; set; }

    public string? Section { get; init; }

    public List<byte> Bytes { get; } = [];

    public bool IsPart { get; set; }

    public string? PhotoId { get; set; }

    public string? Status { get; set; }

    public string? Problem { get; set; }
}
