using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Proofsheet.Api.Data.Providers.SqlServer;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Tests.Data.SqlServer;

/// <summary>
/// A SQL Server without a server: contexts whose connection never opens, and whose first command is captured instead of sent.
/// </summary>
internal static class SqlServerShadow
{
    private static readonly DbContextOptions<SqlServerProofsheetDb> Options = Build();
    private static readonly AsyncLocal<List<string>?> Sent = new();
    private static readonly ConcurrentDictionary<string, string?> Complaints = new(StringComparer.Ordinal);

    public static SqlServerProofsheetDb Open()
    {
        var tenant = new TenantContext();
        tenant.Set(Id<Tenant>.New(TimeProvider.System.GetUtcNow()));
        var db = new SqlServerProofsheetDb(Options, tenant, TimeProvider.System);
        db.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
        return db;
    }

    /// <summary>The first command that the work would have sent. Null when there was none.</summary>
    /// <exception cref="InvalidOperationException">The provider cannot translate it.</exception>
    public static async Task<string?> FirstCommandAsync(Func<SqlServerProofsheetDb, Task> work)
    {
        await using var db = Open();
        var sent = Sent.Value = [];
        try
        {
            await work(db);
        }
        catch (Exception e) when (e is Stopped || e.InnerException is Stopped)
        {
        }
        finally
        {
            Sent.Value = null;
        }

        return sent.FirstOrDefault();
    }

    /// <summary>The parser's errors; each text is parsed only once.</summary>
    public static string? ComplaintAbout(string sql) => Complaints.GetOrAdd(sql, static text => TransactSql.Parse(text).Complaint);

    private static DbContextOptions<SqlServerProofsheetDb> Build()
    {
        var builder = new DbContextOptionsBuilder<SqlServerProofsheetDb>();
        SqlServerProofsheetDb.Configure(builder, "Server=not-there;Database=proofsheet");
        builder.AddInterceptors(new NoConnection(), new WrittenDown()).EnableSensitiveDataLogging();
        return builder.Options;
    }

    private sealed class Stopped : Exception;

    private sealed class NoConnection : DbConnectionInterceptor
    {
        public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) => InterceptionResult.Suppress();

        public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
            DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(InterceptionResult.Suppress());
    }

    private sealed class WrittenDown : DbCommandInterceptor
    {
        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) => throw Write(command);

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) => throw Write(command);

        public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) => throw Write(command);

        private static Stopped Write(DbCommand command)
        {
            Sent.Value?.Add(command.CommandText);
            return new Stopped();
        }
    }
}
