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
    /// <param name="db">The database.</param>
    /// <param name="rows">All rows of an entity.</param>
    /// <param name="payloads">Payloads of outbox messages that are kept elsewhere than in the outbox.</param>
    public static async Task<SortedDictionary<string, int>> CountAsync(DbContext db, Func<Type, IQueryable<object>> rows, params IEnumerable<IQueryable<string>> payloads)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (entity, column) in ColumnsOf(db))
        {
            await foreach (var value in rows(entity).Select(row => EF.Property<byte[]>(row, column.Name)).AsAsyncEnumerable())
            {
                // An empty value is a column that is not set yet.
                if (value is { Length: > 0 })
                {
                    Count(value);
                }
            }
        }

        foreach (var stored in payloads.Prepend(db.Set<OutboxMessage>().Where(m => m.DoneAt == null).Select(m => m.Payload)))
        {
            await foreach (var payload in stored.AsAsyncEnumerable())
            {
                using var json = JsonDocument.Parse(payload);
                foreach (var property in json.RootElement.EnumerateObject().Where(p => p.Name.StartsWith(InPayload, StringComparison.Ordinal)))
                {
                    Count(property.Value.GetBytesFromBase64());
                }
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
