using System.Reflection;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Shared.Keyrings;

/// <summary>Counts the sealed values in the database by the master key that sealed them, so that an unused key can be removed.</summary>
internal static class SealedValues
{
    private const string InPayload = "sealed";

    /// <summary>The columns of a model that hold sealed values.</summary>
    public static IEnumerable<(Type Entity, PropertyInfo Column)> ColumnsOf(DbContext db) => db.Model.GetEntityTypes()
        .SelectMany(e => e.GetProperties().Where(p => p.PropertyInfo?.GetCustomAttribute<SealedAttribute>() is not null).Select(p => (e.ClrType, p.PropertyInfo!)));

    /// <summary>The number of values by key id; an empty id stands for values that name no key.</summary>
    public static async Task<SortedDictionary<string, int>> CountAsync(DbContext db, Func<Type, IQueryable<object>> rows, CancellationToken cancellation)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (entity, column) in ColumnsOf(db))
        {
            await foreach (var value in rows(entity).Select(row => EF.Property<byte[]>(row, column.Name)).AsAsyncEnumerable().WithCancellation(cancellation))
            {
                // An empty value is a column that is not set yet.
                if (value is { Length: > 0 })
                {
                    Count(value);
                }
            }
        }

        await foreach (var payload in db.Set<OutboxMessage>().Where(m => m.DoneAt == null).Select(m => m.Payload).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            using var json = JsonDocument.Parse(payload);
            foreach (var property in json.RootElement.EnumerateObject().Where(p => p.Name.StartsWith(InPayload, StringComparison.Ordinal)))
            {
                Count(property.Value.GetBytesFromBase64());
            }
        }

        return counts;

        void Count(byte[] value)
        {
            var id = SealedHeader.KeyIdIn(value) ?? "";
            counts[id] = counts.GetValueOrDefault(id) + 1;
        }
    }

    /// <summary>Prints each configured key with its number of values, then those that name no configured key.</summary>
    public static async Task PrintAsync(Keyring keyring, IReadOnlyDictionary<string, int> counts, TextWriter output)
    {
        foreach (var id in keyring.KeyIds)
        {
            await output.WriteLineAsync($"{id}  {counts.GetValueOrDefault(id)} values");
        }

        foreach (var (id, count) in counts.Where(c => !keyring.KeyIds.Contains(c.Key)))
        {
            await output.WriteLineAsync($"{(id.Length == 0 ? "(none)" : id)}  {count} values, which cannot be opened: the key is not configured");
        }
    }
}
