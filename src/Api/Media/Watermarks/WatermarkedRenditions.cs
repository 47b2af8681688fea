using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Imaging.Watermarks;
using Proofsheet.Api.Storage;

namespace Proofsheet.Api.Media.Watermarks;

/// <summary>So many pictures are waiting to be rendered that another one would be too late for the client.</summary>
internal sealed class PicturesBusyException() : Exception("Too many pictures wait to be made.");

/// <summary>
/// Renders what visitors see from the private master on first request. Concurrent requests for the same picture wait for that
/// rendering; later requests get it from the store, unless it was made for a single visitor.
/// </summary>
/// <remarks>Two processes may both render a picture. They write the same bytes under the same key, so neither waits for the other.</remarks>
internal sealed class WatermarkedRenditions(IObjectStore store, WatermarkRenderer renderer, IOptions<DeliveryOptions> options, ILogger<WatermarkedRenditions> log) : IDisposable
{
    // A page of thumbnails requests a hundred at once; rendering more than one per core would only delay all of them.
    private readonly SemaphoreSlim _places = new(Environment.ProcessorCount);
    private readonly ConcurrentDictionary<(ObjectKey Key, bool IsKept), Lazy<Task<byte[]?>>> _underWay = new();

    /// <summary>The bytes of the picture; null if there is no master.</summary>
    /// <param name="master">The picture to render from.</param>
    /// <param name="key">Identifies the rendering, and is the key in the store.</param>
    /// <param name="isKept">If false, nothing is written to the store.</param>
    /// <param name="spec">How to render it.</param>
    /// <param name="cancellation">Cancels waiting, not rendering.</param>
    /// <exception cref="PicturesBusyException">The maximum number of pictures is already waiting.</exception>
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

        // A client that disconnects stops waiting, but the rendering continues for the others.
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
            // A full disk prevents keeping the picture, not serving it.
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
