using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Proofsheet.Shared.Database;

/// <summary>
/// Records what a context changes and acts on it after the commit: after the transaction if there is one, otherwise after the save. Changes that
/// were rolled back may still be acted on at the next commit, so acting too often must be harmless.
/// Registered as scoped: each instance serves one context, and can keep its records in fields.
/// </summary>
internal abstract class AfterCommit : SaveChangesInterceptor, IDbTransactionInterceptor, IDbCommandInterceptor
{
    public sealed override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        NoteSave(eventData.Context!);
        return ValueTask.FromResult(result);
    }

    public sealed override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        ActUnlessOpen(eventData.Context!);
        return ValueTask.FromResult(result);
    }

    public ValueTask<int> NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(NonQueryExecuted(command, eventData, result));

    public int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result)
    {
        // SaveChanges is excluded: NoteSave has already seen its rows.
        if (result != 0 && eventData is { Context: { } context, CommandSource: not (CommandSource.SaveChanges or CommandSource.Migrations) })
        {
            NoteStatement(context, command.CommandText);
            ActUnlessOpen(context);
        }

        return result;
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Act();
        return Task.CompletedTask;
    }

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => Act();

    /// <summary>Inspects the tracked entities that are about to be saved.</summary>
    protected abstract void NoteSave(DbContext context);

    /// <summary>Inspects a statement that changed rows without tracking: ExecuteUpdate, ExecuteDelete, SQL.</summary>
    protected virtual void NoteStatement(DbContext context, string sql)
    {
    }

    /// <summary>Acts on what was recorded since the last call, which may be nothing.</summary>
    protected abstract void Act();

    private void ActUnlessOpen(DbContext context)
    {
        if (context.Database.CurrentTransaction is null)
        {
            Act();
        }
    }
}
