using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Data.Providers.Postgres;

/// <summary>
/// Tells PostgreSQL before each statement which tenant it is for: the scope's, all for a query that is marked as across tenants, otherwise none. The
/// policies of the tables compare their rows with it. It is a setting of the session; when a connection goes back to the pool, it is reset, and in any
/// case it is set again before the first statement of whoever gets the connection next.
/// Made by the context, so that an instance serves one.
/// </summary>
internal sealed class RowSecurity(TenantContext tenant) : DbCommandInterceptor, IDbConnectionInterceptor, IDbTransactionInterceptor
{
    public const string Setting = "proofsheet.tenant";
    public const string AllTenants = "*";
    private const string Mark = $"-- {AcrossTenantsExtensions.Tag}";

    // What the open connection is set to; null when that is not known.
    private string? _set;

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Set(command, eventData);
        return result;
    }

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        await SetAsync(command, eventData, cancellationToken);
        return result;
    }

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Set(command, eventData);
        return result;
    }

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        await SetAsync(command, eventData, cancellationToken);
        return result;
    }

    public override InterceptionResult<object> ScalarExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<object> result)
    {
        Set(command, eventData);
        return result;
    }

    public override async ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
    {
        await SetAsync(command, eventData, cancellationToken);
        return result;
    }

    public void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => _set = null;

    public Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        _set = null;
        return Task.CompletedTask;
    }

    // What was set in a transaction ends with its rollback.
    public void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => _set = null;

    public Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        _set = null;
        return Task.CompletedTask;
    }

    public void RolledBackToSavepoint(DbTransaction transaction, TransactionEventData eventData) => _set = null;

    public Task RolledBackToSavepointAsync(DbTransaction transaction, TransactionEventData eventData, CancellationToken cancellationToken = default)
    {
        _set = null;
        return Task.CompletedTask;
    }

    public void TransactionFailed(DbTransaction transaction, TransactionErrorEventData eventData) => _set = null;

    public Task TransactionFailedAsync(DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        _set = null;
        return Task.CompletedTask;
    }

    private void Set(DbCommand command, CommandEventData eventData)
    {
        if (SetterFor(command, eventData) is not { } setter)
        {
            return;
        }

        using (setter)
        {
            setter.ExecuteNonQuery();
            _set = (string)setter.Parameters[0].Value!;
        }
    }

    private async Task SetAsync(DbCommand command, CommandEventData eventData, CancellationToken cancellation)
    {
        if (SetterFor(command, eventData) is not { } setter)
        {
            return;
        }

        await using (setter)
        {
            await setter.ExecuteNonQueryAsync(cancellation);
            _set = (string)setter.Parameters[0].Value!;
        }
    }

    private DbCommand? SetterFor(DbCommand command, CommandEventData eventData)
    {
        var wanted = command.CommandText.StartsWith(Mark, StringComparison.Ordinal) ? AllTenants : tenant.IsSet ? tenant.Current.ToStored() : "";
        if (wanted == _set || eventData.CommandSource == CommandSource.Migrations)
        {
            return null;
        }

        var setter = command.Connection!.CreateCommand();
        setter.Transaction = command.Transaction;
        setter.CommandText = $"SELECT set_config('{Setting}', $1, false)";
        var value = setter.CreateParameter();
        value.Value = wanted;
        setter.Parameters.Add(value);
        return setter;
    }
}
