using System.Text.Json;
using System.Text.Json.Serialization;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Storage.Maintenance;

/// <summary>An object that is not as its row has it: <c>missing</c>, <c>wrong_length</c>, <c>wrong_content</c> or <c>unreadable</c>.</summary>
/// <param name="Repair">What came of its repair; null where none was asked for.</param>
internal sealed record StoreFinding(string Studio, string Key, string Problem, ObjectRepair? Repair = null);

internal sealed record StoreReport(long Objects, long Bytes, IReadOnlyList<StoreFinding> Findings, IReadOnlyList<string> Orphans, int OrphansDeleted);

/// <summary>What a verification was asked to do. Of one with other options nothing can be gone on with.</summary>
/// <param name="Store">Whose objects are read.</param>
/// <param name="Studio">Its slug; null for all.</param>
internal sealed record VerifyOptions(string Store, string? Studio, DateTimeOffset Since, bool Fix, bool Repair)
{
    public override string ToString() => string.Concat(
        Studio is null ? "" : $" --studio={Studio}", Since == default ? "" : FormattableString.Invariant($" --since={Since:yyyy-MM-ddTHH:mm:ssZ}"), Fix ? " --fix" : "", Repair ? " --repair" : "", $" on {Store}");
}

/// <summary>How far a verification is and what it found. It changes between two objects alone, so it can be kept at any such moment.</summary>
internal sealed class VerifyRun
{
    /// <summary>Strict, so that a file which is something else is not taken for a run.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public required VerifyOptions Options { get; init; }

    /// <summary>The studio it is at, or the last that it has done; null at the beginning.</summary>
    public Id<Tenant>? Studio { get; set; }

    /// <summary>The last object that was read; null when all of the studio are.</summary>
    public string? Key { get; set; }

    public bool IsFinished { get; set; }

    public required long Objects { get; set; }

    public required long Bytes { get; set; }

    public required List<StoreFinding> Findings { get; init; }

    public required List<string> Orphans { get; init; }

    public required int OrphansDeleted { get; set; }

    [JsonIgnore]
    public StoreReport Report => new(Objects, Bytes, Findings, Orphans, OrphansDeleted);

    public static VerifyRun New(VerifyOptions options) => new() { Options = options, Objects = 0, Bytes = 0, Findings = [], Orphans = [], OrphansDeleted = 0 };

    /// <summary>The run that the file tells of, or a new one where there is no file or its run is finished; else why it cannot be gone on with.</summary>
    public static async Task<(VerifyRun? Run, string? Refusal)> OpenAsync(string path, VerifyOptions options)
    {
        try
        {
            var run = File.Exists(path) ? JsonSerializer.Deserialize<VerifyRun>(await File.ReadAllBytesAsync(path), Json) : New(options);
            if (run is null || run.Studio is { IsEmpty: true } || (run.Key is not null && (run.Studio is null || !ObjectKey.TryParse(run.Key, out _))))
            {
                return (null, NotOurs(path));
            }

            if (run.Options != options)
            {
                return (null, $"--state: {path} belongs to verify{run.Options}, and this is verify{options}. Say the same as there, or name another file.");
            }

            run = run.IsFinished ? New(options) : run;
            // At once: that it cannot be written is better known before hours of reading.
            await run.SaveAsync(path);
            return (run, null);
        }
        catch (JsonException)
        {
            return (null, NotOurs(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"--state: {path} cannot be used: {e.Message}");
        }
    }

    /// <summary>Whole or as it was, whenever the process is killed.</summary>
    public async Task SaveAsync(string path)
    {
        var temporary = path + ".new";
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            await JsonSerializer.SerializeAsync(file, this, Json);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    private static string NotOurs(string path) => $"--state: {path} does not tell of a verification. It was left as it is: name another file, or delete it.";
}
