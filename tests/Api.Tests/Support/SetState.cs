using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;

namespace Proofsheet.Api.Tests.Support;

/// <summary>Brings about a state that no operation does.</summary>
internal static class SetState
{
    /// <summary>Saves a property's value in the studio's rows that meet the condition.</summary>
    public static async Task<int> SetAsync<T>(this ProofsheetDb db, Expression<Func<T, bool>> condition, string property, object value)
        where T : class
    {
        foreach (var row in await db.Set<T>().Where(condition).ToListAsync())
        {
            db.Entry(row).Property(property).CurrentValue = value;
        }

        return await db.SaveChangesAsync();
    }
}
