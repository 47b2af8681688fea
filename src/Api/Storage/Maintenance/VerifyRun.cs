using System.Text.Json;
using System.Text.Json.Serialization;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Storage.Maintenance;

/// <summary>An object that does not match its row: <c>missing</c>, <c>wrong_length</c>, <c>wrong_content</c> or <c>unreadable</c>.</summary>
/// <param name="Repair">The result of the repair; null if none was requested.</param>
internal sealed record StoreFinding(string Studio, string Key, string Problem, ObjectRepair? Repair = null);

internal sealed record StoreReport(long Objects, long Bytes, IReadOnlyList<StoreFinding> Findings, IReadOnlyList<string> Orphans, int OrphansDeleted);

/// <summary>What a verification was asked to do. A run can only be resumed with the same options.</summary>
/// <param name="Store">The store whose objects are read.</param>
/// <param name="Studio">Its slug; null for all studios.</param>
internal sealed record VerifyOptions(string Store, string? Studio, DateTimeOffset Since, bool Fix, bool Repair)
{
    public override string ToString() => string.Concat(
        Studio is null ? "" : $" --studio={Studio}", Since == default ? "" : FormattableString.Invariant($" --since={Since:yyyy-MM-ddTHH:mm:ssZ}"), Fix ? " --fix" : "", Repair ? " --repair" : "", $" on {Store}");
}

/// <summary>The progress and findings of a verification. It changes only between two objects, so it can be saved at any such moment.</summary>
internal sealed class VerifyRun
{
    /// <summary>Strict, so that a file of another kind is not mistaken for a run.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public required VerifyOptions Options { get; init; }

    /// <summary>The current studio, or the last completed one; null at the beginning.</summary>
    public Id<Tenant>? Studio { get; set; }

    /// <summary>The last object that was read; null once all objects of the studio have been read.</summary>
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

    /// <summary>The run in the file, or a new one if there is no file or its run is finished; otherwise why the run cannot be resumed.</summary>
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
            // Saved at once, because it is better to learn that it cannot be written before hours of reading.
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

    /// <summary>The file is either complete or unchanged, whenever the process is killed.</summary>
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
