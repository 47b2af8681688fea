using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Imaging.Watermarks;
using Proofsheet.Api.Storage;

namespace Proofsheet.Api.Media.Watermarks;

/// <summary>So many pictures wait to be made that another one would come too late for whoever asks.</summary>
internal sealed class PicturesBusyException() : Exception("Too many pictures wait to be made.");

/// <summary>
/// Makes what visitors see from the private master, when it is first asked for. Everybody who asks for the same picture
/// meanwhile waits for the one that makes it; later it comes from the store, unless it was for one visitor alone.
/// </summary>
/// <remarks>Two processes may both make a picture: the same bytes under the same key, so neither waits for the other.</remarks>
internal sealed class WatermarkedRenditions(IObjectStore store, WatermarkRenderer renderer, IOptions<DeliveryOptions> options, ILogger<WatermarkedRenditions> log) : IDisposable
{
    // A page of thumbnails asks for a hundred at once; more at a time than cores only makes all of them late.
    private readonly SemaphoreSlim _places = new(Environment.ProcessorCount);
    private readonly ConcurrentDictionary<(ObjectKey Key, bool IsKept), Lazy<Task<byte[]?>>> _underWay = new();

    /// <summary>The picture's bytes; null when there is no master.</summary>
    /// <param name="master">What it is made from.</param>
    /// <param name="key">Its name: of the making, and in the store.</param>
    /// <param name="isKept">False: nothing of it goes into the store.</param>
    /// <param name="spec">How it looks.</param>
    /// <param name="cancellation">Ends the waiting, not the making.</param>
    /// <exception cref="PicturesBusyException">As many wait already as may.</exception>
    public async Task<byte[]?> MakeAsync(ObjectKey master, ObjectKey key, bool isKept, RenderSpec spec, CancellationToken cancellation)
    {
        if (!_underWay.TryGetValue((key, isKept), out var making))
        {
            if (_underWay.Count >= options.Value.MaxWaiting)
            {
                throw new PicturesBusyException();
            }

            making = _underWay.GetOrAdd((key, isKept), _ => new Lazy<Task<byte[]?>>(() => RenderAsync(master, key, isKept, spec)));
        }

        // One reader who leaves ends its own waiting, not the work that others wait for.
        return await making.Value.WaitAsync(cancellation);
    }

    public void Dispose() => _places.Dispose();

    private async Task<byte[]?> RenderAsync(ObjectKey master, ObjectKey key, bool isKept, RenderSpec spec)
    {
        await _places.WaitAsync();
        try
        {
            if (isKept && await ReadAsync(key) is { } made)
            {
                return made;
            }

            if (await ReadAsync(master) is not { } source)
            {
                return null;
            }

            var picture = await Task.Run(() => renderer.Render(source, spec));
            if (isKept)
            {
                await KeepAsync(key, picture.Bytes);
            }

            return picture.Bytes;
        }
        finally
        {
            _places.Release();
            _underWay.TryRemove((key, isKept), out _);
        }
    }

    private async Task KeepAsync(ObjectKey key, byte[] bytes)
    {
        try
        {
            using var content = new MemoryStream(bytes, writable: false);
            await store.PutAsync(key, content);
        }
        catch (IOException e)
        {
            // A full disk costs the keeping, not the picture.
            log.LogWarning(e, "A watermarked picture could not be kept; it is made again when next asked for");
        }
    }

    private async Task<byte[]?> ReadAsync(ObjectKey key)
    {
        await using var reader = await store.OpenAsync(key);
        if (reader is null)
        {
            return null;
        }

        var bytes = new byte[reader.Length];
        await reader.Content.ReadExactlyAsync(bytes);
        return bytes;
    }
}
