using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Storage.Maintenance;
using Proofsheet.Api.Studios;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Commands;

/// <summary>Maintenance of the object store, also while the API is running.</summary>
internal static class StoreCommands
{
    /// <summary><c>sweep [--studio=SLUG] [--dry-run]</c>: deletes what no row needs and is older than a day, as the API does automatically every few hours.</summary>
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

    public static bool TryRead(IConfiguration options, out long bytesPerSecond, out DateTimeOffset since)
    {
        (bytesPerSecond, since) = (0, default);
        return (options["bytes-per-second"] is not { } speed || (long.TryParse(speed, CultureInfo.InvariantCulture, out bytesPerSecond) && bytesPerSecond > 0))
            && (options["since"] is not { } time || DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out since));
    }

    /// <summary>The requested studio, or all. Null if there is no studio of that name, which has then been reported.</summary>
    public static async Task<List<Id<Tenant>>?> StudiosAsync(WebApplication app, IConfiguration options)
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
}
