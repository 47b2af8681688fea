using System.ComponentModel.DataAnnotations;

namespace Proofsheet.Shared.Database;

internal enum DatabaseProvider
{
    Sqlite,
    Postgres,
    SqlServer,
}

internal sealed class DatabaseOptions
{
    public DatabaseProvider Provider { get; init; } = DatabaseProvider.Sqlite;

    /// <summary>False: the operator migrates the schema, even of the embedded database.</summary>
    public bool MigrateAtStart { get; init; } = true;

    [Required]
    public string ConnectionString { get; init; } = "Data Source=.data/proofsheet.db";
}
