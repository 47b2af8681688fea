using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Proofsheet.Shared.Database;

/// <summary>
/// Notes what a context changes and acts once that is committed: after the save where there is no transaction, else after the
/// transaction. What is rolled back may still be acted upon with the next commit, so acting too often must do no harm.
/// Registered as scoped: each serves one context, and may keep what it noted in fields.
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
        // What SaveChanges sends was noted already, row by row.
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

    /// <summary>Looks through the tracked rows that are about to be saved.</summary>
    protected abstract void NoteSave(DbContext context);

    /// <summary>Looks at a statement that changed rows past the tracked ones: ExecuteUpdate, ExecuteDelete, SQL.</summary>
    protected virtual void NoteStatement(DbContext context, string sql)
    {
    }

    /// <summary>Acts upon what was noted since it was last called; perhaps nothing.</summary>
    protected abstract void Act();

    private void ActUnlessOpen(DbContext context)
    {
        if (context.Database.CurrentTransaction is null)
        {
            Act();
        }
    }
}
