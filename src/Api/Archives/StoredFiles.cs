using System.IO.Pipelines;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Proofsheet.Api.Archives.Zip;
using Proofsheet.Api.Storage;

namespace Proofsheet.Api.Archives;

/// <param name="Key">The content under this key never changes.</param>
internal sealed record StoredFile(ObjectKey Key, long Bytes, EntityTagHeaderValue ETag, DateTimeOffset ModifiedAt);

/// <summary>Sends single files from the store, or to it.</summary>
internal sealed class StoredFiles(IObjectStore store, IOptions<StorageOptions> options)
{
    // The transfer must start within this time; one that has started may go on. A download manager that resumes later asks here again.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public async Task<bool> IsThereAsync(StoredFile file, CancellationToken cancellation) => (await store.StatAsync(file.Key, cancellation))?.Length == file.Bytes;

    /// <param name="unsent">Called with the number of bytes that were not sent, if the transfer breaks.</param>
    public FileAnswer Answer(HttpRequest request, StoredFile file, RequestedPart part, string contentType, string fileName, Func<long, Task>? unsent = null) =>
        new(part, contentType, fileName, (to, from, length, cancellation) => SendAsync(file, to, from, length, cancellation))
        {
            Length = file.Bytes,
            ETag = file.ETag,
            ModifiedAt = file.ModifiedAt,
            Elsewhere = AddressOf(request, file, part, contentType, fileName),
            Unsent = unsent,
        };

    private async Task SendAsync(StoredFile file, PipeWriter to, long from, long length, CancellationToken cancellation)
    {
        await using var reader = await store.OpenAsync(file.Key, from, length, cancellation) ?? throw new IOException("The file went away before it was sent.");
        while (length > 0)
        {
            var wanted = (int)Math.Min(ZipWriter.PieceBytes, length);
            var read = await reader.Content.ReadAsync(to.GetMemory(wanted)[..wanted], cancellation);
            if (read == 0)
            {
                // The length was already sent; failing here tells the client that the transfer is incomplete.
                throw new IOException("The file is shorter than it was.");
            }

            to.Advance(read);
            length -= read;
            await to.FlushAsync(cancellation);
        }
    }

    private Uri? AddressOf(HttpRequest request, StoredFile file, RequestedPart part, string contentType, string fileName)
    {
        // Only for whole files: the URL serves the whole file, and the store has a different ETag, with which a download resumed by ours would start over.
        var isWhole = HttpMethods.IsGet(request.Method) && part.Status is StatusCodes.Status200OK;
        return isWhole && options.Value.DirectDownloads && store is IPresignedAccess presigned
            ? presigned.PresignGet(file.Key, Lifetime, contentType, FileAnswer.DispositionOf(fileName).ToString())
            : null;
    }
}
