using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Http;

/// <summary>The parameters of every list.</summary>
internal sealed record PageQuery
{
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    [FromQuery(Name = "createdAfter"), Description("Only items created at this time or later.")]
    public Instant? CreatedAfter { get; init; }

    [FromQuery(Name = "createdBefore"), Description("Only items created before this time.")]
    public Instant? CreatedBefore { get; init; }
}

/// <summary>Pages of rows in the order of their ids, which is the order of their creation.</summary>
internal sealed class Paging(Cursors cursors)
{
    /// <param name="query">The query as received.</param>
    /// <param name="list">The list's name and its filters, as for <see cref="Cursors"/>.</param>
    /// <param name="rows">The whole list, unordered.</param>
    /// <param name="toItems">Maps the rows of one page, in order.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public Task<Results<Ok<Page<T>>, ProblemHttpResult>> NewestFirstAsync<TRow, T>(
        PageQuery query, string list, IQueryable<TRow> rows, Func<IReadOnlyList<TRow>, Task<IReadOnlyList<T>>> toItems, CancellationToken cancellation)
        where TRow : class, IIdentified<TRow> => ReadAsync(query, list, rows, isNewestFirst: true, toItems, cancellation);

    /// <inheritdoc cref="NewestFirstAsync{TRow,T}(PageQuery,string,IQueryable{TRow},Func{IReadOnlyList{TRow},Task{IReadOnlyList{T}}},CancellationToken)"/>
    public Task<Results<Ok<Page<T>>, ProblemHttpResult>> NewestFirstAsync<TRow, T>(
        PageQuery query, string list, IQueryable<TRow> rows, Func<TRow, T> toItem, CancellationToken cancellation)
        where TRow : class, IIdentified<TRow> => ReadAsync(query, list, rows, isNewestFirst: true, One(toItem), cancellation);

    /// <inheritdoc cref="NewestFirstAsync{TRow,T}(PageQuery,string,IQueryable{TRow},Func{IReadOnlyList{TRow},Task{IReadOnlyList{T}}},CancellationToken)"/>
    public Task<Results<Ok<Page<T>>, ProblemHttpResult>> OldestFirstAsync<TRow, T>(
        PageQuery query, string list, IQueryable<TRow> rows, Func<IReadOnlyList<TRow>, Task<IReadOnlyList<T>>> toItems, CancellationToken cancellation)
        where TRow : class, IIdentified<TRow> => ReadAsync(query, list, rows, isNewestFirst: false, toItems, cancellation);

    /// <inheritdoc cref="NewestFirstAsync{TRow,T}(PageQuery,string,IQueryable{TRow},Func{IReadOnlyList{TRow},Task{IReadOnlyList{T}}},CancellationToken)"/>
    public Task<Results<Ok<Page<T>>, ProblemHttpResult>> OldestFirstAsync<TRow, T>(
        PageQuery query, string list, IQueryable<TRow> rows, Func<TRow, T> toItem, CancellationToken cancellation)
        where TRow : class, IIdentified<TRow> => ReadAsync(query, list, rows, isNewestFirst: false, One(toItem), cancellation);

    private static Func<IReadOnlyList<TRow>, Task<IReadOnlyList<T>>> One<TRow, T>(Func<TRow, T> toItem) =>
        rows => Task.FromResult<IReadOnlyList<T>>([.. rows.Select(toItem)]);

    private async Task<Results<Ok<Page<T>>, ProblemHttpResult>> ReadAsync<TRow, T>(
        PageQuery query, string list, IQueryable<TRow> rows, bool isNewestFirst, Func<IReadOnlyList<TRow>, Task<IReadOnlyList<T>>> toItems, CancellationToken cancellation)
        where TRow : class, IIdentified<TRow>
    {
        if (Limits.PageSize(query.Limit) is not { } size)
        {
            return PageProblems.BadLimit();
        }

        list = $"{list}:{query.CreatedAfter}:{query.CreatedBefore}";
        if (!cursors.TryRead(list, query.Cursor, out var after))
        {
            return PageProblems.BadCursor();
        }

        rows = rows.CreatedBetween(query.CreatedAfter, query.CreatedBefore);
        if (after is not null)
        {
            var last = Id<TRow>.FromStored(after);
            rows = isNewestFirst ? rows.Where(row => row.Id < last) : rows.Where(row => row.Id > last);
        }

        var ordered = isNewestFirst ? rows.OrderByDescending(row => row.Id) : rows.OrderBy(row => row.Id);
        // The extra row only shows that there is a next page.
        var found = await ordered.Take(size + 1).ToListAsync(cancellation);
        var shown = found.Count > size ? found[..size] : found;
        return TypedResults.Ok(new Page<T>
        {
            Data = await toItems(shown),
            NextCursor = found.Count > size ? cursors.Write(list, shown[^1].Id.ToStored()) : null,
        });
    }
}

internal static class CreationTimes
{
    /// <summary>The rows created at or after one time and before the other, told by their ids, which have milliseconds like the times that clients see.</summary>
    /// <param name="rows">Any rows.</param>
    /// <param name="from">Null for all from the beginning.</param>
    /// <param name="to">Null for all to the end.</param>
    public static IQueryable<TRow> CreatedBetween<TRow>(this IQueryable<TRow> rows, Instant? from, Instant? to)
        where TRow : class, IIdentified<TRow>
    {
        if (from is { Value: var start })
        {
            var first = Id<TRow>.First(start);
            rows = rows.Where(row => row.Id >= first);
        }

        if (to is { Value: var end })
        {
            var next = Id<TRow>.First(end);
            rows = rows.Where(row => row.Id < next);
        }

        return rows;
    }
}
