using System.Globalization;
using Proofsheet.Shared.Keyrings;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Http;

/// <summary>One page of a list.</summary>
public sealed record Page<T>
{
    public required IReadOnlyList<T> Data { get; init; }

    /// <summary>Pass it as <c>cursor</c> to get the next page. Null on the last page.</summary>
    public required string? NextCursor { get; init; }

    /// <summary>From limit + 1 rows: the extra row only shows that there is a next page.</summary>
    public static Page<T> From<TRow>(IReadOnlyList<TRow> rows, int limit, Func<TRow, T> toItem, Func<TRow, string> toCursor) => new()
    {
        Data = [.. rows.Take(limit).Select(toItem)],
        NextCursor = rows.Count > limit ? toCursor(rows[limit - 1]) : null,
    };
}

public static class Limits
{
    public const int DefaultPage = 50;
    public const int MaxPage = 200;

    /// <summary>The requested page size, or null if it is not between 1 and 200.</summary>
    public static int? PageSize(int? asked) => asked is null ? DefaultPage : asked is >= 1 and <= MaxPage ? asked : null;
}

/// <summary>
/// Opaque, signed cursors. A cursor names its list with the filters it was made for, so that a cursor of another list,
/// another studio or another filter is refused and not misread.
/// </summary>
public sealed class Cursors(Keyring keys, TenantContext tenant)
{
    /// <param name="list">The list's name and its filters, for example <c>photos:gal_…:ready</c>.</param>
    /// <param name="position">The sort key of the last row, for example its id.</param>
    public string Write(string list, string position) => keys.Sign("cursor", $"{Scope()}\n{list}\n{position}");

    /// <summary>False if the cursor is not ours or belongs to another list. A null cursor is the beginning.</summary>
    public bool TryRead(string list, string? cursor, out string? position)
    {
        position = null;
        if (cursor is null)
        {
            return true;
        }

        var parts = keys.Verify("cursor", cursor)?.Split('\n', 3);
        if (parts is not { Length: 3 } || parts[0] != Scope() || parts[1] != list)
        {
            return false;
        }

        position = parts[2];
        return true;
    }

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private string Scope() => tenant.IsSet ? tenant.Current.ToString() : "platform";
}

/// <summary>Refusals that all lists share.</summary>
public static class PageProblems
{
    public static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult BadLimit() =>
        Problems.Invalid(new Dictionary<string, string[]> { ["limit"] = [$"A page has 1 to {Limits.MaxPage} rows."] });

    public static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult BadCursor() =>
        Problems.BadRequest("invalid_cursor", "This cursor is not of this list. Begin again without `cursor`.");
}
