using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Tests.Support;

/// <summary>Every row of one studio as text, so that two points in time can be compared.</summary>
internal static class TenantSnapshot
{
    // Every call updates a key's last use.
    private static readonly string[] Ignored = ["LastUsedAt", "LastSeenAt"];

    public static Task<string> TakeAsync(ApiHost host, string studioId) => host.InScopeAsync(studioId, async services =>
    {
        var db = services.GetRequiredService<ProofsheetDb>();
        var text = new StringBuilder();
        foreach (var entity in db.Model.GetEntityTypes().Where(e => !e.IsOwned() && typeof(ITenantOwned).IsAssignableFrom(e.ClrType)).OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            var rows = (Task<List<string>>)typeof(TenantSnapshot).GetMethod(nameof(RowsAsync), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
                .MakeGenericMethod(entity.ClrType).Invoke(null, [db])!;
            text.AppendLine(entity.ClrType.Name);
            foreach (var row in (await rows).Order(StringComparer.Ordinal))
            {
                text.AppendLine(row);
            }
        }

        return text.ToString();
    });

    private static async Task<List<string>> RowsAsync<T>(ProofsheetDb db)
        where T : class
    {
        var rows = await db.Set<T>().AsNoTracking().ToListAsync();
        return [.. rows.Select(r => string.Join(" · ", db.Entry(r).Properties.Where(p => !Ignored.Contains(p.Metadata.Name)).Select(p => $"{p.Metadata.Name}={Text(p.CurrentValue)}")))];
    }

    private static string Text(object? value) => value switch
    {
        null => "∅",
        byte[] bytes => Convert.ToHexString(bytes),
        DateTimeOffset at => at.ToString("O"),
        _ => StoredJson.Text(value),
    };
}
