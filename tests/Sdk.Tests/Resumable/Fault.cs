namespace Proofsheet.Sdk.Tests.Resumable;

/// <summary>What goes wrong with a request.</summary>
internal abstract record Fault
{
    /// <summary>Answered without a look at it.</summary>
    public sealed record Answer(int Status, string Code, int? RetryAfter = null) : Fault;

    /// <summary>Something in between answers with a page of its own, as if all were well.</summary>
    public sealed record Page : Fault;

    /// <summary>The connection breaks after so many bytes of its body.</summary>
    public sealed record Cut(int Bytes) : Fault;

    /// <summary>It is done, and its answer never arrives.</summary>
    public sealed record Lost : Fault;

    /// <summary>The server keeps so many bytes of it and says so.</summary>
    public sealed record Takes(int Bytes) : Fault;

    /// <summary>What was uploaded is not there any more.</summary>
    public sealed record Expired : Fault;

    /// <summary>The server comes back from a crash with so few bytes.</summary>
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
