using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Data.Providers.Postgres;
using Proofsheet.Api.Data.Providers.Sqlite;
using Proofsheet.Api.Data.Providers.SqlServer;
using Proofsheet.Shared.Database;

namespace Proofsheet.Api.Data;

internal static class DataSetup
{
    public static IServiceCollection AddData(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddDatabase<ProofsheetDb, SqliteProofsheetDb, PostgresProofsheetDb, SqlServerProofsheetDb>(
            configuration, SqliteProofsheetDb.Configure, PostgresProofsheetDb.Configure, SqlServerProofsheetDb.Configure);
        services.AddSingleton<Http.IProblemTranslator, ConcurrencyProblems>();
        services.AddSingleton<Http.IProblemTranslator, DatabaseProblems>();
        services.AddSingleton<InFlightKeys>();
        services.AddHostedService<IdempotencySweeper>();
        return services;
    }
}
