using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Proofsheet.Api.Data;

internal static class Migrating
{
    /// <summary>Brings the database to this version's schema.</summary>
    public static async Task MigrateAsync(this IServiceProvider services, CancellationToken cancellation = default)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DbContext>();
        await db.Database.MigrateAsync(cancellation);
    }

    /// <summary>At start only the embedded database migrates by itself: a shared one is migrated once, by its operator.</summary>
    public static async Task MigrateIfEmbeddedAsync(this IServiceProvider services, CancellationToken cancellation = default)
    {
        if (!services.GetRequiredService<IOptions<DatabaseOptions>>().Value.MigrateAtStart)
        {
            return;
        }

        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DbContext>();
        if (db.Database.IsSqlite())
        {
            await db.Database.MigrateAsync(cancellation);
        }
        else if ((await db.Database.GetPendingMigrationsAsync(cancellation)).Any())
        {
            throw new InvalidOperationException($"The database is older than this version. Run ./build.sh Migrate (or {typeof(Migrating).Assembly.GetName().Name} migrate) first.");
        }
    }
}
