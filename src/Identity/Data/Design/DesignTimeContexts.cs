using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Proofsheet.Identity.Data.Providers.Postgres;
using Proofsheet.Identity.Data.Providers.Sqlite;
using Proofsheet.Identity.Data.Providers.SqlServer;

// The startup project of dotnet-ef, so that the application itself needs no design-time package.
return 0;

internal sealed class SqliteDesign : IDesignTimeDbContextFactory<SqliteIdentityDb>
{
    public SqliteIdentityDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<SqliteIdentityDb>();
        SqliteIdentityDb.Configure(options, "Data Source=:memory:");
        return new SqliteIdentityDb(options.Options);
    }
}

internal sealed class PostgresDesign : IDesignTimeDbContextFactory<PostgresIdentityDb>
{
    public PostgresIdentityDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<PostgresIdentityDb>();
        PostgresIdentityDb.Configure(options, "Host=127.0.0.1;Database=design");
        return new PostgresIdentityDb(options.Options);
    }
}

internal sealed class SqlServerDesign : IDesignTimeDbContextFactory<SqlServerIdentityDb>
{
    public SqlServerIdentityDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<SqlServerIdentityDb>();
        SqlServerIdentityDb.Configure(options, "Server=127.0.0.1;Database=design");
        return new SqlServerIdentityDb(options.Options);
    }
}
