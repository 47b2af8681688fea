using System.Collections.Concurrent;

namespace Proofsheet.Api.Auth;

/// <summary>
/// Caches look-ups for credentials for a short time, in this process. A result that was read before a
/// <see cref="Forget"/> is not kept after it, so this process's own changes take effect in it at once.
/// </summary>
internal sealed class ShortCache<TKey, TValue>(TimeProvider clock, TimeSpan lifetime, TimeSpan absentLifetime, int capacity = 20_000)
    where TKey : notnull
    where TValue : class
{
    private readonly ConcurrentDictionary<TKey, Entry> _entries = new();
    private long _generation;

    /// <param name="load">Receives what it needs as state, so that a lambda captures nothing.</param>
    public ValueTask<TValue?> GetAsync<TState>(TKey key, TState state, Func<TKey, TState, CancellationToken, Task<TValue?>> load, CancellationToken cancellation) =>
        _entries.TryGetValue(key, out var entry) && clock.GetUtcNow() < entry.Until
            ? new(entry.Value)
            : new(LoadAsync(key, state, load, cancellation));

    public void Forget(Func<TKey, bool> which)
    {
        Interlocked.Increment(ref _generation);
        foreach (var key in _entries.Keys.Where(which))
        {
            _entries.TryRemove(key, out _);
        }
    }

    private async Task<TValue?> LoadAsync<TState>(TKey key, TState state, Func<TKey, TState, CancellationToken, Task<TValue?>> load, CancellationToken cancellation)
    {
        var generation = Interlocked.Read(ref _generation);
        var value = await load(key, state, cancellation);
        if (_entries.Count >= capacity)
        {
            // Clients choose the keys, so it is better to look everything up again than to let memory grow.
            _entries.Clear();
        }

        var entry = new Entry(value, clock.GetUtcNow() + (value is null ? absentLifetime : lifetime));
        _entries[key] = entry;
        if (Interlocked.Read(ref _generation) != generation)
        {
            _entries.TryRemove(new KeyValuePair<TKey, Entry>(key, entry));
        }

        return value;
    }

    private sealed class Entry(TValue? value, DateTimeOffset until)
    {
        public TValue? Value => value;

        public DateTimeOffset Until => until;
    }
}
