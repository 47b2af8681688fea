using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Proofsheet.Api.Tests.Data.SqlServer;

/// <summary>
/// Microsoft's parser for Transact-SQL (the grammar of SQL Server 2019). It knows the language but no database: a missing name, a type that does not
/// fit or a slow plan passes. Nothing in this folder has been executed by a SQL Server.
/// </summary>
internal static class TransactSql
{
    /// <summary>The tree of the script, or the parser's errors with the script they are about.</summary>
    public static (TSqlFragment Tree, string? Complaint) Parse(string sql)
    {
        var tree = new TSql150Parser(initialQuotedIdentifiers: true).Parse(new StringReader(sql), out var errors);
        return (tree, errors.Count == 0 ? null : string.Join('\n', errors.Select(e => $"line {e.Line}, column {e.Column}: {e.Message}")) + "\nin:\n" + sql);
    }

    public static TSqlFragment ParseWhole(string sql)
    {
        var (tree, complaint) = Parse(sql);
        return complaint is null ? tree : throw new Xunit.Sdk.XunitException($"This is not Transact-SQL:\n{complaint}");
    }

    /// <summary>Every node of a type, in the order of the script.</summary>
    public static IReadOnlyList<T> All<T>(this TSqlFragment tree)
        where T : TSqlFragment
    {
        var finder = new Finder<T>();
        tree.Accept(finder);
        return finder.Found;
    }

    private sealed class Finder<T> : TSqlFragmentVisitor
        where T : TSqlFragment
    {
        public List<T> Found { get; } = [];

        public override void Visit(TSqlFragment fragment)
        {
            if (fragment is T wanted)
            {
                Found.Add(wanted);
            }
        }
    }
}
