namespace Proofsheet.Api.Storage;

/// <summary>
/// Where the bytes are: originals, renditions, exports. An object is whole or not there; writing a key again replaces
/// the object at once, and whoever was reading the old one goes on reading the old one.
/// </summary>
public interface IObjectStore
{
    /// <summary>Streams the content in, never whole in memory, and tells what was stored.</summary>
    /// <remarks>When anything fails, also the reading of <paramref name="content"/>, what was there before stays.</remarks>
    /// <exception cref="ObjectTooLargeException">The content goes on after <paramref name="maxBytes"/>.</exception>
    /// <exception cref="StoreFullException">There is no room left.</exception>
    Task<StoredObject> PutAsync(ObjectKey key, Stream content, long? maxBytes = null, CancellationToken cancellation = default);

    /// <summary>Opens an object, or a part of it, for one reading from the front; null when there is none.</summary>
    /// <param name="key">The object.</param>
    /// <param name="offset">The first byte wanted.</param>
    /// <param name="length">How many bytes at most; null for the rest.</param>
    /// <param name="cancellation">Ends the opening, not the reading.</param>
    /// <exception cref="ObjectRangeException">The offset lies behind the end.</exception>
    Task<ObjectReader?> OpenAsync(ObjectKey key, long offset = 0, long? length = null, CancellationToken cancellation = default);

    /// <summary>Length and age of an object; null when there is none.</summary>
    Task<ObjectStat?> StatAsync(ObjectKey key, CancellationToken cancellation = default);

    /// <summary>
    /// Gives an object's content to a second key, without sending it through this process where the store can; what the second
    /// key held before is replaced at once. Each lives on when the other is deleted. False when there is no such object.
    /// </summary>
    /// <exception cref="StoreFullException">There is no room left.</exception>
    Task<bool> CopyAsync(ObjectKey from, ObjectKey to, CancellationToken cancellation = default);

    /// <summary>Deletes an object; deleting what is not there is no error.</summary>
    Task DeleteAsync(ObjectKey key, CancellationToken cancellation = default);

    /// <summary>Every object beneath a prefix, in no promised order; made for collecting garbage, not for requests.</summary>
    IAsyncEnumerable<ObjectStat> ListAsync(ObjectPrefix prefix, CancellationToken cancellation = default);

    /// <summary>Where copies of what is put here may lie for a moment; null where the objects are files on the local disk themselves.</summary>
    string? CopiesFolder => null;

    /// <summary>
    /// The object as a file on the local disk, for native libraries that read paths; null when there is none. It may be the
    /// stored file itself: read it, never write it, and dispose of it when done.
    /// </summary>
    Task<LocalFile?> FetchAsync(ObjectKey key, CancellationToken cancellation = default);
}

public static class ObjectStoreExtensions
{
    public static async Task<bool> ExistsAsync(this IObjectStore store, ObjectKey key, CancellationToken cancellation = default) =>
        await store.StatAsync(key, cancellation) is not null;

    /// <summary>Deletes every object beneath a prefix.</summary>
    public static async Task DeleteAllAsync(this IObjectStore store, ObjectPrefix prefix, CancellationToken cancellation = default)
    {
        // Listed first: some stores do not like deleting from under a listing.
        var keys = new List<ObjectKey>();
        await foreach (var item in store.ListAsync(prefix, cancellation))
        {
            keys.Add(item.Key);
        }

        foreach (var key in keys)
        {
            await store.DeleteAsync(key, cancellation);
        }
    }
}

/// <summary>What was stored, measured in the pass that stored it.</summary>
/// <param name="Key">The object.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
/// <param name="Crc32">The checksum of ZIP and PNG (ISO 3309), so that a stored ZIP needs no second pass.</param>
public sealed record StoredObject(ObjectKey Key, long Length, string Sha256, uint Crc32);

public sealed record ObjectStat(ObjectKey Key, long Length, DateTimeOffset WrittenAt);

/// <summary>An open object. The content cannot seek, in any store: ask for the part that is wanted.</summary>
public sealed class ObjectReader(Stream content, long objectLength, long offset, long length) : IAsyncDisposable
{
    public Stream Content { get; } = content;

    /// <summary>Length of the whole object.</summary>
    public long ObjectLength { get; } = objectLength;

    public long Offset { get; } = offset;

    /// <summary>Length of <see cref="Content"/>: what was asked for, or less where the object ends before.</summary>
    public long Length { get; } = length;

    public ValueTask DisposeAsync() => Content.DisposeAsync();
}

/// <summary>A file on the local disk; a temporary one goes away with its holder.</summary>
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

/// <summary>A part was asked for that begins behind the end of the object.</summary>
public sealed class ObjectRangeException(long objectLength) : IOException("The range begins behind the end of the object.")
{
    public long ObjectLength { get; } = objectLength;
}
