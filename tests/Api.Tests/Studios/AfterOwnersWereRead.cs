using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data.Providers.Postgres;
using Proofsheet.Api.Data.Providers.Sqlite;

namespace Proofsheet.Api.Tests.Studios;

/// <summary>Runs an action once, right after a request has checked whether its studio has another owner.</summary>
internal sealed class AfterOwnersWereRead : DbCommandInterceptor
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
        if (command.CommandText.Contains("EXISTS", StringComparison.Ordinal) && command.CommandText.Contains("role", StringComparison.Ordinal)
            && Interlocked.Exchange(ref _next, null) is { } next)
        {
            await next();
        }

        return result;
    }
}
