#pragma warning disable EF1001 // The query compiler is EF Core's own affair; a test may look.
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Query;
using Microsoft.EntityFrameworkCore.Query.Internal;
using Microsoft.EntityFrameworkCore.Storage;

namespace Proofsheet.Api.Tests.Data.SqlServer;

/// <summary>
/// Replaces EF Core's query compiler in the test hosts. Every query that the API compiles for its database is also translated for SQL Server, with the
/// same values, by <see cref="ShadowedQueries"/>. Only asynchronous queries are covered, because the API has no others.
/// </summary>
internal sealed class ShadowingQueryCompiler(
    IQueryContextFactory queryContextFactory,
    ICompiledQueryCache compiledQueryCache,
    ICompiledQueryCacheKeyGenerator compiledQueryCacheKeyGenerator,
    IDatabase database,
    IDiagnosticsLogger<DbLoggerCategory.Query> logger,
    ICurrentDbContext currentContext,
    IEvaluatableExpressionFilter evaluatableExpressionFilter,
    IModel model)
    : QueryCompiler(queryContextFactory, compiledQueryCache, compiledQueryCacheKeyGenerator, database, logger, currentContext, evaluatableExpressionFilter, model)
{
    [ThreadStatic]
    private static int s_compilations;

    public override TResult ExecuteAsync<TResult>(Expression query, CancellationToken cancellationToken = default)
    {
        // A query is compiled inside this call, on this thread, the first time the process sees it.
        var before = s_compilations;
        try
        {
            return base.ExecuteAsync<TResult>(query, cancellationToken);
        }
        finally
        {
            if (s_compilations != before)
            {
                ShadowedQueries.Translate<TResult>(query);
            }
        }
    }

    public override Func<QueryContext, TResult> CompileQueryCore<TResult>(IDatabase database, Expression query, IModel model, bool async)
    {
        s_compilations++;
        return base.CompileQueryCore<TResult>(database, query, model, async);
    }
}

/// <summary>Moves a query from one model to another: its entity roots, captured contexts, and nested queries.</summary>
internal sealed class OntoAnotherContext(DbContext db) : ExpressionVisitor
{
    private readonly IAsyncQueryProvider _provider = db.GetService<IAsyncQueryProvider>();

    /// <summary>SQL text that the API wrote itself; such a query cannot be moved.</summary>
    public string? RawSql { get; private set; }

    public bool IsSplit { get; private set; }

    protected override Expression VisitExtension(Expression node)
    {
        switch (node)
        {
            case FromSqlQueryRootExpression { Sql: var sql }:
                RawSql = sql;
                return node;
            case SqlQueryRootExpression { Sql: var sql }:
                RawSql = sql;
                return node;
            case EntityQueryRootExpression root:
                return new EntityQueryRootExpression(_provider, db.Model.FindEntityType(root.EntityType.Name)!);
            default:
                return base.VisitExtension(node);
        }
    }

    protected override Expression VisitMethodCall(MethodCallExpression node)
    {
        // A split query runs its parts one after another, and only the first is visible here. As a single query, all of it is.
        if (node.Method.Name == nameof(RelationalQueryableExtensions.AsSplitQuery))
        {
            IsSplit = true;
            return Visit(node.Arguments[0]);
        }

        return base.VisitMethodCall(node);
    }

    protected override Expression VisitMember(MemberExpression node) => Moved(node) ?? base.VisitMember(node);

    protected override Expression VisitConstant(ConstantExpression node) => Moved(node) ?? base.VisitConstant(node);

    private Expression? Moved(Expression node)
    {
        if (typeof(DbContext).IsAssignableFrom(node.Type))
        {
            return Expression.Constant(db, node.Type.IsInstanceOfType(db) ? node.Type : db.GetType());
        }

        return typeof(IQueryable).IsAssignableFrom(node.Type) && IsClosed(node) && Value(node) is IQueryable inner && inner.Expression != node
            ? Visit(inner.Expression)
            : null;
    }

    private static bool IsClosed(Expression? node) => node switch
    {
        null or ConstantExpression => true,
        MemberExpression member => IsClosed(member.Expression),
        _ => false,
    };

    private static object? Value(Expression node) => Expression.Lambda<Func<object?>>(Expression.Convert(node, typeof(object))).Compile()();
}
