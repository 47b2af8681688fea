namespace Proofsheet.Api.Storage;

/// <summary>
/// Stores the bytes: originals, renditions, exports. An object is either complete or absent. Writing a key again replaces
/// the object atomically, and a reader of the old object continues with the old one.
/// </summary>
public interface IObjectStore
{
    /// <summary>Stores the content as a stream, never whole in memory, and returns what was stored.</summary>
    /// <remarks>If anything fails, including reading <paramref name="content"/>, the previous object is kept.</remarks>
    /// <exception cref="ObjectTooLargeException">The content is longer than <paramref name="maxBytes"/>.</exception>
    /// <exception cref="StoreFullException">There is no room left.</exception>
    Task<StoredObject> PutAsync(ObjectKey key, Stream content, long? maxBytes = null, CancellationToken cancellation = default);

    /// <summary>Opens an object, or a part of it, for one forward read; null if there is no such object.</summary>
    /// <param name="key">The object.</param>
    /// <param name="offset">The position of the first byte.</param>
    /// <param name="length">The maximum number of bytes; null for the rest.</param>
    /// <param name="cancellation">Cancels opening, not reading.</param>
    /// <exception cref="ObjectRangeException">The offset is beyond the end.</exception>
    Task<ObjectReader?> OpenAsync(ObjectKey key, long offset = 0, long? length = null, CancellationToken cancellation = default);

    /// <summary>The length and age of an object; null if there is no such object.</summary>
    Task<ObjectStat?> StatAsync(ObjectKey key, CancellationToken cancellation = default);

    /// <summary>
    /// Copies an object to another key, without sending it through this process if the store can do that. An existing object under
    /// that key is replaced atomically. Deleting one of the two does not affect the other. False if there is no such object.
    /// </summary>
    /// <exception cref="StoreFullException">There is no room left.</exception>
    Task<bool> CopyAsync(ObjectKey from, ObjectKey to, CancellationToken cancellation = default);

    /// <summary>Deletes an object; deleting one that does not exist is not an error.</summary>
    Task DeleteAsync(ObjectKey key, CancellationToken cancellation = default);

    /// <summary>Every object under a prefix, in no guaranteed order; meant for garbage collection, not for requests.</summary>
    IAsyncEnumerable<ObjectStat> ListAsync(ObjectPrefix prefix, CancellationToken cancellation = default);

    /// <summary>Where temporary copies of stored content may be written; null if the objects are local files already.</summary>
    string? CopiesFolder => null;

    /// <summary>
    /// The object as a file on the local disk, for native libraries that need a path; null if there is no such object. It may be the
    /// stored file itself: only read it, and dispose of it when done.
    /// </summary>
    Task<LocalFile?> FetchAsync(ObjectKey key, CancellationToken cancellation = default);
}

public static class ObjectStoreExtensions
{
    public static async Task<bool> ExistsAsync(this IObjectStore store, ObjectKey key, CancellationToken cancellation = default) =>
        await store.StatAsync(key, cancellation) is not null;

    /// <summary>Deletes every object under a prefix.</summary>
    public static Task DeleteAllAsync(this IObjectStore store, ObjectPrefix prefix, CancellationToken cancellation = default) =>
        store.DeleteAllAsync(prefix, _ => true, cancellation);

    /// <summary>Deletes those objects under a prefix that the condition accepts.</summary>
    public static async Task DeleteAllAsync(this IObjectStore store, ObjectPrefix prefix, Func<ObjectKey, bool> condition, CancellationToken cancellation = default)
    {
        // Listed first, because some stores do not support deleting while listing.
        var keys = new List<ObjectKey>();
        await foreach (var item in store.ListAsync(prefix, cancellation))
        {
            if (condition(item.Key))
            {
                keys.Add(item.Key);
            }
        }

        foreach (var key in keys)
        {
            await store.DeleteAsync(key, cancellation);
        }
    }
}

/// <summary>What was stored, measured while it was stored.</summary>
/// <param name="Key">The object.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
/// <param name="Crc32">The checksum used by ZIP and PNG (ISO 3309), so that a stored ZIP needs no second pass.</param>
public sealed record StoredObject(ObjectKey Key, long Length, string Sha256, uint Crc32);

public sealed record ObjectStat(ObjectKey Key, long Length, DateTimeOffset WrittenAt);

/// <summary>An open object. The content cannot seek in any store: open the part that is needed.</summary>
public sealed class ObjectReader(Stream content, long objectLength, long offset, long length) : IAsyncDisposable
{
    public Stream Content { get; } = content;

    /// <summary>The length of the whole object.</summary>
    public long ObjectLength { get; } = objectLength;

    public long Offset { get; } = offset;

    /// <summary>The length of <see cref="Content"/>: what was requested, or less if the object ends earlier.</summary>
    public long Length { get; } = length;

    public ValueTask DisposeAsync() => Content.DisposeAsync();
}

/// <summary>A file on the local disk; a temporary one is deleted when it is disposed of.</summary>
public sealed class LocalFile(string path, bool isTemporary) : IAsyncDisposable
{
    public string Path { get; } = path;

    public ValueTask DisposeAsync()
    {
        if (isTemporary)
        {
            File.Delete(Path);
        }

        return ValueTask.CompletedTask;
    }
}

/// <summary>The store has no room left; nothing of the object was kept.</summary>
public sealed class StoreFullException(Exception inner) : IOException("The object store is full.", inner);

/// <summary>The content is longer than allowed; nothing of the object was kept.</summary>
public sealed class ObjectTooLargeException(long maxBytes) : IOException($"The content is longer than {maxBytes} bytes.")
{
    public long MaxBytes { get; } = maxBytes;
}

/// <summary>The requested range starts beyond the end of the object.</summary>
public sealed class ObjectRangeException(long objectLength) : IOException("The range begins behind the end of the object.")
{
    public long ObjectLength { get; } = objectLength;
}
