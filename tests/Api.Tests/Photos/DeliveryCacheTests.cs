using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.Watermarks;
using Proofsheet.Api.Media;
using Proofsheet.Api.Media.Cache;
using Proofsheet.Api.Media.Serving;
using Proofsheet.Api.Media.Signing;
using Proofsheet.Api.Media.Watermarks;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Maintenance;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>What is cached in memory, for how long, and what happens when too much is requested at once.</summary>
public sealed class DeliveryCacheTests(ApiHost api)
{
    [Fact]
    public async Task A_picture_that_was_asked_for_is_answered_without_the_store()
    {
        await using var own = await ApiHost.StartAsync();
        var gallery = await (await own.StudioAsync()).GalleryAsync();
        var photo = await gallery.ReadyAsync();
        var first = (await own.FetchAsync(photo.Url())).ShouldBe(200);

        Directory.Delete(Path.Combine(own.Folder, "objects"), recursive: true);

        var again = (await own.FetchAsync(photo.Url())).ShouldBe(200);
        again.Bytes.Should().Equal(first.Bytes);
        foreach (var (name, value) in first.Headers.Where(h => h.Key is "Content-Type" or "Content-Length" or "Content-Disposition" or "ETag" or "Vary" or "Accept-Ranges" or "X-Content-Type-Options" or "Cross-Origin-Resource-Policy"))
        {
            again.Headers[name].Should().Be(value, name);
        }

        first.Headers.Keys.Should().BeEquivalentTo(again.Headers.Keys);
        (await own.FetchAsync(photo.Url(), "image/webp")).ShouldBeProblem(404, "not_found");
        (await own.FetchAsync(photo.Url("large"))).ShouldBeProblem(404, "not_found");
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task What_another_process_closed_ends_here_after_a_moment()
    {
        await using var one = await ApiHost.StartAsync();
        await using var other = await one.SiblingAsync(("Storage:Disk:Root", Path.Combine(one.Folder, "objects")));
        var gallery = await (await one.StudioAsync()).GalleryAsync("135790");
        var photo = await gallery.ReadyAsync();
        var url = new Uri(await DeliveryTests.SeenAsync(gallery)).PathAndQuery;
        (await other.FetchAsync(url)).ShouldBe(200);

        (await gallery.Studio.Api.PatchAsync($"/v1/photos/{photo.Id()}", new { isHidden = true })).ShouldBe(200);
        (await one.FetchAsync(url)).ShouldBeProblem(404, "not_found");
        await ApiHost.EventuallyAsync(async () => (await other.FetchAsync(url)).Status == 404, "the other process has seen it", seconds: 5);

        (await gallery.Studio.Api.PatchAsync($"/v1/photos/{photo.Id()}", new { isHidden = false })).ShouldBe(200);
        await ApiHost.EventuallyAsync(async () => (await other.FetchAsync(url)).Status == 200, "the other process has seen it", seconds: 5);
        (await gallery.Studio.Api.PostAsync(gallery.Path + "/unpublish")).ShouldBe(200);
        (await one.FetchAsync(url)).ShouldBeProblem(410, "link_expired");
        await ApiHost.EventuallyAsync(async () => (await other.FetchAsync(url)).Status == 410, "the other process has seen it", seconds: 5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Database", "Provider")]
    public async Task A_change_past_the_tracked_rows_is_seen_at_once(bool inTransaction)
    {
        // Cached for a second, which is longer than the time between the two requests for the picture.
        await using var own = await ApiHost.StartAsync(new() { ["Delivery:FactsMilliseconds"] = "1000" });
        var gallery = await (await own.StudioAsync()).GalleryAsync("135790");
        var photo = await gallery.ReadyAsync();
        var url = await DeliveryTests.SeenAsync(gallery);
        // The first request compiles the queries, and what was read last is cached.
        await ChangeAsync(false);
        (await own.FetchAsync(url)).ShouldBe(200);

        await ChangeAsync(true);
        (await own.FetchAsync(url)).ShouldBeProblem(404, "not_found");

        Task<int> ChangeAsync(bool isHidden) => own.InScopeAsync(gallery.Studio.Id, async services =>
        {
            var db = services.GetRequiredService<ProofsheetDb>();
            var id = Id<Photo>.TryRead(photo.Id(), out var read) ? read : throw new InvalidOperationException();
            await using var transaction = inTransaction ? await db.Database.BeginTransactionAsync() : null;
            var changed = await db.Database.ExecuteSqlAsync($"UPDATE photos SET is_hidden = {isHidden} WHERE id = {id.ToStored()}");
            changed.Should().Be(1);
            if (transaction is not null)
            {
                await transaction.CommitAsync();
            }

            return changed;
        });
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task An_old_key_s_addresses_hold_as_long_as_the_key_is_in_the_ring()
    {
        var (old, next) = (Key("1"), Key("2"));
        await using var first = await ApiHost.StartAsync(new() { ["Keyring:MasterKeys:0"] = old });
        var objects = ("Storage:Disk:Root", Path.Combine(first.Folder, "objects"));
        var photo = await (await (await first.StudioAsync()).GalleryAsync()).ReadyAsync();
        var url = new Uri(photo.Url()).PathAndQuery;
        (await first.FetchAsync(url)).ShouldBe(200);

        await using var rotated = await first.SiblingAsync(("Keyring:MasterKeys:0", next), ("Keyring:MasterKeys:1", old), objects);
        (await rotated.FetchAsync(url)).ShouldBe(200);
        var fresh = rotated.Services.GetRequiredService<MediaSigner>().Sign(url.Split('?')[0], TimeSpan.FromHours(1));
        (await rotated.FetchAsync(fresh)).ShouldBe(200);
        (await first.FetchAsync(fresh)).ShouldBeProblem(403, "invalid_signature");

        await using var done = await first.SiblingAsync(("Keyring:MasterKeys:0", next), objects);
        (await done.FetchAsync(url)).ShouldBeProblem(403, "invalid_signature");
        (await done.FetchAsync(fresh)).ShouldBe(200);
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task A_flood_of_pictures_to_be_made_is_sent_away_and_comes_through_later()
    {
        await using var own = await ApiHost.StartAsync(new() { ["Delivery:MaxWaiting"] = "1" });
        var studio = await own.StudioAsync();
        var gallery = await studio.GalleryAsync("135790", more: new { watermarkId = await studio.WatermarkAsync("PROOF") });
        for (var i = 0; i < 3; i++)
        {
            await gallery.ReadyAsync(bytes: PhotoClients.NewJpeg(2400, 1800));
        }

        var visitor = await gallery.VisitorAsync();
        var list = (await visitor.Api.GetAsync($"{gallery.Path}/photos")).ShouldBe(200);
        var urls = list.Body!["data"]!.AsArray().SelectMany(p => p!["srcset"]!.AsArray().Select(s => s!["url"]!.GetValue<string>())).ToList();
        urls.Should().HaveCount(15);

        var answers = await Task.WhenAll(urls.Select(u => own.FetchAsync(u, "image/webp")));

        answers.Select(a => a.Status).Should().OnlyContain(s => s == 200 || s == 503).And.Contain(200).And.Contain(503);
        var busy = answers.First(a => a.Status == 503).ShouldBeProblem(503, "pictures_busy");
        busy.Headers.Should().ContainKey("Retry-After");
        busy.Headers["Cache-Control"].Should().Be("no-store");
        foreach (var url in urls)
        {
            await ApiHost.EventuallyAsync(async () => (await own.FetchAsync(url, "image/webp")).Status == 200, "it is made in the end");
        }
    }

    [Fact]
    public async Task A_reader_who_leaves_does_not_stop_the_making()
    {
        var store = api.Services.GetRequiredService<IObjectStore>();
        var (studio, photo) = (Id<Tenant>.New(DateTimeOffset.UnixEpoch), Id<Photo>.New(DateTimeOffset.UnixEpoch));
        var master = PhotoFiles.Master(studio, photo, 1);
        await store.PutAsync(master, new MemoryStream(PhotoClients.NewJpeg()));
        var gate = new GatedStore(store);
        using var renditions = new WatermarkedRenditions(gate, new WatermarkRenderer(), Options.Create(new DeliveryOptions { MaxWaiting = 1 }), NullLogger<WatermarkedRenditions>.Instance);
        var key = PhotoFiles.Clean(studio, photo, 1, 640, RenditionFormat.Jpeg);
        var spec = new RenderSpec(300, RenditionFormat.Jpeg);
        using var leaving = new CancellationTokenSource();

        var one = renditions.MakeAsync(master, key, isKept: true, spec, leaving.Token);
        var two = renditions.MakeAsync(master, key, isKept: true, spec, CancellationToken.None);
        await leaving.CancelAsync();
        await ((Func<Task>)(() => one)).Should().ThrowAsync<OperationCanceledException>();
        await ((Func<Task>)(() => renditions.MakeAsync(master, PhotoFiles.Clean(studio, photo, 1, 1600, RenditionFormat.Jpeg), true, spec, CancellationToken.None)))
            .Should().ThrowAsync<PicturesBusyException>();
        gate.Open();

        (await two).Should().NotBeNull();
        (await store.ExistsAsync(key)).Should().BeTrue();
        gate.Opened.Count(k => k == master).Should().Be(1, "it was made once");
    }

    [Fact]
    public void Memory_holds_what_is_used_and_no_more_than_it_may()
    {
        var hot = new RenditionCache(Options.Create(new DeliveryOptions { MemoryMegabytes = 1 }));
        var (studio, now) = (Id<Tenant>.New(DateTimeOffset.UnixEpoch), DateTimeOffset.UnixEpoch);
        MediaPath Keep(int bytes, RenditionFormat format = RenditionFormat.Jpeg, MediaPath? path = null)
        {
            path ??= new MediaPath(studio, Id<Photo>.New(now), 1, "clean", 300);
            hot.Keep(path, path.ToString(), new HotPicture(path, format, new byte[bytes], "tag", null));
            return path;
        }

        var used = Keep(100_000);
        for (var i = 0; i < 100; i++)
        {
            hot.Find(used.ToString())![RenditionFormat.Jpeg]!.WasUsed = true;
            var one = Keep(90_000);
            hot.Find(one.ToString()).Should().NotBeNull();
            hot.HeldBytes.Should().BeLessThanOrEqualTo(1 << 20);
        }

        hot.Find(used.ToString()).Should().NotBeNull("it was asked for again and again");
        var before = hot.HeldBytes;
        Keep(50_000, RenditionFormat.Jpeg, used);
        hot.HeldBytes.Should().Be(before - 50_000, "it took the place of the one before");
        Keep(2 << 20, RenditionFormat.WebP, used);
        hot.Find(used.ToString())![RenditionFormat.WebP].Should().BeNull("it is larger than all of the memory");
        new RenditionCache(Options.Create(new DeliveryOptions { MemoryMegabytes = 0 })).Find("/x").Should().BeNull();
    }

    [Fact]
    public async Task Pictures_with_a_mark_that_the_gallery_has_no_more_are_collected_after_a_day()
    {
        await using var own = await ApiHost.StartAsync();
        var studio = await own.StudioAsync();
        var watermark = await studio.WatermarkAsync("PROOF");
        var gallery = await studio.GalleryAsync(more: new { watermarkId = watermark });
        await gallery.ReadyAsync();
        async Task<List<string>> MarkedAsync()
        {
            var keys = new List<string>();
            await foreach (var file in own.Services.GetRequiredService<IObjectStore>().ListAsync(PhotoFiles.AllOf(Id<Tenant>.Parse(studio.Id, null))))
            {
                keys.Add(file.Key.Value);
            }

            return [.. keys.Where(k => k.Contains("/w-", StringComparison.Ordinal))];
        }

        (await own.FetchAsync(await DeliveryTests.SeenAsync(gallery))).ShouldBe(200);
        var old = (await MarkedAsync()).Should().ContainSingle().Subject;
        (await studio.RewriteWatermarkAsync(watermark, "SAMPLE")).Should().BeTrue();
        (await own.FetchAsync(await DeliveryTests.SeenAsync(gallery))).ShouldBe(200);
        (await MarkedAsync()).Should().HaveCount(2).And.Contain(old);

        own.Clock.Advance(TimeSpan.FromHours(25));
        (await own.Services.GetRequiredService<OrphanSweeper>().SweepAsync(default)).Should().Be(1);

        (await MarkedAsync()).Should().ContainSingle().Which.Should().NotBe(old);
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task Without_any_memory_everything_is_answered_all_the_same()
    {
        await using var own = await ApiHost.StartAsync(new() { ["Delivery:MemoryMegabytes"] = "0", ["Delivery:FactsMilliseconds"] = "0", ["Delivery:TagHeader"] = "Cache-Tag" });
        var gallery = await (await own.StudioAsync()).GalleryAsync();
        var photo = await gallery.ReadyAsync();
        var url = await DeliveryTests.SeenAsync(gallery);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => own.FetchAsync(url)));

        answers.Should().OnlyContain(a => a.Status == 200);
        answers.Select(a => a.ETag).Distinct().Should().ContainSingle();
        own.Services.GetRequiredService<RenditionCache>().HeldBytes.Should().Be(0);
        var tags = answers[0].Headers["Cache-Tag"].Split(',');
        tags[0].Should().Be(photo.Id());
        tags[1].Should().Be(own.Services.GetRequiredService<CacheTags>().Of(Id<Proofsheet.Api.Galleries.Gallery>.Parse(gallery.Id, null))).And.NotContain(gallery.Id[4..]);
    }

    private static string Key(string id) => $"{id}:{Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32))}";

    /// <summary>Blocks every open until it is told to continue.</summary>
    private sealed class GatedStore(IObjectStore inner) : IObjectStore
    {
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public System.Collections.Concurrent.ConcurrentQueue<ObjectKey> Opened { get; } = [];

        public void Open() => _gate.SetResult();

        public async Task<ObjectReader?> OpenAsync(ObjectKey key, long offset = 0, long? length = null, CancellationToken cancellation = default)
        {
            await _gate.Task;
            Opened.Enqueue(key);
            return await inner.OpenAsync(key, offset, length, cancellation);
        }

        public Task<StoredObject> PutAsync(ObjectKey key, Stream content, long? maxBytes = null, CancellationToken cancellation = default) => inner.PutAsync(key, content, maxBytes, cancellation);

        public Task<ObjectStat?> StatAsync(ObjectKey key, CancellationToken cancellation = default) => inner.StatAsync(key, cancellation);

        public Task<bool> CopyAsync(ObjectKey from, ObjectKey to, CancellationToken cancellation = default) => inner.CopyAsync(from, to, cancellation);

        public Task DeleteAsync(ObjectKey key, CancellationToken cancellation = default) => inner.DeleteAsync(key, cancellation);

        public IAsyncEnumerable<ObjectStat> ListAsync(ObjectPrefix prefix, CancellationToken cancellation = default) => inner.ListAsync(prefix, cancellation);

        public Task<LocalFile?> FetchAsync(ObjectKey key, CancellationToken cancellation = default) => inner.FetchAsync(key, cancellation);
    }
}
