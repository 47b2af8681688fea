using System.Net;
using System.Text;

namespace Proofsheet.Sdk;

/// <summary>A photograph to upload. It is opened when its turn comes, and again when its connection broke.</summary>
/// <param name="Name">With its extension, as the gallery shall show it.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Open">Opens it for reading from its beginning; the stream is disposed after each try.</param>
public sealed record UploadFile(string Name, long Length, Func<Stream> Open)
{
    /// <summary>A file of the disk.</summary>
    public static UploadFile FromPath(string path)
    {
        var file = new FileInfo(path);
        return new UploadFile(file.Name, file.Length, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024, useAsync: true));
    }
}

/// <summary>How far an upload is.</summary>
public sealed record UploadProgress
{
    /// <summary>The file that moved.</summary>
    public required string FileName { get; init; }

    /// <summary>Its place among the files, from 0.</summary>
    public required int Index { get; init; }

    public required long FileSentBytes { get; init; }

    public required long FileTotalBytes { get; init; }

    /// <summary>Of all files together.</summary>
    public required long SentBytes { get; init; }

    public required long TotalBytes { get; init; }

    public required int FilesDone { get; init; }

    public required int FilesTotal { get; init; }

    /// <summary>0 to 100, whole.</summary>
    public int Percent => TotalBytes == 0 ? 100 : (int)(SentBytes * 100 / TotalBytes);
}

/// <summary>Adds up what several files in parallel have sent, and tells it in order.</summary>
internal sealed class UploadMeter(IReadOnlyList<UploadFile> files, IProgress<UploadProgress>? progress)
{
    private readonly long[] _sent = new long[files.Count];
    private readonly long _total = files.Sum(f => f.Length);
    private readonly object _lock = new();
    private int _done;

    public void Report(int index, long bytes, bool done = false)
    {
        lock (_lock)
        {
            _sent[index] = Math.Min(bytes, files[index].Length);
            _done += done ? 1 : 0;
            progress?.Report(new UploadProgress
            {
                FileName = files[index].Name,
                Index = index,
                FileSentBytes = _sent[index],
                FileTotalBytes = files[index].Length,
                SentBytes = _sent.Sum(),
                TotalBytes = _total,
                FilesDone = _done,
                FilesTotal = files.Count,
            });
        }
    }
}

/// <summary>
/// A multipart body of one file that can be sent again: each try opens the file anew. MultipartFormDataContent would hold
/// one stream, and a broken connection would leave it read to its middle.
/// </summary>
internal sealed class UploadContent : HttpContent
{
    private readonly UploadFile _file;
    private readonly Action<long> _sent;
    private readonly byte[] _head;
    private readonly byte[] _tail;

    public UploadContent(UploadFile file, Action<long> sent)
    {
        (_file, _sent) = (file, sent);
        var boundary = $"proofsheet-{Guid.NewGuid():N}";
        // As browsers write it (WHATWG): the name in UTF-8, with what would end it percent-encoded.
        var name = file.Name.Replace("\"", "%22").Replace("\r", "%0D").Replace("\n", "%0A");
        _head = Encoding.UTF8.GetBytes($"--{boundary}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n");
        _tail = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={boundary}");
    }

    public UploadContent Again() => new(_file, _sent);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => CopyAsync(stream, CancellationToken.None);

#if !NETSTANDARD2_0
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) => CopyAsync(stream, cancellationToken);
#endif

    protected override bool TryComputeLength(out long length)
    {
        length = _head.Length + _file.Length + _tail.Length;
        return true;
    }

    private async Task CopyAsync(Stream stream, CancellationToken cancellationToken)
    {
        _sent(0);
        await stream.WriteAsync(_head, 0, _head.Length, cancellationToken).ConfigureAwait(false);
        using (var file = _file.Open())
        {
            var buffer = new byte[128 * 1024];
            long sent = 0;
            int read;
            while ((read = await file.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)) > 0)
            {
                await stream.WriteAsync(buffer, 0, read, cancellationToken).ConfigureAwait(false);
                _sent(sent += read);
            }
        }

        await stream.WriteAsync(_tail, 0, _tail.Length, cancellationToken).ConfigureAwait(false);
    }
}
