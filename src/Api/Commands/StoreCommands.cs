using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Kernel;
using Proofsheet.Api.Photos.Uploading;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Studios;

namespace Proofsheet.Api.Commands;

/// <summary>Looking after the object store, also while the API serves.</summary>
internal static class StoreCommands
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(5);

    /// <summary>
    /// <c>verify [--studio=SLUG] [--fix] [--bytes-per-second=N] [--since=2026-01-31] [--json]</c>: reads every object that a row names. The exit code is 1
    /// when one is not as its row has it. Progress goes to standard error, the findings to standard output.
    /// </summary>
    public static async Task<int> VerifyAsync(WebApplication app, IConfiguration options)
    {
        if (!TryRead(options, out var bytesPerSecond, out var since))
        {
            await Console.Error.WriteLineAsync("--bytes-per-second is a whole number; --since is a date or a time, such as 2026-01-31.");
            return 1;
        }

        if (await StudiosAsync(app, options) is not { } studios)
        {
            return 1;
        }

        var services = app.Services;
        var verifier = new StoreVerifier(services.GetRequiredService<IServiceScopeFactory>(), services.GetRequiredService<IObjectStore>(), services.GetRequiredService<OrphanSweeper>(), bytesPerSecond);
        var clock = Stopwatch.StartNew();
        for (var done = 0; done < studios.Count; done++)
        {
            await verifier.VerifyAsync(studios[done], since, options["fix"] == "true", () => Progress(clock, verifier, done, studios.Count), CancellationToken.None);
        }

        await PrintAsync(verifier.Report, options["json"] == "true");
        return verifier.Findings == 0 ? 0 : 1;
    }

    /// <summary><c>sweep [--studio=SLUG] [--dry-run]</c>: deletes what no row needs and is older than a day, as the API does by itself every few hours.</summary>
    public static async Task<int> SweepAsync(WebApplication app, IConfiguration options)
    {
        if (await StudiosAsync(app, options) is not { } studios)
        {
            return 1;
        }

        var sweeper = app.Services.GetRequiredService<OrphanSweeper>();
        var swept = 0;
        foreach (var studio in studios)
        {
            if (options["dry-run"] != "true")
            {
                swept += await sweeper.SweepAsync(studio, CancellationToken.None);
                continue;
            }

            foreach (var orphan in await sweeper.OrphansAsync(studio, CancellationToken.None))
            {
                Console.WriteLine(orphan.Key);
                swept++;
            }
        }

        Console.WriteLine(options["dry-run"] == "true" ? $"{swept} objects would be deleted." : $"{swept} objects were deleted.");
        return 0;
    }

    private static bool TryRead(IConfiguration options, out long bytesPerSecond, out DateTimeOffset since)
    {
        (bytesPerSecond, since) = (0, default);
        return (options["bytes-per-second"] is not { } speed || (long.TryParse(speed, CultureInfo.InvariantCulture, out bytesPerSecond) && bytesPerSecond > 0))
            && (options["since"] is not { } time || DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out since));
    }

    private static async Task<List<Id<Tenant>>?> StudiosAsync(WebApplication app, IConfiguration options)
    {
        await app.Services.MigrateIfEmbeddedAsync();
        await using var scope = app.Services.CreateAsyncScope();
        var all = scope.ServiceProvider.GetRequiredService<ProofsheetDb>().AcrossTenants<Studio>();
        var slug = options["studio"];
        var studios = await all.Where(s => slug == null || s.Slug == slug).OrderBy(s => s.Slug).Select(s => s.TenantId).ToListAsync();
        if (slug is null || studios.Count > 0)
        {
            return studios;
        }

        await Console.Error.WriteLineAsync($"--studio: there is no studio '{slug}'.");
        return null;
    }

    // A line now and then; on a terminal one line with a bar that is written over.
    private static void Progress(Stopwatch clock, StoreVerifier verifier, int done, int studios)
    {
        if (clock.Elapsed < (Console.IsErrorRedirected ? ProgressEvery : TimeSpan.FromMilliseconds(200)))
        {
            return;
        }

        clock.Restart();
        var line = FormattableString.Invariant($"studio {done + 1} of {studios}, {verifier.Objects} objects, {verifier.Bytes / 1_048_576.0:0.0} MB, {verifier.Findings} wrong");
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(line);
            return;
        }

        const int Width = 30;
        var full = Width * done / studios;
        Console.Error.Write($"\r[{new string('#', full)}{new string('.', Width - full)}] {line}   ");
    }

    private static async Task PrintAsync(StoreReport report, bool json)
    {
        if (!Console.IsErrorRedirected)
        {
            await Console.Error.WriteLineAsync();
        }

        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, Json));
            return;
        }

        foreach (var finding in report.Findings)
        {
            Console.WriteLine($"{finding.Problem,-13}  {finding.Key}");
        }

        foreach (var orphan in report.Orphans)
        {
            Console.WriteLine($"{"orphan",-13}  {orphan}");
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{report.Objects} objects and {report.Bytes} bytes were read; {report.Findings.Count} are wrong, {report.Orphans.Count} orphans, of which {report.OrphansDeleted} were deleted."));
    }
}
