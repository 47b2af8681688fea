using System.Security.Cryptography;

namespace Proofsheet.Api.Storage.Remote;

/// <summary>
/// One put of one object, with proof that it is stored: each writing has a unique name that is stored with the
/// object and checked afterward. This detects a store that reports success and keeps nothing.
/// </summary>
internal sealed class RemotePut(RemoteStore store, ObjectKey key, Attempts attempts, ILogger log)
{
    private const int Rounds = 3;
    private const int MaxParts = 10_000;

    public async Task WholeAsync(PartBuffer content, CancellationToken cancellation)
    {
        var md5 = PartedMd5.Of(content.Bytes);
        await UntilKeptAsync(NewWriting, content.Count, Convert.ToHexStringLower(md5),
            writing => attempts.RunAsync("keep an object", token => store.SendAsync(key, content, md5, writing, token), cancellation), cancellation);
    }

    /// <summary>Returns true or throws.</summary>
    public async Task<bool> CopyAsync(ObjectKey from, RemoteObject source, CancellationToken cancellation)
    {
        await UntilKeptAsync(() => source.Writing ?? "", source.Length, md5: null, _ => store.SendCopyAsync(from, source, key, cancellation), cancellation);
        return true;
    }

    public async Task InPartsAsync(Stream content, PartBuffer buffer, CancellationToken cancellation)
    {
        var writing = NewWriting();
        var before = (await store.FindAsync(key, cancellation))?.Writing;
        var parts = await attempts.RunAsync("begin an object in parts", token => store.BeginPartsAsync(key, writing, token), cancellation);
        long length;
        try
        {
            length = await SendPartsAsync(parts, content, buffer, writing, cancellation);
        }
        catch
        {
            await AbortAsync(parts);
            throw;
        }

        var found = await store.FindAsync(key, cancellation);
        if (found?.Writing == writing ? found.Length != length : found is null || found.Writing == before)
        {
            throw new StoreUnreliableException("The store said that it keeps an object, and does not.");
        }
    }

    private async Task<long> SendPartsAsync(IRemoteParts parts, Stream content, PartBuffer buffer, string writing, CancellationToken cancellation)
    {
        using var whole = new PartedMd5(long.MaxValue);
        var length = 0L;
        for (var number = 1; number == 1 || buffer.Count > 0; number++)
        {
            if (number > MaxParts)
            {
                throw new ObjectTooLargeException(length);
            }

            whole.Append(buffer.Bytes);
            length += buffer.Count;
            var md5 = PartedMd5.Of(buffer.Bytes);
            await attempts.RunAsync("keep a part", token => parts.SendAsync(number, buffer, md5, token), cancellation);
            if (buffer.IsLast)
            {
                break;
            }

            await buffer.FillAsync(content, cancellation);
        }

        cancellation.ThrowIfCancellationRequested();
        await CompleteAsync(parts, Convert.FromHexString(whole.Finish()), writing, cancellation);
        return length;
    }

    private async Task CompleteAsync(IRemoteParts parts, byte[] md5, string writing, CancellationToken cancellation)
    {
        try
        {
            await attempts.RunAsync("complete an object", token => parts.CompleteAsync(md5, token), cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The response to a successful attempt may have been lost; then there are no parts left to complete.
            if ((await store.FindAsync(key, cancellation))?.Writing != writing)
            {
                throw;
            }
        }
    }

    // The caller may be gone and the store unreachable: leftovers are removed by the store's rule for incomplete uploads.
    private async Task AbortAsync(IRemoteParts parts)
    {
        try
        {
            await attempts.RunAsync("abort an object", parts.AbortAsync, CancellationToken.None);
        }
        catch (Exception e)
        {
            log.LogWarning("Parts of an object that was not finished stay in the store: {Reason}", e.GetType().Name);
        }
    }

    /// <summary>
    /// Sends until the object under the key is the one that was sent. Finding another writing means that a later put replaced
    /// ours, unless it is the same one in two rounds: then it was there before, and ours was never kept.
    /// </summary>
    private async Task UntilKeptAsync(Func<string> name, long length, string? md5, Func<string, Task> send, CancellationToken cancellation)
    {
        string? other = null;
        for (var round = 1; ; round++)
        {
            var writing = name();
            await send(writing);
            var found = await store.FindAsync(key, cancellation);
            if (IsKept(found, writing, length, md5) || (round > 1 && found is not null && found.Writing != writing && found.Writing != other))
            {
                return;
            }

            log.LogWarning("The store said that it keeps an object, and does not (round {Round})", round);
            other = found?.Writing;
            if (round == Rounds)
            {
                throw new StoreUnreliableException("The store said that it keeps an object, and does not.");
            }
        }
    }

    private static bool IsKept(RemoteObject? found, string writing, long length, string? md5) =>
        found is not null && found.Length == length && (found.Writing ?? "") == writing
        && (md5 is null || found.Mark is null || found.Mark.Md5 == md5);

    private static string NewWriting() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
