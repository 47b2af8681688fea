using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Disk;
using Proofsheet.Api.Tests.Support;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>A store that is full, lies, forgets or hangs when a test asks for it.</summary>
internal sealed class TreacherousStore(IObjectStore inner) : IObjectStore
{
    /// <summary>Keys for which there is no space.</summary>
    public Func<ObjectKey, bool> IsFull { get; set; } = _ => false;

    /// <summary>Keys of which it stores one byte less than given, and reports success.</summary>
    public Func<ObjectKey, bool> DropsAByte { get; set; } = _ => false;

    /// <summary>As of a store that is not local, if set.</summary>
    public string? CopiesFolder { get; set; }

    /// <summary>How many copies were requested.</summary>
    public int Copies { get; private set; }

    /// <summary>Awaited before an object is written.</summary>
    public Func<ObjectKey, Task> BeforePut { get; set; } = _ => Task.CompletedTask;

    /// <summary>Awaited before an object is read as a file, which happens between an original and its row.</summary>
    public Func<ObjectKey, Task> BeforeFetch { get; set; } = _ => Task.CompletedTask;

    /// <summary>Starts a host with such a store.</summary>
    public static async Task<(ApiHost Host, TreacherousStore Store)> StartAsync(Dictionary<string, string?>? settings = null)
    {
        TreacherousStore? store = null;
        var host = await ApiHost.StartAsync(settings, services => services.Replace(
            ServiceDescriptor.Singleton<IObjectStore>(s => store = new TreacherousStore(s.GetRequiredService<DiskStore>()))));
        host.Services.GetRequiredService<IObjectStore>();
        return (host, store!);
    }

    public async Task<StoredObject> PutAsync(ObjectKey key, Stream content, long? maxBytes = null, CancellationToken cancellation = default)
    {
        await BeforePut(key);
        if (IsFull(key))
        {
            // Becomes full in the middle, as disks do.
            await content.ReadAtLeastAsync(new byte[1000], 1000, throwOnEndOfStream: false, cancellation);
            throw new StoreFullException(new IOException("No space left on device"));
        }

        var stored = await inner.PutAsync(key, content, maxBytes, cancellation);
        return DropsAByte(key) ? stored with { Length = stored.Length - 1 } : stored;
    }

    public Task<ObjectReader?> OpenAsync(ObjectKey key, long offset = 0, long? length = null, CancellationToken cancellation = default) => inner.OpenAsync(key, offset, length, cancellation);

    public async Task<ObjectStat?> StatAsync(ObjectKey key, CancellationToken cancellation = default) =>
        await inner.StatAsync(key, cancellation) is { } stat ? DropsAByte(key) ? stat with { Length = stat.Length - 1 } : stat : null;

    public Task<bool> CopyAsync(ObjectKey from, ObjectKey to, CancellationToken cancellation = default)
    {
        Copies++;
        return IsFull(to) ? throw new StoreFullException(new IOException("No space left on device")) : inner.CopyAsync(from, to, cancellation);
    }

    public Task DeleteAsync(ObjectKey key, CancellationToken cancellation = default) => inner.DeleteAsync(key, cancellation);

    public IAsyncEnumerable<ObjectStat> ListAsync(ObjectPrefix prefix, CancellationToken cancellation = default) => inner.ListAsync(prefix, cancellation);

    public async Task<LocalFile?> FetchAsync(ObjectKey key, CancellationToken cancellation = default)
    {
        await BeforeFetch(key);
        return await inner.FetchAsync(key, cancellation);
    }
}
