using Proofsheet.Identity.Data.Protocol;
using Proofsheet.Identity.Data.Providers.Postgres;
using Proofsheet.Identity.Data.Providers.Sqlite;
using Proofsheet.Identity.Data.Providers.SqlServer;
using Proofsheet.Shared.Database;

namespace Proofsheet.Identity.Data;

internal static class DataSetup
{
    public static IServiceCollection AddData(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddDatabase<IdentityDb, SqliteIdentityDb, PostgresIdentityDb, SqlServerIdentityDb>(
            configuration, SqliteIdentityDb.Configure, PostgresIdentityDb.Configure, SqlServerIdentityDb.Configure);
        services.AddProtocolStores();
        services.AddHealthChecks().AddCheck<DatabaseReady>("database");
        return services;
    }
}
