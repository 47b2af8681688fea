using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Proofsheet.Jose;

/// <summary>
/// Imported keys, kept for the next use. .NET does not promise that one instance can be used by several threads at once,
/// so each use takes one out and puts it back; a key that has failed in between is thrown away.
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

    /// <summary>Frees what lies here; what is out is freed on its return.</summary>
    public void Close()
    {
        _closed = true;
        while (_idle.TryDequeue(out var key))
        {
            key.Dispose();
        }
    }
}
