using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Media.Cache;

/// <summary>The facts about a photo that decide whether and how it is shown. Only photos that are ready have them.</summary>
/// <param name="IsShown">Shown to visitors: neither hidden nor deleted.</param>
internal sealed record PhotoFacts(Id<Gallery> GalleryId, int RenditionVersion, bool IsShown, IReadOnlyList<StoredRendition> Renditions)
{
    /// <summary>False as long as there is only JPEG, because the other formats follow.</summary>
    public bool HasAllFormats { get; } = Renditions.All(r => r.Bytes.Count > 1);
}

/// <summary>A gallery with the mark that one of its visitors sees.</summary>
internal sealed record GalleryFacts(Gallery Gallery, GalleryMark Mark)
{
    public string Variant { get; } = Mark.Variant;

    public bool IsPublic { get; } = Gallery is { IsListed: true, Requires: GalleryRequirement.None } && Mark.Viewer?.Visitor is null;
}

/// <summary>
/// The facts that decide about pictures, read from the database and cached briefly (<see cref="DeliveryOptions.FactsMilliseconds"/>).
/// Changes by this process take effect at once, see <see cref="DeliveryChanges"/>; changes by others after that time.
/// </summary>
internal sealed class DeliveryFacts(IServiceScopeFactory scopes, IOptions<DeliveryOptions> options)
{
    private const int MaxHeld = 50_000;
    private readonly ConcurrentDictionary<Id<Tenant>, Generation> _generations = new();
    private readonly ConcurrentDictionary<(Id<Tenant>, Id<Photo>), Held<PhotoFacts>> _photos = new();
    private readonly ConcurrentDictionary<(Id<Tenant>, Id<Gallery>, Id<Visitor>?), Held<GalleryFacts>> _galleries = new();

    /// <summary>Null if there is no such photo, or nothing of it to show.</summary>
    public ValueTask<PhotoFacts?> PhotoAsync(Id<Tenant> tenant, Id<Photo> photo, CancellationToken cancellation) =>
        GetAsync(_photos, (tenant, photo), tenant, static (facts, key) => facts.ReadPhotoAsync(key.Item1, key.Item2), cancellation);

    /// <param name="visitor">The visitor the URL was made for; null if it was not made for one visitor.</param>
    public ValueTask<GalleryFacts?> GalleryAsync(Id<Tenant> tenant, Id<Gallery> gallery, Id<Visitor>? visitor, CancellationToken cancellation) =>
        GetAsync(_galleries, (tenant, gallery, visitor), tenant, static (facts, key) => facts.ReadGalleryAsync(key.Item1, key.Item2, key.Item3), cancellation);

    /// <summary>Forgets a studio: nothing that was read before this call is used after it.</summary>
    public void Forget(Id<Tenant> tenant)
    {
        if (_generations.TryGetValue(tenant, out var generation))
        {
            generation.Next();
        }
    }

    /// <summary>Forgets all studios.</summary>
    public void ForgetAll()
    {
        foreach (var generation in _generations.Values)
        {
            generation.Next();
        }
    }

    private async Task<PhotoFacts?> ReadPhotoAsync(Id<Tenant> tenant, Id<Photo> id)
    {
        await using var scope = Scope(tenant);
        var photo = await scope.ServiceProvider.GetRequiredService<ProofsheetDb>().Set<Photo>().AsNoTracking()
            .Where(p => p.Id == id && p.Status == PhotoStatus.Ready && p.PurgedAt == null)
            .Select(p => new { p.IsHidden, p.DeletedAt, p.RenditionVersion, p.GalleryId, p.Renditions })
            .SingleOrDefaultAsync();
        return photo is null ? null : new PhotoFacts(photo.GalleryId, photo.RenditionVersion, !photo.IsHidden && photo.DeletedAt is null, photo.Renditions);
    }

    private async Task<GalleryFacts?> ReadGalleryAsync(Id<Tenant> tenant, Id<Gallery> id, Id<Visitor>? visitor)
    {
        await using var scope = Scope(tenant);
        var gallery = await scope.ServiceProvider.GetRequiredService<ProofsheetDb>().Set<Gallery>().AsNoTracking().SingleOrDefaultAsync(g => g.Id == id);
        return gallery is null ? null : new GalleryFacts(gallery, await scope.ServiceProvider.GetRequiredService<GalleryMarks>().OfAsync(gallery, visitor, default));
    }

    /// <summary>A separate scope, so that a credential sent with the request, perhaps of another studio, has no effect here.</summary>
    private AsyncServiceScope Scope(Id<Tenant> tenant)
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Set(tenant);
        return scope;
    }

    private ValueTask<TFacts?> GetAsync<TKey, TFacts>(
        ConcurrentDictionary<TKey, Held<TFacts>> all, TKey key, Id<Tenant> tenant, Func<DeliveryFacts, TKey, Task<TFacts?>> read, CancellationToken cancellation)
        where TKey : notnull
        where TFacts : class
    {
        if (all.TryGetValue(key, out var held) && held.IsGoodFor(options.Value.FactsMilliseconds))
        {
            return held.Reading.IsCompletedSuccessfully ? new(held.Reading.Result) : new(held.Reading.WaitAsync(cancellation));
        }

        if (all.Count >= MaxHeld)
        {
            // It is better to read everything again than to let memory grow.
            all.Clear();
        }

        // Concurrent callers wait for the same read. The generation is taken before the read, so a change in between makes the result stale.
        var fresh = new Held<TFacts>(_generations.GetOrAdd(tenant, static _ => new Generation()), () => read(this, key));
        while (!(held is null ? all.TryAdd(key, fresh) : all.TryUpdate(key, fresh, held)))
        {
            if (all.TryGetValue(key, out held) && held.IsGoodFor(options.Value.FactsMilliseconds))
            {
                return new(held.Reading.WaitAsync(cancellation));
            }
        }

        return new(fresh.Reading.WaitAsync(cancellation));
    }

    private sealed class Generation
    {
        private long _number;

        public long Number => Volatile.Read(ref _number);

        public void Next() => Interlocked.Increment(ref _number);
    }

    private sealed class Held<TFacts>(Generation generation, Func<Task<TFacts?>> read)
    {
        private readonly long _number = generation.Number;
        private readonly long _since = Environment.TickCount64;
        private readonly Lazy<Task<TFacts?>> _reading = new(read);

        public Task<TFacts?> Reading => _reading.Value;

        public bool IsGoodFor(int milliseconds) =>
            generation.Number == _number && Environment.TickCount64 - _since < milliseconds && !(_reading.IsValueCreated && _reading.Value.IsFaulted);
    }
}
