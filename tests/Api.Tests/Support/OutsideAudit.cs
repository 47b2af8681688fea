using Microsoft.EntityFrameworkCore;

namespace Proofsheet.Api.Tests.Support;

/// <summary>For tests that bring about a state which no operation does: the product refuses such a statement without this mark.</summary>
internal static class OutsideAuditExtensions
{
    public const string Mark = "outside the audit trail";

    public static IQueryable<T> OutsideAudit<T>(this IQueryable<T> rows) => rows.TagWith(Mark);
}
