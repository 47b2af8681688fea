using System.Collections.Concurrent;

namespace Proofsheet.Api.Data.Idempotency;

/// <summary>The keys this process is working on, so that a concurrent repeat is told at once instead of waiting.</summary>
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
