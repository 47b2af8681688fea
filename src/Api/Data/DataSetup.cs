using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Data.Providers.Postgres;
using Proofsheet.Api.Data.Providers.Sqlite;
using Proofsheet.Api.Data.Providers.SqlServer;

namespace Proofsheet.Api.Data;

internal static class DataSetup
{
    public static IServiceCollection AddData(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DatabaseOptions>().Bind(configuration.GetSection("Database")).ValidateDataAnnotations().ValidateOnStart();
        var options = configuration.GetSection("Database").Get<DatabaseOptions>() ?? new DatabaseOptions();
        switch (options.Provider)
        {
            case DatabaseProvider.Sqlite:
                services.AddDbContext<ProofsheetDb, SqliteProofsheetDb>(Configure(SqliteProofsheetDb.Configure, options));
                break;
            case DatabaseProvider.Postgres:
                services.AddDbContext<ProofsheetDb, PostgresProofsheetDb>(Configure(PostgresProofsheetDb.Configure, options));
                break;
            case DatabaseProvider.SqlServer:
                services.AddDbContext<ProofsheetDb, SqlServerProofsheetDb>(Configure(SqlServerProofsheetDb.Configure, options));
                break;
            default:
                throw new OptionsValidationException("Database", typeof(DatabaseOptions), ["Database:Provider is Sqlite, Postgres or SqlServer."]);
        }

        services.AddScoped<DbContext>(provider => provider.GetRequiredService<ProofsheetDb>());
        services.AddSingleton<Kernel.IProblemTranslator, ConcurrencyProblems>();
        services.AddSingleton<InFlightKeys>();
        services.AddHostedService<IdempotencySweeper>();
        return services;
    }

    private static Action<IServiceProvider, DbContextOptionsBuilder> Configure(Action<DbContextOptionsBuilder, string> provider, DatabaseOptions options) =>
        (services, builder) =>
        {
            provider(builder, options.ConnectionString);
            builder.AddInterceptors(services.GetServices<Microsoft.EntityFrameworkCore.Diagnostics.IInterceptor>());
        };
}
