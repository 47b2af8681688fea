using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data.Providers.Postgres;
using Proofsheet.Api.Data.Providers.Sqlite;

namespace Proofsheet.Api.Tests.Support;

/// <summary>Runs an action once, right after a statement that contains all of these texts, before the request that sent it goes on.</summary>
internal sealed class AfterStatement(params string[] texts) : DbCommandInterceptor
{
    private Func<Task>? _next;

    public void Watch(IServiceCollection services)
    {
        services.ConfigureDbContext<SqliteProofsheetDb>(builder => builder.AddInterceptors(this));
        services.ConfigureDbContext<PostgresProofsheetDb>(builder => builder.AddInterceptors(this));
    }

    public void Do(Func<Task> next) => _next = next;

    public override async ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        await ActAsync(command);
        return result;
    }

    public override async ValueTask<int> NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        await ActAsync(command);
        return result;
    }

    private async Task ActAsync(DbCommand command)
    {
        if (texts.All(text => command.CommandText.Contains(text, StringComparison.Ordinal)) && Interlocked.Exchange(ref _next, null) is { } next)
        {
            await next();
        }
    }
}
