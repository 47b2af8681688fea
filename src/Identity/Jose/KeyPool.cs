using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Proofsheet.Jose;

/// <summary>
/// A pool of imported keys. .NET does not guarantee that one instance can be used by several threads at once, so each use takes one out and
/// returns it afterwards; a key that failed is discarded.
/// </summary>
internal sealed class KeyPool(Func<AsymmetricAlgorithm> import)
{
    private static readonly int Kept = Math.Max(2, Environment.ProcessorCount);

    private readonly ConcurrentQueue<AsymmetricAlgorithm> _idle = new();
    private volatile bool _closed;

    public AsymmetricAlgorithm Take() => _idle.TryDequeue(out var key) ? key : import();

    public void Return(AsymmetricAlgorithm key)
    {
        if (_closed || _idle.Count >= Kept)
        {
            key.Dispose();
            return;
        }

        _idle.Enqueue(key);
    }

    /// <summary>Disposes the keys in the pool; those in use are disposed when they are returned.</summary>
    public void Close()
    {
        _closed = true;
        while (_idle.TryDequeue(out var key))
        {
            key.Dispose();
        }
    }
}
