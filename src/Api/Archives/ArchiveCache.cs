using Microsoft.Extensions.Caching.Memory;

namespace Proofsheet.Api.Archives;

/// <summary>
/// The archives that are being downloaded, so that a request for a part does not read the rows and the list of all files again.
/// Another process builds the same archive from the same list.
/// </summary>
internal sealed class ArchiveCache : IDisposable
{
    private const long MaxMemoryBytes = 96L << 20;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);
    private readonly MemoryCache _archives = new(new MemoryCacheOptions { SizeLimit = MaxMemoryBytes });

    /// <param name="name">The name of a list that never changes.</param>
    public async ValueTask<T?> GetAsync<T>(string name, Func<Task<T?>> load, Func<T, long> memoryBytes)
        where T : class
    {
        if (_archives.TryGetValue(name, out T? known))
        {
            return known;
        }

        var archive = await load();
        return archive is null
            ? null
            : _archives.Set(name, archive, new MemoryCacheEntryOptions { Size = memoryBytes(archive), SlidingExpiration = Kept });
    }

    public void Dispose() => _archives.Dispose();
}
