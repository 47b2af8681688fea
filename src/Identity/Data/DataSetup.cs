using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Identity.Data.Protocol;
using Proofsheet.Identity.Data.Providers.Postgres;
using Proofsheet.Identity.Data.Providers.Sqlite;
using Proofsheet.Identity.Data.Providers.SqlServer;

namespace Proofsheet.Identity.Data;

internal static class DataSetup
{
    public static IServiceCollection AddData(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DatabaseOptions>().Bind(configuration.GetSection("Database")).ValidateDataAnnotations().ValidateOnStart();
        var options = configuration.GetSection("Database").Get<DatabaseOptions>() ?? new DatabaseOptions();
        switch (options.Provider)
        {
            case DatabaseProvider.Sqlite:
                services.AddDbContext<IdentityDb, SqliteIdentityDb>(Configure(SqliteIdentityDb.Configure, options));
                break;
            case DatabaseProvider.Postgres:
                services.AddDbContext<IdentityDb, PostgresIdentityDb>(Configure(PostgresIdentityDb.Configure, options));
                break;
            case DatabaseProvider.SqlServer:
                services.AddDbContext<IdentityDb, SqlServerIdentityDb>(Configure(SqlServerIdentityDb.Configure, options));
                break;
            default:
                throw new OptionsValidationException("Database", typeof(DatabaseOptions), ["Database:Provider is Sqlite, Postgres or SqlServer."]);
        }

        services.AddScoped<DbContext>(provider => provider.GetRequiredService<IdentityDb>());
        services.AddProtocolStores();
        services.AddHealthChecks().AddCheck<DatabaseReady>("database");
        return services;
    }

    /// <summary>Brings the database to this version's schema.</summary>
    public static async Task MigrateAsync(this IServiceProvider services, CancellationToken cancellation = default)
    {
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IdentityDb>().Database.MigrateAsync(cancellation);
    }

    /// <summary>At start only the embedded database migrates by itself: a shared one is migrated once, by its operator.</summary>
    public static async Task MigrateIfEmbeddedAsync(this IServiceProvider services, CancellationToken cancellation = default)
    {
        if (!services.GetRequiredService<IOptions<DatabaseOptions>>().Value.MigrateAtStart)
        {
            return;
        }

        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IdentityDb>();
        if (db is SqliteIdentityDb)
        {
            await db.Database.MigrateAsync(cancellation);
        }
        else if ((await db.Database.GetPendingMigrationsAsync(cancellation)).Any())
        {
            throw new InvalidOperationException("The database is older than this version. Run Proofsheet.Identity migrate first.");
        }
    }

    private static Action<IServiceProvider, DbContextOptionsBuilder> Configure(Action<DbContextOptionsBuilder, string> provider, DatabaseOptions options) =>
        (services, builder) =>
        {
            provider(builder, options.ConnectionString);
            builder.AddInterceptors(services.GetServices<IInterceptor>());
        };

    private sealed class DatabaseReady(IServiceScopeFactory scopes) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await using var scope = scopes.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<IdentityDb>().Database.CanConnectAsync(cancellationToken)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy();
        }
    }
}
