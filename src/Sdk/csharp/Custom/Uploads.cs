using System.Net;
using System.Text;

namespace Proofsheet.Sdk;

/// <summary>A photograph to upload. It is opened when its turn comes, and again when its connection broke.</summary>
/// <param name="Name">With its extension, as the gallery shall show it.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Open">Opens it for reading from its beginning; the stream is disposed after each try.</param>
public sealed record UploadFile(string Name, long Length, Func<Stream> Open)
{
    /// <summary>Where it is, for people and for taking up an upload again. Default: its name.</summary>
    public string Path { get; init; } = Name;

    /// <summary>When it was last changed: a changed file is another upload. Null when that is not known.</summary>
    public DateTimeOffset? ModifiedAt { get; init; }

    /// <summary>The title of the section it goes to, which is made when the gallery has none of that title. Resumable uploads alone look at it.</summary>
    public string? Section { get; init; }

    /// <summary>A file of the disk.</summary>
    public static UploadFile FromPath(string path)
    {
        var file = new FileInfo(path);
        return new UploadFile(file.Name, file.Length, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024, useAsync: true))
        {
            Path = file.FullName,
            ModifiedAt = file.LastWriteTimeUtc,
        };
    }

    /// <summary>The files of a folder and of the folders in it, by their names, without hidden ones.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="sections">Each folder directly in it becomes a section of its name.</param>
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

    // A link may lead round in a circle, or out of the folder.
    private static IEnumerable<T> Visible<T>(IEnumerable<T> entries)
        where T : FileSystemInfo =>
        entries.Where(e => e.Name[0] != '.' && (e.Attributes & (FileAttributes.Hidden | FileAttributes.ReparsePoint)) == 0)
            .OrderBy(e => e.Name, StringComparer.OrdinalIgnoreCase);
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

    /// <summary>Over the last seconds; null until there is something to tell.</summary>
    public double? BytesPerSecond { get; init; }

    /// <summary>At that rate.</summary>
    public TimeSpan? TimeLeft => BytesPerSecond is > 0 and var rate ? TimeSpan.FromSeconds(Math.Min((TotalBytes - SentBytes) / rate, TimeSpan.MaxValue.TotalSeconds / 2)) : null;

    /// <summary>What is being done with the file.</summary>
    public UploadStage Stage { get; init; } = UploadStage.Sending;

    /// <summary>0 to 100, whole.</summary>
    public int Percent => TotalBytes == 0 ? 100 : (int)(SentBytes * 100 / TotalBytes);
}

/// <summary>What is being done with a file.</summary>
public enum UploadStage
{
    /// <summary>It is read once, to know whether the gallery has it already.</summary>
    Reading,

    /// <summary>Its bytes are on their way.</summary>
    Sending,

    /// <summary>The API cannot be reached, or asks for patience; it is tried again.</summary>
    Waiting,

    /// <summary>It is there, was there, or was refused.</summary>
    Done,
}

/// <summary>A body that is written as it is sent, takes as long as it takes, and can be written again.</summary>
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
/// A multipart body of one file that can be sent again: each try opens the file again. MultipartFormDataContent would hold
/// one stream, and a broken connection would leave it read to its middle.
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
        // As browsers write it (WHATWG): the name in UTF-8, with what would end it percent-encoded.
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
