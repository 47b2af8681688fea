using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;

namespace Proofsheet.Api.Storage;

/// <summary>Reads objects to the end and compares them with their rows.</summary>
internal sealed class ObjectCheck(IObjectStore store, Pace pace)
{
    /// <summary>Null if the object matches its row, otherwise <c>missing</c>, <c>wrong_length</c>, <c>wrong_content</c> or <c>unreadable</c>.</summary>
    public async Task<string?> ProblemOfAsync(ObjectReference named, CancellationToken cancellation)
    {
        try
        {
            await using var reader = await store.OpenAsync(named.Key, cancellation: cancellation);
            if (reader is null)
            {
                return "missing";
            }

            if (named.Length is { } length && reader.ObjectLength != length)
            {
                return "wrong_length";
            }

            var (read, sha256) = await ReadAsync(reader.Content, cancellation);
            return read != reader.ObjectLength ? "unreadable" : named.Sha256 is not null && sha256 != named.Sha256 ? "wrong_content" : null;
        }
        catch (IOException)
        {
            return "unreadable";
        }
    }

    /// <summary>The SHA-256 of the current content; null if the object is missing or cannot be read.</summary>
    public async Task<string?> Sha256Async(ObjectKey key, CancellationToken cancellation)
    {
        try
        {
            await using var reader = await store.OpenAsync(key, cancellation: cancellation);
            return reader is null ? null : (await ReadAsync(reader.Content, cancellation)).Sha256;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task<(long Read, string Sha256)> ReadAsync(Stream content, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            var whole = 0L;
            for (int read; (read = await content.ReadAsync(buffer, cancellation)) > 0; whole += read)
            {
                hash.AppendData(buffer, 0, read);
                await pace.KeepAsync(read, cancellation);
            }

            return (whole, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

/// <summary>Counts the bytes of all readers and delays them to stay below a rate in bytes per second; 0 means no limit.</summary>
internal sealed class Pace(long bytesPerSecond)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    private long _bytes;

    public long Bytes => Interlocked.Read(ref _bytes);

    public async Task KeepAsync(int bytes, CancellationToken cancellation)
    {
        Interlocked.Add(ref _bytes, bytes);
        var ahead = bytesPerSecond > 0 ? TimeSpan.FromSeconds((double)Bytes / bytesPerSecond) - _clock.Elapsed : TimeSpan.Zero;
        if (ahead > TimeSpan.FromMilliseconds(10))
        {
            await Task.Delay(ahead, cancellation);
        }
    }
}
