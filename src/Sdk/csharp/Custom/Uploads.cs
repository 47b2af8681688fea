using System.Net;
using System.Text;

namespace Proofsheet.Sdk;

/// <summary>A photo to upload. It is opened when it is sent, and again when the connection breaks.</summary>
/// <param name="Name">The file name with its extension, as the gallery will show it.</param>
/// <param name="Length">The length in bytes.</param>
/// <param name="Open">Opens the file for reading from the beginning; the stream is disposed after each try.</param>
public sealed record UploadFile(string Name, long Length, Func<Stream> Open)
{
    /// <summary>The path of the file, for display and for recognizing it when an upload is resumed. Default: its name.</summary>
    public string Path { get; init; } = Name;

    /// <summary>When the file was last modified: a modified file is a new upload. Null when unknown.</summary>
    public DateTimeOffset? ModifiedAt { get; init; }

    /// <summary>The title of the file's section, which is created if the gallery does not have it. Used by resumable uploads only.</summary>
    public string? Section { get; init; }

    /// <summary>A file on disk.</summary>
    public static UploadFile FromPath(string path)
    {
        var file = new FileInfo(path);
        return new UploadFile(file.Name, file.Length, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024, useAsync: true))
        {
            Path = file.FullName,
            ModifiedAt = file.LastWriteTimeUtc,
        };
    }

    /// <summary>The files in a folder and its subfolders, sorted by name, without hidden ones.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="sections">Makes each direct subfolder a section of the same name.</param>
    public static IEnumerable<UploadFile> FromFolder(string folder, bool sections = false)
    {
        var root = new DirectoryInfo(folder);
        foreach (var file in Visible(root.EnumerateFiles()))
        {
            yield return FromPath(file.FullName);
        }

        foreach (var inner in Visible(root.EnumerateDirectories()))
        {
            foreach (var file in FromFolder(inner.FullName))
            {
                yield return sections ? file with { Section = inner.Name } : file;
            }
        }
    }

    // Links are skipped: they may form a cycle, or lead out of the folder.
    private static IEnumerable<T> Visible<T>(IEnumerable<T> entries)
        where T : FileSystemInfo =>
        entries.Where(e => e.Name[0] != '.' && (e.Attributes & (FileAttributes.Hidden | FileAttributes.ReparsePoint)) == 0)
            .OrderBy(e => e.Name, StringComparer.OrdinalIgnoreCase);
}

/// <summary>The progress of an upload.</summary>
public sealed record UploadProgress
{
    /// <summary>The file that this report is about.</summary>
    public required string FileName { get; init; }

    /// <summary>The index of the file, from 0.</summary>
    public required int Index { get; init; }

    public required long FileSentBytes { get; init; }

    public required long FileTotalBytes { get; init; }

    /// <summary>Of all files together.</summary>
    public required long SentBytes { get; init; }

    public required long TotalBytes { get; init; }

    public required int FilesDone { get; init; }

    public required int FilesTotal { get; init; }

    /// <summary>Over the last 15 seconds; null until there is enough data.</summary>
    public double? BytesPerSecond { get; init; }

    /// <summary>The time left at that rate.</summary>
    public TimeSpan? TimeLeft => BytesPerSecond is > 0 and var rate ? TimeSpan.FromSeconds(Math.Min((TotalBytes - SentBytes) / rate, TimeSpan.MaxValue.TotalSeconds / 2)) : null;

    /// <summary>What is being done with the file.</summary>
    public UploadStage Stage { get; init; } = UploadStage.Sending;

    /// <summary>A whole number from 0 to 100.</summary>
    public int Percent => TotalBytes == 0 ? 100 : (int)(SentBytes * 100 / TotalBytes);
}

/// <summary>What is being done with a file.</summary>
public enum UploadStage
{
    /// <summary>The file is read and hashed, to find out whether the gallery already has it.</summary>
    Reading,

    /// <summary>The file is being sent.</summary>
    Sending,

    /// <summary>The API cannot be reached, or asks to wait; the file will be retried.</summary>
    Waiting,

    /// <summary>The file was accepted, was a duplicate, or was refused.</summary>
    Done,
}

/// <summary>A body that is streamed without a time limit, and can be sent again.</summary>
internal abstract class StreamedContent : HttpContent
{
    public abstract HttpContent Again();

    protected abstract Task CopyAsync(Stream stream, CancellationToken cancellationToken);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => CopyAsync(stream, CancellationToken.None);

#if !NETSTANDARD2_0
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) => CopyAsync(stream, cancellationToken);
#endif
}

/// <summary>
/// A multipart body of one file that can be sent again: each try reopens the file. MultipartFormDataContent would hold a single stream, which a
/// broken connection would leave half read.
/// </summary>
internal sealed class UploadContent : StreamedContent
{
    private readonly UploadFile _file;
    private readonly Action<long> _sent;
    private readonly byte[] _head;
    private readonly byte[] _tail;

    public UploadContent(UploadFile file, Action<long> sent)
    {
        (_file, _sent) = (file, sent);
        var boundary = $"proofsheet-{Guid.NewGuid():N}";
        // As browsers do (WHATWG): a UTF-8 name, in which quotes and line breaks are percent-encoded.
        var name = file.Name.Replace("\"", "%22").Replace("\r", "%0D").Replace("\n", "%0A");
        _head = Encoding.UTF8.GetBytes($"--{boundary}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n");
        _tail = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={boundary}");
    }

    public override HttpContent Again() => new UploadContent(_file, _sent);

    protected override bool TryComputeLength(out long length)
    {
        length = _head.Length + _file.Length + _tail.Length;
        return true;
    }

    protected override async Task CopyAsync(Stream stream, CancellationToken cancellationToken)
    {
        _sent(0);
        await stream.WriteAsync(_head, 0, _head.Length, cancellationToken).ConfigureAwait(false);
        long sent = 0;
        await _file.CopyToAsync(stream, bytes => _sent(sent += bytes), cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync(_tail, 0, _tail.Length, cancellationToken).ConfigureAwait(false);
    }
}
