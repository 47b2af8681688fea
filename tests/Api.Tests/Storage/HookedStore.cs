using Proofsheet.Api.Storage;

namespace Proofsheet.Api.Tests.Storage;

/// <summary>A store with hooks that run just before its operations.</summary>
internal sealed class HookedStore(IObjectStore inner) : IObjectStore
{
    public Func<ObjectKey, Task>? BeforeOpen { get; set; }

    public Func<ObjectKey, Task>? BeforeStat { get; set; }

    public string? CopiesFolder { get; set; }

    public int Fetched { get; private set; }

    public Task<StoredObject> PutAsync(ObjectKey key, Stream content, long? maxBytes = null, CancellationToken cancellation = default) => inner.PutAsync(key, content, maxBytes, cancellation);

    public async Task<ObjectReader?> OpenAsync(ObjectKey key, long offset = 0, long? length = null, CancellationToken cancellation = default)
    {
        await (BeforeOpen?.Invoke(key) ?? Task.CompletedTask);
        return await inner.OpenAsync(key, offset, length, cancellation);
    }

    public async Task<ObjectStat?> StatAsync(ObjectKey key, CancellationToken cancellation = default)
    {
        await (BeforeStat?.Invoke(key) ?? Task.CompletedTask);
        return await inner.StatAsync(key, cancellation);
    }

    public Task<bool> CopyAsync(ObjectKey from, ObjectKey to, CancellationToken cancellation = default) => inner.CopyAsync(from, to, cancellation);

    public Task DeleteAsync(ObjectKey key, CancellationToken cancellation = default) => inner.DeleteAsync(key, cancellation);

    public IAsyncEnumerable<ObjectStat> ListAsync(ObjectPrefix prefix, CancellationToken cancellation = default) => inner.ListAsync(prefix, cancellation);

    public Task<LocalFile?> FetchAsync(ObjectKey key, CancellationToken cancellation = default)
    {
        Fetched++;
        return inner.FetchAsync(key, cancellation);
    }
}
