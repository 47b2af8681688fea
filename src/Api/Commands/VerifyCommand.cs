using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Maintenance;

namespace Proofsheet.Api.Commands;

internal static class VerifyCommand
{
    // How much a run with a state file may have to read again after a crash.
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1);

    /// <summary>
    /// <c>verify [--studio=SLUG] [--repair] [--fix] [--bytes-per-second=N] [--since=2026-01-31] [--state=FILE] [--json]</c>: reads every object that a row names.
    /// The exit code is 1 if an object does not match its row and was not repaired by this run, or if not all could be read.
    /// Progress goes to standard error, findings to standard output.
    /// </summary>
    public static async Task<int> VerifyAsync(WebApplication app, IConfiguration options)
    {
        if (!StoreCommands.TryRead(options, out var bytesPerSecond, out var since))
        {
            await Console.Error.WriteLineAsync("--bytes-per-second is a whole number; --since is a date or a time, such as 2026-01-31.");
            return 1;
        }

        if (await StoreCommands.StudiosAsync(app, options) is not { } studios)
        {
            return 1;
        }

        var services = app.Services;
        var asked = new VerifyOptions(services.GetRequiredService<IOptions<StorageOptions>>().Value.Place, options["studio"], since, options["fix"] == "true", options["repair"] == "true");
        var state = options["state"];
        var (opened, refusal) = state is null ? (VerifyRun.New(asked), null) : await VerifyRun.OpenAsync(state, asked);
        if (opened is not { } run)
        {
            await Console.Error.WriteLineAsync(refusal);
            return 1;
        }

        if (run.Objects > 0)
        {
            await Console.Error.WriteLineAsync(FormattableString.Invariant($"Going on after {run.Objects} objects, as {state} says."));
        }

        var verifier = new StoreVerifier(
            services.GetRequiredService<IServiceScopeFactory>(), services.GetRequiredService<IObjectStore>(), services.GetRequiredService<OrphanSweeper>(), new Pace(bytesPerSecond), run);
        using var stop = new StopSignals();
        var (progress, saved) = (new ProgressLine(), Stopwatch.StartNew());
        try
        {
            await verifier.VerifyAsync(studios, async done =>
            {
                progress.Show(done, studios.Count, $"{run.Objects} objects, {run.Bytes / 1_048_576.0:0.0} MB, {run.Findings.Count} wrong");
                if (state is not null && saved.Elapsed >= SaveEvery)
                {
                    await KeepAsync(run, state);
                    saved.Restart();
                }
            }, stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            ProgressLine.End();
            await Console.Error.WriteLineAsync(FormattableString.Invariant($"Stopped after {run.Objects} objects; {run.Findings.Count} are wrong. ")
                + (state is null ? "Nothing was kept of it: with --state=FILE it could be gone on with." : "The same command goes on from here."));
            return 1;
        }
        finally
        {
            // Whatever the reason for ending, such as a lost database.
            await (state is null ? Task.CompletedTask : KeepAsync(run, state));
        }

        ProgressLine.End();
        Print(run.Report, options["json"] == "true");
        return run.Findings.TrueForAll(f => f.Repair == ObjectRepair.Repaired) ? 0 : 1;
    }

    /// <summary>A disk that has become full does not end the verification: its findings are printed all the same.</summary>
    private static async Task KeepAsync(VerifyRun run, string state)
    {
        try
        {
            await run.SaveAsync(state);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"--state: {state} could not be written: {e.Message}");
        }
    }

    private static void Print(StoreReport report, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, VerifyRun.Json));
            return;
        }

        foreach (var finding in report.Findings)
        {
            Console.WriteLine($"{finding.Problem,-13}  {(finding.Repair is { } repair ? $"{Words(repair),-10}  " : "")}{finding.Key}");
        }

        foreach (var orphan in report.Orphans)
        {
            Console.WriteLine($"{"orphan",-13}  {orphan}");
        }

        if (report.Findings.Any(f => f.Repair is not null))
        {
            var repaired = report.Findings.ToLookup(f => f.Repair);
            Console.WriteLine(FormattableString.Invariant(
                $"{repaired[ObjectRepair.Repaired].Count()} were repaired, {repaired[ObjectRepair.AskedFor].Count()} are asked for and made by the API, {repaired[ObjectRepair.Impossible].Count()} cannot be made of what is there."));
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{report.Objects} objects and {report.Bytes} bytes were read; {report.Findings.Count} are wrong, {report.Orphans.Count} orphans, of which {report.OrphansDeleted} were deleted."));
    }

    private static string Words(ObjectRepair repair) => repair switch
    {
        ObjectRepair.Repaired => "repaired",
        ObjectRepair.AskedFor => "asked for",
        _ => "cannot be",
    };
}
