using System.Net.Sockets;
using System.Text;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Maintenance;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>Limits, bodies that end early, a full disk: on separate hosts with small limits.</summary>
public sealed class UploadLimitTests
{
    [Fact]
    public async Task A_file_over_the_limit_is_refused_and_leaves_nothing_while_others_are_taken()
    {
        await using var api = await ApiHost.StartAsync(new() { ["Photos:MaxFileBytes"] = "200000", ["Photos:MaxFilesPerUpload"] = "3" });
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        byte[] large = [.. PhotoClients.NewJpeg(), .. new byte[300_000]];

        (await gallery.UploadAsync(("large.jpg", large))).ShouldBeProblem(413, "file_too_large");
        var answer = (await gallery.UploadAsync(("large.jpg", large), ("small.jpg", PhotoClients.NewJpeg()))).ShouldBe(201);
        var many = (await gallery.UploadAsync([.. Enumerable.Range(0, 5).Select(i => ($"{i}.jpg", PhotoClients.NewJpeg()))])).ShouldBe(201);

        answer.Body!["results"]!.AsArray().Select(r => r!["outcome"]!.GetValue<string>()).Should().Equal("refused", "accepted");
        many.Body!["results"]!.AsArray().Select(r => r!["problem"]?["code"]?.GetValue<string>()).Should().Equal(null, null, null, "too_many_files");
        (await OriginalsAsync(api, gallery.Studio)).Should().Be(4);
    }

    [Fact]
    public async Task A_body_over_the_limit_of_one_request_is_refused_at_once()
    {
        await using var api = await ApiHost.StartAsync(new() { ["Photos:MaxUploadBytes"] = "100000" });
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        (await gallery.Studio.Api.SendAsync(HttpMethod.Post, $"{gallery.Path}/photos", PhotoClients.Form(("large.jpg", new byte[200_000])), request => request.Headers.ExpectContinue = true))
            .ShouldBeProblem(413, "body_too_large");

        (await OriginalsAsync(api, gallery.Studio)).Should().Be(0);
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task A_plan_holds_so_many_photos_and_not_one_more_however_many_come_at_once()
    {
        await using var api = await ApiHost.StartAsync(new() { ["Plans:Tiers:solo:MaxPhotosPerGallery"] = "3" });
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => gallery.UploadAsync(($"{i}.jpg", PhotoClients.NewJpeg()))));

        answers.Count(a => a.Status == 201).Should().Be(3);
        answers.First(a => a.Status != 201).ShouldBeProblem(422, "plan_photo_limit");
        var names = await gallery.Studio.Api.NamesAsync(gallery.Id);
        names.Should().HaveCount(3);
        (await OriginalsAsync(api, gallery.Studio)).Should().Be(3);
        var photo = (await gallery.Studio.Api.GetAsync($"{gallery.Path}/photos")).Body!["data"]![0]!.Id();
        (await gallery.Studio.Api.DeleteAsync($"/v1/photos/{photo}")).ShouldBe(204);
        (await gallery.UploadAsync(("again.jpg", PhotoClients.NewJpeg()))).ShouldBe(201);
        (await gallery.Studio.Api.PostAsync($"/v1/photos/{photo}/restore")).ShouldBeProblem(422, "plan_photo_limit");
    }

    [Fact]
    public async Task A_studio_s_storage_ends_where_its_plan_says()
    {
        var bytes = PhotoClients.NewJpeg();
        await using var api = await ApiHost.StartAsync(new() { ["Plans:Tiers:solo:MaxStorageBytes"] = $"{bytes.Length + 100}" });
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        (await gallery.UploadAsync(("a.jpg", bytes))).ShouldBe(201);
        (await gallery.UploadAsync(("b.jpg", PhotoClients.NewJpeg()))).ShouldBeProblem(422, "plan_storage_limit");

        (await OriginalsAsync(api, gallery.Studio)).Should().Be(1);
    }

    [Fact]
    public async Task A_full_disk_is_told_and_leaves_neither_row_nor_file()
    {
        FullStore? store = null;
        await using var api = await ApiHost.StartAsync(services: services => services.Replace(
            ServiceDescriptor.Singleton<IObjectStore>(s => store = new FullStore(s.GetRequiredService<Api.Storage.Disk.DiskStore>()))));
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        await gallery.ReadyAsync("before.jpg");
        store!.IsFull = true;

        (await gallery.UploadAsync(("a.jpg", PhotoClients.NewJpeg()))).ShouldBeProblem(507, "storage_full");

        (await gallery.Studio.Api.NamesAsync(gallery.Id)).Should().Equal("before.jpg");
        store.IsFull = false;
        await gallery.ReadyAsync("after.jpg");
    }

    [Fact]
    public async Task A_disk_that_fills_up_during_processing_fails_the_photo_and_a_retry_mends_it()
    {
        FullStore? store = null;
        await using var api = await ApiHost.StartAsync(
            new() { ["Outbox:MaxAttempts"] = "2" },
            services => services.Replace(ServiceDescriptor.Singleton<IObjectStore>(s => store = new FullStore(s.GetRequiredService<Api.Storage.Disk.DiskStore>()))));
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        store!.RefusesRenditions = true;

        var answer = (await gallery.UploadAsync(("a.jpg", PhotoClients.NewJpeg()))).ShouldBe(201);

        var photo = await gallery.SettledAsync(answer.Body!["results"]![0]!["photo"]!.Id());
        photo["failure"]!["code"]!.GetValue<string>().Should().Be("storage_full");
        photo["failure"]!["detail"]!.GetValue<string>().Should().Contain("original is safe");
        store.RefusesRenditions = false;
        (await gallery.Studio.Api.PostAsync($"/v1/photos/{photo.Id()}/retry")).ShouldBe(200);
        (await gallery.SettledAsync(photo.Id()))["status"]!.GetValue<string>().Should().Be("ready");
        (await gallery.Studio.Api.PostAsync($"/v1/photos/{photo.Id()}/retry")).ShouldBeProblem(409, "photo_not_failed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_a_body_that_ends_early_the_whole_files_are_kept_and_the_cut_one_leaves_nothing(bool hangsUp)
    {
        await using var api = await ApiHost.StartAsync();
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var (first, second) = (PhotoClients.NewJpeg(), PhotoClients.NewJpeg());
        var body = await PhotoClients.Form(("first.jpg", first), ("second.jpg", second)).ReadAsByteArrayAsync();
        var boundary = Encoding.ASCII.GetString(body, 2, Array.IndexOf(body, (byte)'\r') - 2);
        var sent = body.Length - (second.Length / 2);

        using var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync("127.0.0.1", api.Address.Port);
        await using var stream = client.GetStream();
        // If the client stays connected, its Content-Length is right and only the multipart body ends early.
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {gallery.Path}/photos HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {gallery.Studio.SecretKey}\r\n"
            + $"Content-Type: multipart/form-data; boundary={boundary}\r\nContent-Length: {(hangsUp ? body.Length : sent)}\r\n\r\n"));
        await stream.WriteAsync(body.AsMemory(0, sent));
        await stream.FlushAsync();
        if (hangsUp)
        {
            await ApiHost.EventuallyAsync(async () => (await gallery.Studio.Api.NamesAsync(gallery.Id)).Count == 1, "the first file is taken");
            client.Client.Shutdown(SocketShutdown.Both);
        }
        else
        {
            var answer = await new StreamReader(stream).ReadToEndAsync();
            answer.Should().StartWith("HTTP/1.1 201").And.Contain("upload_incomplete");
        }

        await ApiHost.EventuallyAsync(async () => await OriginalsAsync(api, gallery.Studio) == 1, "only the whole file is kept");
        (await gallery.Studio.Api.NamesAsync(gallery.Id)).Should().Equal("first.jpg");
        Directory.EnumerateFiles(Path.Combine(api.Folder, "objects"), "*", SearchOption.AllDirectories).Should().OnlyContain(f => !f.Contains("tmp", StringComparison.Ordinal) || new FileInfo(f).Length > 0);
    }

    [Fact]
    public async Task A_file_whose_row_was_never_saved_is_collected_after_a_month_and_nothing_else_is()
    {
        await using var api = await ApiHost.StartAsync();
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var photo = await gallery.ReadyAsync();
        var studio = Id<Tenant>.Parse(gallery.Studio.Id, null);
        var store = api.Services.GetRequiredService<IObjectStore>();
        await store.PutAsync(PhotoFiles.Original(studio, Id<Photo>.New(DateTimeOffset.UtcNow.AddDays(-1))), new MemoryStream([1, 2, 3]));
        var sweeper = api.Services.GetRequiredService<OrphanSweeper>();
        var before = await CountAsync(api, gallery.Studio);

        (await sweeper.SweepAsync(default)).Should().Be(0, "it may be an upload of this moment");
        api.Clock.Advance(TimeSpan.FromDays(29));
        (await sweeper.SweepAsync(default)).Should().Be(0, "a backup of the database may be restored");
        api.Clock.Advance(TimeSpan.FromDays(2));
        (await sweeper.SweepAsync(default)).Should().Be(1);

        (await CountAsync(api, gallery.Studio)).Should().Be(before - 1);
        (await gallery.Studio.Api.GetAsync($"/v1/photos/{photo.Id()}/original")).ShouldBe(200);
    }

    private static async Task<int> OriginalsAsync(ApiHost api, StudioClient studio) =>
        (await KeysAsync(api, studio)).Count(k => k.EndsWith("/original", StringComparison.Ordinal));

    private static async Task<int> CountAsync(ApiHost api, StudioClient studio) => (await KeysAsync(api, studio)).Count;

    private static async Task<List<string>> KeysAsync(ApiHost api, StudioClient studio)
    {
        var keys = new List<string>();
        await foreach (var file in api.Services.GetRequiredService<IObjectStore>().ListAsync(PhotoFiles.AllOf(Id<Tenant>.Parse(studio.Id, null))))
        {
            keys.Add(file.Key.Value);
        }

        return keys;
    }

    /// <summary>A disk that is full when a test asks for it.</summary>
    private sealed class FullStore(IObjectStore inner) : IObjectStore
    {
        public bool IsFull { get; set; }

        public bool RefusesRenditions { get; set; }

        public async Task<StoredObject> PutAsync(ObjectKey key, Stream content, long? maxBytes = null, CancellationToken cancellation = default)
        {
            if (IsFull || (RefusesRenditions && !key.Value.EndsWith("/original", StringComparison.Ordinal)))
            {
                // Becomes full in the middle, as disks do.
                await content.ReadAtLeastAsync(new byte[1000], 1000, throwOnEndOfStream: false, cancellation);
                throw new StoreFullException(new IOException("No space left on device"));
            }

            return await inner.PutAsync(key, content, maxBytes, cancellation);
        }

        public Task<ObjectReader?> OpenAsync(ObjectKey key, long offset = 0, long? length = null, CancellationToken cancellation = default) => inner.OpenAsync(key, offset, length, cancellation);

        public Task<ObjectStat?> StatAsync(ObjectKey key, CancellationToken cancellation = default) => inner.StatAsync(key, cancellation);

        public Task<bool> CopyAsync(ObjectKey from, ObjectKey to, CancellationToken cancellation = default) =>
            IsFull ? throw new StoreFullException(new IOException("No space left on device")) : inner.CopyAsync(from, to, cancellation);

        public Task DeleteAsync(ObjectKey key, CancellationToken cancellation = default) => inner.DeleteAsync(key, cancellation);

        public IAsyncEnumerable<ObjectStat> ListAsync(ObjectPrefix prefix, CancellationToken cancellation = default) => inner.ListAsync(prefix, cancellation);

        public Task<LocalFile?> FetchAsync(ObjectKey key, CancellationToken cancellation = default) => inner.FetchAsync(key, cancellation);
    }
}
