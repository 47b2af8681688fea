using System.Collections.Concurrent;

namespace Proofsheet.Api.Data.Idempotency;

/// <summary>The keys that this process is working on, so that a concurrent repeat is answered at once and does not wait.</summary>
internal sealed class InFlightKeys
{
    private readonly ConcurrentDictionary<IdempotencyKeyUse, byte> _keys = new();

    public bool TryEnter(IdempotencyKeyUse use, out IDisposable leave)
    {
        leave = new Leave(this, use);
        return _keys.TryAdd(use, 0);
    }

    private sealed class Leave(InFlightKeys keys, IdempotencyKeyUse use) : IDisposable
    {
        public void Dispose() => keys._keys.TryRemove(use, out _);
    }
}
