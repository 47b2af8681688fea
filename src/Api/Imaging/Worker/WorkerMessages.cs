using System.Text.Json;
using Proofsheet.Api.Imaging.Watermarks;

namespace Proofsheet.Api.Imaging.Worker;

/// <summary>One line of JSON to a worker. Exactly one of the four tasks is set.</summary>
internal sealed record WorkerRequest
{
    public required ImageLimits Limits { get; init; }
    public string? InspectPath { get; init; }
    public ImageJob? Process { get; init; }
    public ImageJob? AddFormats { get; init; }
    public byte[]? LogoPng { get; init; }
}

/// <summary>One line of JSON in return. <see cref="Fault"/> is a bug or a broken machine, never the fault of a picture.</summary>
internal sealed record WorkerReply
{
    public string? Ready { get; init; }
    public ImageInspection? Inspection { get; init; }
    public ProcessOutcome? Outcome { get; init; }
    public FormatsOutcome? Formats { get; init; }
    public LogoInspection? Logo { get; init; }
    public string? Fault { get; init; }
}

internal static class WorkerJson
{
    public static readonly JsonSerializerOptions Options = new() { WriteIndented = false };

    public static string Write<T>(T message) => JsonSerializer.Serialize(message, Options);

    public static T? Read<T>(ReadOnlySpan<byte> line) => JsonSerializer.Deserialize<T>(line, Options);

    public static T? Read<T>(string line) => JsonSerializer.Deserialize<T>(line, Options);
}
