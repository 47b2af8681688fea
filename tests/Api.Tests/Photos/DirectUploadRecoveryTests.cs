using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Maintenance;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Api.Uploads.Tus;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>What may happen between a file's arrival in the store and its row. The tests put it there, because these stores have no signed URLs.</summary>
[Trait("Database", "Provider")]
public sealed class DirectUploadRecoveryTests
{
    [Fact]
    public async Task A_disk_gives_no_addresses_and_says_so()
    {
        await using var api = await ApiHost.StartAsync();
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var url = await gallery.BeginAsync(1000);

        (await gallery.Studio.Api.GetAsync(url)).ShouldBe(200).Body!["directUrl"].Should().BeNull();
        (await gallery.Studio.Api.PostAsync($"{url}/direct", new { })).ShouldBeProblem(409, "direct_upload_unavailable");
        (await gallery.Studio.Api.PostAsync($"{url}/direct", new { md5 = "bm90IDE2IGJ5dGVz" })).ShouldBeProblem(400, "validation_failed");
    }

    [Fact]
    public async Task Pieces_expired_uploads_and_those_without_a_length_cannot_be_completed()
    {
        await using var api = await ApiHost.StartAsync();
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var studio = gallery.Studio.Api;
        var piece = (await gallery.AnnounceAsync(10, "", ("Upload-Concat", "partial"))).ShouldBe(201).Headers["Location"];
        var endless = (await studio.TusAsync(HttpMethod.Post, $"{gallery.Path}/uploads", null, ("Upload-Defer-Length", "1"), ("Upload-Metadata", TusClients.Metadata(("filename", "a.jpg")))))
            .ShouldBe(201).Headers["Location"];
        var url = await gallery.BeginAsync(10);
        await SentAsync(gallery, piece, new byte[10]);

        (await studio.PostAsync($"{piece}/complete")).ShouldBeProblem(409, "upload_not_stored");
        (await studio.PostAsync($"{endless}/complete")).ShouldBeProblem(409, "upload_not_stored");
        api.Clock.Advance(TimeSpan.FromHours(25));
        (await studio.PostAsync($"{url}/complete")).ShouldBeProblem(410, "upload_expired");
        (await studio.PostAsync($"{url}/direct", new { })).ShouldBeProblem(410, "upload_expired");
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("GET")]
    [InlineData("complete")]
    [InlineData("sweep")]
    public async Task What_failed_between_the_store_and_the_row_is_finished_once_by_whichever_comes_next(string who)
    {
        var (host, store) = await TreacherousStore.StartAsync();
        await using var api = host;
        var (gallery, url, bytes) = await BegunAsync(api);
        store.BeforeFetch = _ => throw new IOException("The process is as good as dead.");
        (await gallery.Studio.Api.PostAsync($"{url}/complete")).Status.Should().Be(500);
        await gallery.ShouldBeEmptyAsync();
        store.BeforeFetch = _ => Task.CompletedTask;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            switch (who)
            {
                case "sweep":
                    await api.Services.GetRequiredService<UploadSweeper>().SweepAsync(default);
                    break;
                case "complete":
                    (await gallery.Studio.Api.PostAsync($"{url}/complete")).Status.Should().BeOneOf(200, 423);
                    break;
                default:
                    (await gallery.Studio.Api.TusAsync(new HttpMethod(who), url, null)).ShouldBe(200);
                    break;
            }
        }));

        await ApiHost.EventuallyAsync(async () => (await gallery.Studio.Api.GetAsync(url)).ShouldBe(200)["status"] == "done", "it is done");
        await gallery.ShouldHoldAsync(bytes);
        (await gallery.Studio.PartsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_full_disk_keeps_no_half_and_the_file_is_taken_when_there_is_room()
    {
        var (host, store) = await TreacherousStore.StartAsync();
        await using var api = host;
        var (gallery, url, bytes) = await BegunAsync(api);
        store.IsFull = key => key.Value.EndsWith("/original", StringComparison.Ordinal);

        (await gallery.Studio.Api.PostAsync($"{url}/complete")).ShouldBeProblem(507, "storage_full");
        await gallery.ShouldBeEmptyAsync();
        (await gallery.Studio.Api.GetAsync(url)).ShouldBe(200)["status"].Should().Be("finishing");
        store.IsFull = _ => false;

        (await gallery.Studio.Api.PostAsync($"{url}/complete")).ShouldBe(200);
        await gallery.ShouldHoldAsync(bytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_file_that_is_exchanged_while_it_is_taken_is_kept_as_it_was_measured_or_not_at_all(int more)
    {
        var (host, store) = await TreacherousStore.StartAsync();
        await using var api = host;
        var (gallery, url, bytes) = await BegunAsync(api);
        store.BeforePut = async key =>
        {
            store.BeforePut = _ => Task.CompletedTask;
            await SentAsync(gallery, url, new byte[bytes.Length + more]);
        };

        // The old bytes are already open.
        (await gallery.Studio.Api.PostAsync($"{url}/complete")).ShouldBe(200);

        await gallery.ShouldHoldAsync(bytes);
        (await gallery.Studio.PartsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_file_that_is_exchanged_after_it_counted_is_refused_when_its_length_is_another()
    {
        var (host, store) = await TreacherousStore.StartAsync();
        await using var api = host;
        var (gallery, url, bytes) = await BegunAsync(api);
        store.IsFull = key => key.Value.EndsWith("/original", StringComparison.Ordinal);
        (await gallery.Studio.Api.PostAsync($"{url}/complete")).ShouldBeProblem(507, "storage_full");
        store.IsFull = _ => false;
        await SentAsync(gallery, url, [.. bytes, 0]);

        (await gallery.Studio.Api.PostAsync($"{url}/complete")).ShouldBeProblem(422, "upload_parts_missing");

        await gallery.ShouldBeEmptyAsync();
        (await gallery.Studio.PartsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task What_lies_in_the_store_stays_as_long_as_its_upload()
    {
        await using var api = await ApiHost.StartAsync(new() { ["Photos:UploadHours"] = "72" });
        var (gallery, _, _) = await BegunAsync(api);
        var (orphans, uploads) = (api.Services.GetRequiredService<OrphanSweeper>(), api.Services.GetRequiredService<UploadSweeper>());

        api.Clock.Advance(TimeSpan.FromHours(48));
        await uploads.SweepAsync(default);
        await orphans.SweepAsync(default);
        (await gallery.Studio.PartsAsync()).Should().ContainSingle();

        api.Clock.Advance(TimeSpan.FromHours(48));
        await uploads.SweepAsync(default);
        (await gallery.Studio.PartsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Many_at_once_make_one_photo()
    {
        await using var api = await ApiHost.StartAsync();
        await using var sibling = await api.SiblingAsync();
        var (gallery, url, bytes) = await BegunAsync(api);
        var other = sibling.Client(gallery.Studio.SecretKey);
        var path = new Uri(url).AbsolutePath;

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? gallery.Studio.Api : other).PostAsync($"{path}/complete")));

        answers.Select(a => a.Status).Should().OnlyContain(s => s == 200 || s == 423).And.Contain(200);
        await gallery.ShouldHoldAsync(bytes);
    }

    private static async Task<(GalleryClient Gallery, string Url, byte[] Bytes)> BegunAsync(ApiHost api)
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg();
        var url = await gallery.BeginAsync(bytes.Length);
        await SentAsync(gallery, url, bytes);
        return (gallery, url, bytes);
    }

    /// <summary>The state of the store after a client's PUT.</summary>
    private static Task<StoredObject> SentAsync(GalleryClient gallery, string url, byte[] bytes) =>
        gallery.Studio.Host.Services.GetRequiredService<IObjectStore>().PutAsync(
            UploadFiles.Direct(Id<Tenant>.Parse(gallery.Studio.Id, null), Id<Upload>.Parse(url.Split('/')[^1], null)), new MemoryStream(bytes));
}
