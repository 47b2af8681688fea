using System.Runtime.CompilerServices;

namespace Proofsheet.Api.Storage.Remote;

/// <summary>
/// What all object stores behind a network have in common. A derived class implements the protocol, with one request per
/// method; retries, and checks that the store keeps what it claims to keep, are done here.
/// </summary>
internal abstract class RemoteStore(RemoteStoreOptions options, string temporaryFolder, ILogger log) : IObjectStore, IDisposable
{
    private readonly ProcessFolder _own = new(temporaryFolder);
    private Attempts? _attempts;

    protected Attempts Attempts => _attempts ??= new Attempts(options, Judge, log);

    protected RemoteStoreOptions Options => options;

    public virtual void Dispose()
    {
        _own.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Throws for errors that would make every request fail. A store that does not respond is accepted, because it may respond later.</summary>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        TemporaryFiles.Prepare(temporaryFolder);
        try
        {
            await Attempts.RunAsync("look at its container", ProbeAsync, cancellation);
        }
        catch (StoreUnavailableException e)
        {
            log.LogWarning("The object store does not answer yet: {Reason}", e.InnerException!.GetType().Name);
        }
    }

    public async Task<StoredObject> PutAsync(ObjectKey key, Stream content, long? maxBytes = null, CancellationToken cancellation = default)
    {
        await using var measured = new MeasuringStream(content, maxBytes);
        using var buffer = new PartBuffer(options.PartBytes);
        await buffer.FillAsync(measured, cancellation);
        await (buffer.IsLast ? new RemotePut(this, key, Attempts, log).WholeAsync(buffer, cancellation) : new RemotePut(this, key, Attempts, log).InPartsAsync(measured, buffer, cancellation));
        return measured.Measured(key);
    }

    public async Task<ObjectReader?> OpenAsync(ObjectKey key, long offset = 0, long? length = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        try
        {
            // No protocol can request zero bytes.
            return length == 0 ? await OpenEmptyAsync(key, offset, cancellation) : await OpenPartAsync(key, offset, length, cancellation);
        }
        catch (Exception e) when (Judge(e) == StoreFault.Missing)
        {
            return null;
        }
        catch (Exception e) when (Judge(e) == StoreFault.BehindTheEnd)
        {
            var behind = await OpenEmptyAsync(key, offset, cancellation);
            return behind is null || behind.ObjectLength == offset ? behind : throw new StoreUnreliableException("The store refused a range that the object has.");
        }
    }

    public async Task<ObjectStat?> StatAsync(ObjectKey key, CancellationToken cancellation = default) =>
        await FindAsync(key, cancellation) is { } found ? new ObjectStat(key, found.Length, found.WrittenAt) : null;

    public async Task<bool> CopyAsync(ObjectKey from, ObjectKey to, CancellationToken cancellation = default)
    {
        for (var round = 1; ; round++)
        {
            if (await FindAsync(from, cancellation) is not { } source)
            {
                return false;
            }

            try
            {
                return from == to || await new RemotePut(this, to, Attempts, log).CopyAsync(from, source, cancellation);
            }
            catch (Exception e) when (round < 3 && (e is ObjectChangedException or StoreUnreliableException || Judge(e) is StoreFault.Changed or StoreFault.Missing))
            {
                // It was replaced or deleted in the meantime.
            }
        }
    }

    public Task DeleteAsync(ObjectKey key, CancellationToken cancellation = default) =>
        Attempts.RunAsync("delete", token => RemoveAsync(key, token), cancellation);

    public async IAsyncEnumerable<ObjectStat> ListAsync(ObjectPrefix prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string? after = null;
        do
        {
            var (found, next) = await Attempts.RunAsync("list", token => ListPageAsync(prefix, after, token), cancellation);
            foreach (var item in found)
            {
                yield return item;
            }

            after = next;
        }
        while (after is not null);
    }

    public string? CopiesFolder => _own.Path;

    public async Task<LocalFile?> FetchAsync(ObjectKey key, CancellationToken cancellation = default)
    {
        for (var round = 1; ; round++)
        {
            await using var reader = await OpenAsync(key, cancellation: cancellation);
            if (reader is null)
            {
                return null;
            }

            try
            {
                return await TemporaryFiles.KeepAsync(_own.Path, reader.Content, cancellation);
            }
            catch (Exception e) when (round < 3 && e is StoreUnreliableException or ObjectChangedException)
            {
                log.LogWarning(e, "An object is fetched once more");
            }
        }
    }

    /// <summary>What the store reports about an object; null if there is none.</summary>
    public async Task<RemoteObject?> FindAsync(ObjectKey key, CancellationToken cancellation)
    {
        try
        {
            return await Attempts.RunAsync("look at an object", token => HeadAsync(key, token), cancellation);
        }
        catch (Exception e) when (Judge(e) == StoreFault.Missing)
        {
            return null;
        }
    }

    // ---- One request each

    public abstract StoreFault Judge(Exception e);

    protected abstract Task ProbeAsync(CancellationToken cancellation);

    protected abstract Task<RemoteObject> HeadAsync(ObjectKey key, CancellationToken cancellation);

    /// <summary>Requests bytes from an offset, of the given version if there is one.</summary>
    protected abstract Task<RemotePart> GetAsync(ObjectKey key, long from, long? length, string? version, CancellationToken cancellation);

    protected abstract Task<(IReadOnlyList<ObjectStat> Found, string? Next)> ListPageAsync(ObjectPrefix prefix, string? after, CancellationToken cancellation);

    protected abstract Task RemoveAsync(ObjectKey key, CancellationToken cancellation);

    /// <summary>Stores a whole object; the store refuses bytes with another MD5.</summary>
    public abstract Task SendAsync(ObjectKey key, PartBuffer content, byte[] md5, string writing, CancellationToken cancellation);

    public abstract Task<IRemoteParts> BeginPartsAsync(ObjectKey key, string writing, CancellationToken cancellation);

    /// <summary>Copies inside the store, with the name of the writing, if the source is still this version. This may take many requests.</summary>
    public abstract Task SendCopyAsync(ObjectKey from, RemoteObject source, ObjectKey to, CancellationToken cancellation);

    private async Task<ObjectReader?> OpenEmptyAsync(ObjectKey key, long offset, CancellationToken cancellation)
    {
        if (await FindAsync(key, cancellation) is not { } found)
        {
            return null;
        }

        return offset <= found.Length ? new ObjectReader(Stream.Null, found.Length, offset, 0) : throw new ObjectRangeException(found.Length);
    }

    private async Task<ObjectReader> OpenPartAsync(ObjectKey key, long offset, long? length, CancellationToken cancellation)
    {
        var first = await Attempts.RunAsync("open an object", token => GetAsync(key, offset, length, version: null, token), cancellation);
        var whole = first.Object.Length;
        var part = Math.Min(length ?? long.MaxValue, whole - offset);
        var check = part == whole ? first.Object.Mark?.Begin() : null;
        var content = new ResumingStream(first, part, (passed, token) => ReopenAsync(key, offset + passed, part - passed, first.Object.Version, token), check, options, Attempts);
        return new ObjectReader(content, whole, offset, part);
    }

    private async Task<RemotePart> ReopenAsync(ObjectKey key, long from, long length, string version, CancellationToken cancellation)
    {
        try
        {
            return await Attempts.RunAsync("open the rest of an object", token => GetAsync(key, from, length, version, token), cancellation);
        }
        catch (Exception e) when (Judge(e) is StoreFault.Missing or StoreFault.Changed or StoreFault.BehindTheEnd)
        {
            throw new ObjectChangedException();
        }
    }
}

/// <summary>An object that is sent in parts; it is not visible until it is completed.</summary>
internal interface IRemoteParts
{
    /// <param name="number">From 1 to 10,000.</param>
    Task SendAsync(int number, PartBuffer content, byte[] md5, CancellationToken cancellation);

    /// <param name="wholeMd5">The MD5 of the whole content.</param>
    Task CompleteAsync(byte[] wholeMd5, CancellationToken cancellation);

    /// <summary>Deletes the parts that were sent.</summary>
    Task AbortAsync(CancellationToken cancellation);
}
