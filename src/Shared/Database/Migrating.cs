using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Proofsheet.Shared.Database;

/// <summary>The configured database cannot be used as it is. The message is for the operator; nothing was changed.</summary>
internal sealed class UnusableDatabaseException(string message) : Exception(message);

internal static class Migrating
{
    /// <summary>Migrates the database to this version's schema.</summary>
    /// <exception cref="UnusableDatabaseException">The database was created by another version.</exception>
    public static async Task MigrateAsync(this IServiceProvider services, CancellationToken cancellation = default)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DbContext>();
        await RefuseOtherSchemasAsync(db, cancellation);
        await MigrateAsync(db, cancellation);
    }

    /// <summary>At startup only the embedded database is migrated automatically; a shared one is migrated once, by its operator.</summary>
    /// <exception cref="UnusableDatabaseException">The database was created by another version, or it is shared and has not been migrated.</exception>
    public static async Task MigrateIfEmbeddedAsync(this IServiceProvider services, CancellationToken cancellation = default)
    {
        if (!services.GetRequiredService<IOptions<DatabaseOptions>>().Value.MigrateAtStart)
        {
            return;
        }

        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DbContext>();
        await RefuseOtherSchemasAsync(db, cancellation);
        if (db.Database.IsSqlite())
        {
            await MigrateAsync(db, cancellation);
        }
        else if ((await db.Database.GetPendingMigrationsAsync(cancellation)).Any())
        {
            throw new UnusableDatabaseException($"The database has not been migrated to this version. Run ./build.sh Migrate (or {Assembly.GetEntryAssembly()?.GetName().Name} migrate) first.");
        }
    }

    private static async Task MigrateAsync(DbContext db, CancellationToken cancellation)
    {
        if (!(await db.Database.GetPendingMigrationsAsync(cancellation)).Any())
        {
            return;
        }

        if (!db.Database.IsSqlite())
        {
            await db.Database.MigrateAsync(cancellation);
            return;
        }

        await using var ours = await SqliteMigrationLock.TakeAsync(db, cancellation);
        if ((await db.Database.GetPendingMigrationsAsync(cancellation)).Any())
        {
            await db.Database.MigrateAsync(cancellation);
        }
    }

    /// <summary>Before 1.0 a schema is replaced, not upgraded, so an unknown migration means data that this version cannot read.</summary>
    private static async Task RefuseOtherSchemasAsync(DbContext db, CancellationToken cancellation)
    {
        var unknown = (await db.Database.GetAppliedMigrationsAsync(cancellation)).Except(db.Database.GetMigrations(), StringComparer.Ordinal).ToList();
        if (unknown.Count == 0)
        {
            return;
        }

        var database = db.Database.GetDbConnection();
        var (name, remedy) = db.Database.IsSqlite()
            ? (Path.GetFullPath(database.DataSource), "Move the file away")
            : (database.Database, "Create an empty database, name it in Database:ConnectionString and run the migrate command");
        throw new UnusableDatabaseException(
            $"The database {name} was made by another version of Proofsheet (migration {unknown[^1]}), and versions before 1.0 cannot upgrade it. "
            + $"Nothing in it was changed. {remedy}, or use the version that made it.");
    }
}
