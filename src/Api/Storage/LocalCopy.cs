using Proofsheet.Api.Http;
using Proofsheet.Api.Storage.Remote;

namespace Proofsheet.Api.Storage;

/// <summary>
/// A local copy of content that is put into a store elsewhere, written while the store reads it, so that it can be inspected
/// without fetching it back. If the copy cannot be written, there is none.
/// </summary>
internal sealed class LocalCopy(IObjectStore store) : IAsyncDisposable
{
    private FileStream? _file;

    /// <summary>Wraps the content, to be stored in its place. A copy of earlier content is discarded.</summary>
    public Stream Of(Stream content)
    {
        _file?.Dispose();
        _file = null;
        try
        {
            // Making the folder may fail, too.
            if (store.CopiesFolder is not { } folder)
            {
                return content;
            }

            _file = TemporaryFiles.Create(folder);
        }
        catch (IOException)
        {
            return content;
        }

        return new Keeping(content, this);
    }

    /// <summary>The object as a file: the copy if it is complete, otherwise fetched from the store. Null if there is no such object.</summary>
    public async Task<LocalFile?> FileAsync(StoredObject stored, CancellationToken cancellation) =>
        _file is not null && _file.Length == stored.Length ? new LocalFile(_file.Name, isTemporary: false) : await store.FetchAsync(stored.Key, cancellation);

    public ValueTask DisposeAsync() => _file?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async ValueTask KeepAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (_file is null)
        {
            return;
        }

        try
        {
            await _file.WriteAsync(bytes, cancellation);
        }
        catch (IOException)
        {
            // The local disk is full: the upload goes on, and the object is fetched from the store later.
            await _file.DisposeAsync();
            _file = null;
        }
    }

    private sealed class Keeping(Stream inner, LocalCopy copy) : ForwardStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            await copy.KeepAsync(buffer[..read], cancellationToken);
            return read;
        }
    }
}
