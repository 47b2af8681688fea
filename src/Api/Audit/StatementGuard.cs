using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Audit;

/// <summary>
/// Refuses an ExecuteUpdate or ExecuteDelete that would change audited rows without an entry in the audit trail. Such rows are loaded and saved, except
/// for the columns that <see cref="UnauditedColumns"/> lists with a reason.
/// </summary>
internal sealed partial class StatementGuard : DbCommandInterceptor
{
    // The statements of a program are few, so this does not grow.
    private readonly ConcurrentDictionary<string, string?> _complaints = new(StringComparer.Ordinal);

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Check(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Check(command, eventData);
        return ValueTask.FromResult(result);
    }

    /// <summary>Why the statement is refused; null if it is not.</summary>
    internal static string? ComplaintAbout(string sql, DbContext db)
    {
        var statement = Statement().Match(sql);
        var target = statement.Groups["target"].Value;
        // SQL Server names the alias first, and the table after FROM.
        var table = Aliased().Matches(sql).FirstOrDefault(m => m.Groups["alias"].Value == target) is { Success: true } aliased ? aliased.Groups["table"].Value : target;
        var entity = db.Model.GetEntityTypes().FirstOrDefault(e => e.GetTableName() == table);
        if (!statement.Success || entity is null)
        {
            return NotUnderstood(sql);
        }

        if (!entity.ClrType.IsAssignableTo(typeof(IAudited)))
        {
            return null;
        }

        if (statement.Groups["verb"].Value == "DELETE")
        {
            return $"{entity.ClrType.Name} is audited. Load the rows and remove them, so that the audit trail has entries.";
        }

        var columns = Column().Matches(sql).Select(m => m.Groups["column"].Value).ToHashSet(StringComparer.Ordinal);
        if (columns.Count == 0)
        {
            return NotUnderstood(sql);
        }

        var bypassing = entity.GetProperties().Where(p => columns.Contains(p.GetColumnName()) && !UnauditedColumns.Contains(entity.ClrType.Name, p.Name)).Select(p => p.Name).ToList();
        return bypassing.Count > 0
            ? $"{entity.ClrType.Name} is audited. Load the rows and save them, so that the audit trail has entries for {string.Join(", ", bypassing)}."
            : null;
    }

    private static string NotUnderstood(string sql) => $"This statement cannot be understood, so it may bypass the audit trail: {sql}";

    private void Check(DbCommand command, CommandEventData eventData)
    {
        if (eventData is { CommandSource: CommandSource.ExecuteUpdate or CommandSource.ExecuteDelete, Context: { } db }
            && _complaints.GetOrAdd(command.CommandText, static (sql, db) => ComplaintAbout(sql, db), db) is { } complaint)
        {
            throw new InvalidOperationException(complaint);
        }
    }

    [GeneratedRegex(@"^(?<verb>UPDATE|DELETE)\s+(FROM\s+)?[""\[]?(?<target>\w+)", RegexOptions.Multiline)]
    private static partial Regex Statement();

    [GeneratedRegex(@"FROM\s+[""\[]?(?<table>\w+)[""\]]?\s+AS\s+[""\[]?(?<alias>\w+)")]
    private static partial Regex Aliased();

    // EF writes each column on a line of its own.
    [GeneratedRegex(@"^(SET|    )\s*([""\[]?\w+[""\]]?\.)?[""\[]?(?<column>\w+)[""\]]?\s=\s", RegexOptions.Multiline)]
    private static partial Regex Column();
}
