#pragma warning disable EF1001
using System.Collections.Concurrent;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.Internal;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data.Providers.Postgres;
using Proofsheet.Api.Data.Providers.Sqlite;

namespace Proofsheet.Api.Tests.Data.SqlServer;

/// <summary>
/// Every LINQ query that the API runs in any test (reads, ExecuteUpdate, ExecuteDelete) is also translated for SQL Server, and its SQL is parsed;
/// <see cref="AfterAllQueriesTests"/> fails with the text of those that cannot be translated.
/// </summary>
/// <remarks>
/// Covered: what the tests make the API run, once per distinct query, with the values of its first run.
/// Not covered: queries that no test reaches, the later parts of split queries as separate commands (they are translated as one query instead), and
/// what only a server would notice. The statements of saves are in <see cref="SqlServerSavesTests"/>, handwritten SQL in
/// <see cref="SqlServerRawSqlTests"/>.
/// </remarks>
internal static class ShadowedQueries
{
    private static readonly ConcurrentQueue<string> Found = new();
    private static int s_translated;

    public static int Translated => s_translated;

    public static IReadOnlyCollection<string> Complaints => Found;

    public static void Watch(IServiceCollection services)
    {
        services.ConfigureDbContext<SqliteProofsheetDb>(builder => builder.ReplaceService<IQueryCompiler, ShadowingQueryCompiler>());
        services.ConfigureDbContext<PostgresProofsheetDb>(builder => builder.ReplaceService<IQueryCompiler, ShadowingQueryCompiler>());
    }

    public static void Translate<TResult>(Expression query)
    {
        if (Complaint<TResult>(query) is { } complaint)
        {
            Found.Enqueue(complaint);
        }
    }

    /// <summary>Null when SQL Server's provider translates the query into SQL that parses.</summary>
    public static string? Complaint<TResult>(Expression query)
    {
        string? raw = null;
        try
        {
            var sql = SqlServerShadow.FirstCommandAsync(async db =>
            {
                var mover = new OntoAnotherContext(db);
                var moved = mover.Visit(query);
                raw = mover.RawSql;
                if (raw is null)
                {
                    await RunAsync(db.GetService<IQueryCompiler>().ExecuteAsync<TResult>(moved, CancellationToken.None));
                }
            }).GetAwaiter().GetResult();

            if (raw is not null)
            {
                return SqlServerRawSqlTests.Covers(raw) ? null : $"This SQL is written by hand, and no test checks its text for SQL Server:\n{raw}";
            }

            Interlocked.Increment(ref s_translated);
            return sql is null ? $"This query sends nothing to SQL Server:\n{ExpressionPrinter.Print(query)}" : SqlServerShadow.ComplaintAbout(sql);
        }
        catch (Exception e)
        {
            return $"SQL Server has no translation for a query of the API.\n{e.GetType().Name}: {e.Message}\nThe query:\n{ExpressionPrinter.Print(query)}";
        }
    }

    private static async Task RunAsync<TResult>(TResult result)
    {
        if (result is Task task)
        {
            await task;
            return;
        }

        var row = typeof(TResult).GetGenericArguments().Single();
        await (Task)typeof(ShadowedQueries).GetMethod(nameof(FirstAsync), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(row).Invoke(null, [result])!;
    }

    private static async Task FirstAsync<T>(IAsyncEnumerable<T> rows)
    {
        await foreach (var _ in rows)
        {
            return;
        }
    }
}
