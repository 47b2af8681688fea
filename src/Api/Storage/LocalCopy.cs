using Proofsheet.Api.Http;
using Proofsheet.Api.Storage.Remote;

namespace Proofsheet.Api.Storage;

/// <summary>
/// A copy on the local disk of what is put into a store that has no files here, written while the store reads it, so that it can be looked
/// at without being fetched back. Where the copy cannot be written, there is none.
/// </summary>
internal sealed class LocalCopy(IObjectStore store) : IAsyncDisposable
{
    private FileStream? _file;

    /// <summary>The content to put in place of this one. Once for each copy.</summary>
    public Stream Of(Stream content)
    {
        if (store.CopiesFolder is not { } folder)
        {
            return content;
        }

        try
        {
            _file = TemporaryFiles.Create(folder);
        }
        catch (IOException)
        {
            return content;
        }

        return new Keeping(content, this);
    }

    /// <summary>The object as a file: the copy where there is a whole one, else as the store fetches it. Null when there is no such object.</summary>
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
            // No room here: the upload goes on, and what the store keeps is fetched.
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
