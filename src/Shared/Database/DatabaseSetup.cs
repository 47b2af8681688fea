using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace Proofsheet.Shared.Database;

internal static class DatabaseSetup
{
    /// <summary>Registers the context of the configured provider, also as plain <see cref="DbContext"/> for code that does not know the tables.</summary>
    public static IServiceCollection AddDatabase<TDb, TSqlite, TPostgres, TSqlServer>(
        this IServiceCollection services, IConfiguration configuration,
        Action<DbContextOptionsBuilder, string> sqlite, Action<DbContextOptionsBuilder, string> postgres, Action<DbContextOptionsBuilder, string> sqlServer)
        where TDb : DbContext
        where TSqlite : TDb
        where TPostgres : TDb
        where TSqlServer : TDb
    {
        services.AddOptions<DatabaseOptions>().Bind(configuration.GetSection("Database")).ValidateDataAnnotations().ValidateOnStart();
        var options = configuration.GetSection("Database").Get<DatabaseOptions>() ?? new DatabaseOptions();
        switch (options.Provider)
        {
            case DatabaseProvider.Sqlite:
                services.AddDbContext<TDb, TSqlite>(Configure(sqlite, options));
                break;
            case DatabaseProvider.Postgres:
                services.AddDbContext<TDb, TPostgres>(Configure(postgres, options));
                break;
            case DatabaseProvider.SqlServer:
                services.AddDbContext<TDb, TSqlServer>(Configure(sqlServer, options));
                break;
            default:
                throw new OptionsValidationException("Database", typeof(DatabaseOptions), ["Database:Provider is Sqlite, Postgres or SqlServer."]);
        }

        services.AddSingleton<DatabaseReadiness>();
        return services.AddScoped<DbContext>(provider => provider.GetRequiredService<TDb>());
    }

    private static Action<IServiceProvider, DbContextOptionsBuilder> Configure(Action<DbContextOptionsBuilder, string> provider, DatabaseOptions options) =>
        (services, builder) =>
        {
            provider(builder, options.ConnectionString);
            builder.AddInterceptors(services.GetServices<IInterceptor>());
            // EF logs these two as errors and also throws. The caller may expect it, for example a request that adds a row at the same time as another.
            builder.ConfigureWarnings(log => log.Log((RelationalEventId.CommandError, LogLevel.Debug), (CoreEventId.SaveChangesFailed, LogLevel.Debug)));
        };
}
