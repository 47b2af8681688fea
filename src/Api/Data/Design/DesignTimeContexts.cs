using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Proofsheet.Api.Data.Providers.Postgres;
using Proofsheet.Api.Data.Providers.Sqlite;
using Proofsheet.Api.Data.Providers.SqlServer;
using Proofsheet.Shared.Tenancy;

// dotnet-ef starts here, so that the application itself carries no design-time package.
return 0;

internal sealed class SqliteDesign : IDesignTimeDbContextFactory<SqliteProofsheetDb>
{
    public SqliteProofsheetDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<SqliteProofsheetDb>();
        SqliteProofsheetDb.Configure(options, "Data Source=:memory:");
        return new SqliteProofsheetDb(options.Options, new TenantContext(), TimeProvider.System);
    }
}

internal sealed class PostgresDesign : IDesignTimeDbContextFactory<PostgresProofsheetDb>
{
    public PostgresProofsheetDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<PostgresProofsheetDb>();
        PostgresProofsheetDb.Configure(options, "Host=127.0.0.1;Database=design");
        return new PostgresProofsheetDb(options.Options, new TenantContext(), TimeProvider.System);
    }
}

internal sealed class SqlServerDesign : IDesignTimeDbContextFactory<SqlServerProofsheetDb>
{
    public SqlServerProofsheetDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<SqlServerProofsheetDb>();
        SqlServerProofsheetDb.Configure(options, "Server=127.0.0.1;Database=design");
        return new SqlServerProofsheetDb(options.Options, new TenantContext(), TimeProvider.System);
    }
}
