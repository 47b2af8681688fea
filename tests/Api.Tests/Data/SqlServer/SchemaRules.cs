using System.Globalization;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Proofsheet.Api.Tests.Data.SqlServer;

/// <summary>
/// Rules that SQL Server checks when it runs a script of tables and indexes, and that a parser cannot check. Each returns its violations, one
/// sentence each.
/// </summary>
internal sealed class SchemaRules
{
    public const int MaxIdentifier = 128;
    public const int MaxClusteredKeyBytes = 900;
    public const int MaxKeyBytes = 1700;
    public const int MaxKeyColumns = 32;
    private const int Unlimited = int.MaxValue;

    private static readonly string[] KnownFunctions = ["SYSUTCDATETIME", "GETUTCDATE", "NEWSEQUENTIALID", "NEWID", "LEN", "CONVERT", "ISJSON", "OBJECT_ID", "UPPER", "LOWER"];

    private readonly TSqlFragment _script;
    private readonly Dictionary<string, Dictionary<string, ColumnDefinition>> _tables;
    private readonly List<(string Table, ForeignKeyConstraintDefinition Key)> _foreignKeys;
    private readonly List<Key> _keys;

    public SchemaRules(TSqlFragment script)
    {
        _script = script;
        var created = script.All<CreateTableStatement>();
        _tables = created.ToDictionary(
            t => Name(t.SchemaObjectName), t => t.Definition.ColumnDefinitions.ToDictionary(c => c.ColumnIdentifier.Value, StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase);
        var constraints = created.SelectMany(t => t.Definition.TableConstraints.Select(c => (Table: Name(t.SchemaObjectName), Constraint: c)))
            .Concat(script.All<AlterTableAddTableElementStatement>().SelectMany(a => a.Definition.TableConstraints.Select(c => (Table: Name(a.SchemaObjectName), Constraint: c))))
            .ToList();
        _foreignKeys = [.. constraints.Where(c => c.Constraint is ForeignKeyConstraintDefinition).Select(c => (c.Table, (ForeignKeyConstraintDefinition)c.Constraint))];
        _keys =
        [
            .. constraints.Where(c => c.Constraint is UniqueConstraintDefinition).Select(c => Key.From(c.Table, (UniqueConstraintDefinition)c.Constraint)),
            .. script.All<CreateIndexStatement>().Select(i => new Key(Name(i.OnName), i.Name.Value, i.Clustered == true, [.. i.Columns.Select(Column)], i.FilterPredicate)),
        ];
    }

    public int Tables => _tables.Count;

    public int Keys => _keys.Count;

    public IEnumerable<string> Identifiers() => _script.All<Identifier>().Select(i => i.Value).Distinct(StringComparer.Ordinal)
        .Where(name => name.Length > MaxIdentifier).Select(name => $"'{name}' has {name.Length} characters; a name has {MaxIdentifier} at most.");

    public IEnumerable<string> KeySizes()
    {
        foreach (var key in _keys)
        {
            if (key.Columns.Count > MaxKeyColumns)
            {
                yield return $"{key} has {key.Columns.Count} columns; a key has {MaxKeyColumns} at most.";
            }

            var sizes = key.Columns.Select(c => (Column: c, Bytes: Bytes(_tables[key.Table][c]))).ToList();
            var limit = key.IsClustered ? MaxClusteredKeyBytes : MaxKeyBytes;
            if (sizes.FirstOrDefault(s => s.Bytes == Unlimited) is { Column: not null } unlimited)
            {
                yield return $"{key}: the column {unlimited.Column} has no greatest length, and so cannot be in a key.";
            }
            else if (sizes.Sum(s => s.Bytes) > limit)
            {
                yield return $"{key} can take {sizes.Sum(s => s.Bytes)} bytes ({string.Join(", ", sizes.Select(s => $"{s.Column} {s.Bytes}"))}); it may take {limit}.";
            }
        }
    }

    /// <summary>One DELETE must not cascade to a table along two paths, or to itself (error 1785).</summary>
    public IEnumerable<string> CascadePaths()
    {
        var reactions = _foreignKeys
            .Where(f => f.Key.DeleteAction is DeleteUpdateAction.Cascade or DeleteUpdateAction.SetNull or DeleteUpdateAction.SetDefault)
            .ToLookup(f => Name(f.Key.ReferenceTableName), f => f.Table, StringComparer.OrdinalIgnoreCase);
        foreach (var start in _tables.Keys)
        {
            var reached = new List<string>();
            Follow(start, [start], reached);
            foreach (var twice in reached.GroupBy(t => t, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1 || g.Key == start))
            {
                yield return $"Deleting from {start} reaches {twice.Key} on {twice.Count()} ways.";
            }
        }

        void Follow(string table, HashSet<string> path, List<string> reached)
        {
            foreach (var next in reactions[table])
            {
                reached.Add(next);
                if (!path.Contains(next))
                {
                    Follow(next, [.. path, next], reached);
                }
            }
        }
    }

    /// <summary>Both ends of a foreign key have the same type, length and collation (errors 1753, 1757, 1778), and the referenced end is a key.</summary>
    public IEnumerable<string> ForeignKeys()
    {
        foreach (var (table, key) in _foreignKeys)
        {
            var name = $"{key.ConstraintIdentifier?.Value} of {table}";
            var target = Name(key.ReferenceTableName);
            if (!_tables.TryGetValue(target, out var columns))
            {
                yield return $"{name} points to {target}, which the script does not make.";
                continue;
            }

            var far = key.ReferencedTableColumns.Select(c => c.Value).ToList();
            if (!_keys.Any(k => k.Table.Equals(target, StringComparison.OrdinalIgnoreCase) && k.Filter is null && k.Columns.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(far)))
            {
                yield return $"{name} points to columns of {target} that are no key of it.";
            }

            foreach (var (here, there) in key.Columns.Select(c => c.Value).Zip(far))
            {
                var (mine, theirs) = (Shape(_tables[table][here]), Shape(columns[there]));
                if (mine != theirs)
                {
                    yield return $"{name}: {here} is {mine}, but {target}.{there} is {theirs}.";
                }
            }
        }
    }

    /// <summary>Handwritten fragments (index filters, checks, defaults) use columns and functions that exist in SQL Server.</summary>
    public IEnumerable<string> Fragments()
    {
        foreach (var key in _keys.Where(k => k.Filter is not null))
        {
            foreach (var column in Columns(key.Filter!).Where(c => !_tables[key.Table].ContainsKey(c)))
            {
                yield return $"The filter of {key} names {column}, which is no column of {key.Table}.";
            }
        }

        foreach (var table in _script.All<CreateTableStatement>())
        {
            var name = Name(table.SchemaObjectName);
            foreach (var column in table.All<CheckConstraintDefinition>().SelectMany(c => Columns(c.CheckCondition)).Where(c => !_tables[name].ContainsKey(c)))
            {
                yield return $"A check of {name} names {column}, which is no column of it.";
            }
        }

        foreach (var function in _script.All<FunctionCall>().Select(f => f.FunctionName.Value).Where(f => !KnownFunctions.Contains(f, StringComparer.OrdinalIgnoreCase)).Distinct())
        {
            yield return $"{function}() is not known to be a function of SQL Server.";
        }
    }

    public static int Bytes(ColumnDefinition column)
    {
        var type = (SqlDataTypeReference)column.DataType;
        int Length(int each) => type.Parameters.FirstOrDefault() switch
        {
            MaxLiteral => Unlimited,
            { } length => int.Parse(length.Value, CultureInfo.InvariantCulture) * each,
            null => each,
        };
        return type.SqlDataTypeOption switch
        {
            SqlDataTypeOption.Char or SqlDataTypeOption.VarChar or SqlDataTypeOption.Binary or SqlDataTypeOption.VarBinary => Length(1),
            SqlDataTypeOption.NChar or SqlDataTypeOption.NVarChar => Length(2),
            SqlDataTypeOption.Bit or SqlDataTypeOption.TinyInt => 1,
            SqlDataTypeOption.SmallInt => 2,
            SqlDataTypeOption.Int or SqlDataTypeOption.Real => 4,
            SqlDataTypeOption.Date => 3,
            SqlDataTypeOption.BigInt or SqlDataTypeOption.Float or SqlDataTypeOption.DateTime2 => 8,
            SqlDataTypeOption.DateTimeOffset => 10,
            SqlDataTypeOption.UniqueIdentifier => 16,
            SqlDataTypeOption.Decimal => 17,
            var other => throw new NotSupportedException($"The size of {other} ({column.ColumnIdentifier.Value}) is not known here."),
        };
    }

    private static string Shape(ColumnDefinition column) =>
        $"{((SqlDataTypeReference)column.DataType).SqlDataTypeOption}({string.Join(',', ((SqlDataTypeReference)column.DataType).Parameters.Select(p => p.Value))}) {column.Collation?.Value}".Trim();

    private static IEnumerable<string> Columns(TSqlFragment condition) => condition.All<ColumnReferenceExpression>().Select(c => c.MultiPartIdentifier.Identifiers[^1].Value);

    private static string Name(SchemaObjectName name) => name.BaseIdentifier.Value;

    private static string Column(ColumnWithSortOrder column) => column.Column.MultiPartIdentifier.Identifiers[^1].Value;

    private sealed record Key(string Table, string Name, bool IsClustered, IReadOnlyList<string> Columns, BooleanExpression? Filter)
    {
        // A primary key is clustered unless declared otherwise; a unique constraint is not.
        public static Key From(string table, UniqueConstraintDefinition constraint) => new(
            table, constraint.ConstraintIdentifier?.Value ?? "a key", constraint.Clustered ?? constraint.IsPrimaryKey, [.. constraint.Columns.Select(Column)], null);

        public override string ToString() => $"{Name} of {Table}";
    }
}
