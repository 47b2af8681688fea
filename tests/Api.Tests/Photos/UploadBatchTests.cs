using System.Text.Json.Nodes;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Api.Uploads.Tus;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

[Trait("Database", "Provider")]
public sealed class UploadBatchTests(ApiHost api)
{
    [Fact]
    public async Task Each_file_is_answered_for_itself_and_followed_until_it_is_a_photo()
    {
        var studio = await api.StudioAsync();
        var (gallery, other) = (await studio.GalleryAsync(), await studio.GalleryAsync());
        var (here, elsewhere, fresh, bad) = (PhotoClients.NewJpeg(), PhotoClients.NewJpeg(), PhotoClients.NewJpeg(), "no picture"u8.ToArray());
        var known = await gallery.ReadyAsync("here.jpg", here);
        await other.ReadyAsync("elsewhere.jpg", elsewhere);

        var batch = (await BatchAsync(gallery,
            File("a/here.jpg", here), File("b/elsewhere.jpg", elsewhere, title: "A title"), File("ceremony/IMG_1.jpg", fresh, "Ceremony"),
            File("again.jpg", fresh), File("bad.jpg", bad, hash: false), new { path = "huge.tif", bytes = 1L << 40 }, new { path = "empty.jpg", bytes = 0 })).ShouldBe(201);

        var files = batch.Body!["files"]!.AsArray();
        files.Select(f => f!["outcome"]!.GetValue<string>()).Should().Equal("duplicate", "accepted", "accepted", "duplicate", "accepted", "refused", "refused");
        files.Select(f => f!["index"]!.GetValue<int>()).Should().Equal(0, 1, 2, 3, 4, 5, 6);
        Text(files[0], "photoId").Should().Be(known.Id());
        files.Select(f => f!["uploadUrl"] is not null).Should().Equal(false, false, true, false, true, false, false);
        files.Select(f => Text(f!["problem"], "code")).Should().Equal(null, null, null, null, null, "file_too_large", "not_an_image");
        var copy = await gallery.SettledAsync(Text(files[1], "photoId")!);
        (copy["status"]!.GetValue<string>(), copy["currentVersion"]!["fileName"]!.GetValue<string>(), copy["title"]!.GetValue<string>()).Should().Be(("ready", "elsewhere.jpg", "A title"));
        (await studio.Api.GetAsync($"/v1/photos/{copy.Id()}/original")).ShouldBe(200).Bytes.Should().Equal(elsewhere);

        (await studio.Api.PatchAsync(Text(files[2], "uploadUrl")!, 0, fresh[..400])).ShouldBe(204);
        var half = (await studio.Api.GetAsync(batch.Headers["Location"])).ShouldBe(200).Body!;
        (half["files"]![2]!["offset"]!.GetValue<long>(), Text(half["files"]![2], "status"), Text(half["files"]![3], "status")).Should().Be((400, "open", "open"));
        (half["totals"]!["bytes"]!.GetValue<long>(), half["totals"]!["bytesReceived"]!.GetValue<long>()).Should().Be((fresh.Length + bad.Length, 400));
        Counts(half).Should().Be((3, 2, 2));

        var photo = (await studio.Api.PatchAsync(Text(files[2], "uploadUrl")!, 400, fresh[400..])).ShouldBe(204).Headers["Proofsheet-Photo"];
        (await studio.Api.PatchAsync(Text(files[4], "uploadUrl")!, 0, bad)).ShouldBeProblem(422, "not_an_image");
        var done = (await studio.Api.GetAsync(batch.Headers["Location"])).ShouldBe(200).Body!;
        (Text(done["files"]![2], "photoId"), Text(done["files"]![3], "photoId"), Text(done["files"]![3], "outcome")).Should().Be((photo, photo, "duplicate"));
        (Text(done["files"]![4], "status"), Text(done["files"]![4]!["problem"], "code")).Should().Be(("refused", "not_an_image"));
        Counts(done).Should().Be((0, 4, 3));
        var section = (await studio.Api.GetAsync($"{gallery.Path}/sections")).ShouldBe(200).Body!["data"]!.AsArray().Single()!;
        (Text(section, "title"), (await studio.Api.GetAsync($"/v1/photos/{photo}"))["sectionId"]).Should().Be(("Ceremony", Text(section, "id")!));
    }

    [Fact]
    public async Task A_studio_s_bytes_are_its_own()
    {
        var bytes = PhotoClients.NewJpeg();
        await (await (await api.StudioAsync("ben")).GalleryAsync()).ReadyAsync("theirs.jpg", bytes);
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        var batch = (await BatchAsync(gallery, File("mine.jpg", bytes))).ShouldBe(201);

        Text(batch.Body!["files"]![0], "photoId").Should().BeNull();
        Text(batch.Body["files"]![0], "uploadUrl").Should().NotBeNull("the other studio's file is nothing to this one");
    }

    [Fact]
    public async Task A_hash_with_another_length_is_not_believed()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg();
        await gallery.ReadyAsync("here.jpg", bytes);

        var batch = (await BatchAsync(gallery, new { path = "x.jpg", bytes = bytes.Length + 1, sha256 = TusClients.Hex(bytes) })).ShouldBe(201);

        Text(batch.Body!["files"]![0], "outcome").Should().Be("accepted");
        (await gallery.Studio.Api.PatchAsync(Text(batch.Body["files"]![0], "uploadUrl")!, 0, [.. bytes, 0])).ShouldBeProblem(422, "upload_digest_mismatch");
    }

    [Fact]
    public async Task Sections_are_made_once_by_batches_at_the_same_time()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        (await gallery.Studio.Api.PostAsync($"{gallery.Path}/sections", new { title = "Party" })).ShouldBe(201);

        var batches = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => BatchAsync(
            gallery, Enumerable.Range(0, 5).Select(i => (object)new { path = $"{n}-{i}.jpg", bytes = 1000, section = i % 2 == 0 ? " Ceremony " : "Party" }).ToArray())));

        batches.Should().OnlyContain(b => b.Status == 201);
        (await gallery.Studio.Api.GetAsync($"{gallery.Path}/sections")).ShouldBe(200).Body!["data"]!.AsArray().Select(s => Text(s, "title")).Should().BeEquivalentTo("Party", "Ceremony");
    }

    [Fact]
    public async Task More_sections_than_a_gallery_holds_are_refused_file_by_file()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        var batch = (await BatchAsync(gallery, [.. Enumerable.Range(0, 103).Select(i => (object)new { path = $"{i}.jpg", bytes = 1000, section = $"Section {i}" })])).ShouldBe(201);

        batch.Body!["files"]!.AsArray().Count(f => Text(f!["problem"], "code") == "too_many_sections").Should().Be(3);
    }

    [Fact]
    public async Task An_Idempotency_Key_makes_one_batch_of_two_requests()
    {
        var studio = await api.StudioAsync();
        var (gallery, other) = (await studio.GalleryAsync(), await studio.GalleryAsync());
        var bytes = PhotoClients.NewJpeg();
        await other.ReadyAsync("elsewhere.jpg", bytes);
        object body = new { files = new[] { File("a.jpg", bytes, "Ceremony"), new { path = "b.jpg", bytes = 1000, section = "Party" } } };

        var first = (await studio.Api.PostAsync($"{gallery.Path}/upload-batches", body, "one-batch")).ShouldBe(201);
        var second = (await studio.Api.PostAsync($"{gallery.Path}/upload-batches", body, "one-batch")).ShouldBe(201);

        second["id"].Should().Be(first["id"]);
        second.Headers.Should().ContainKey("Idempotency-Replayed");
        (await gallery.SettledAsync(Text(first.Body!["files"]![0], "photoId")!))["status"]!.GetValue<string>().Should().Be("ready");
        await gallery.ShouldHoldAsync(bytes);
    }

    [Fact]
    public async Task A_thousand_files_with_long_captions_are_one_batch()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        var batch = (await BatchAsync(gallery, [.. Enumerable.Range(0, 1000).Select(i => (object)new { path = $"{i}.jpg", bytes = 1000, caption = new string('x', 2000) })])).ShouldBe(201);

        batch.Body!["files"]!.AsArray().Select(f => Text(f, "uploadId")).Distinct().Should().HaveCount(1000).And.NotContainNulls();
    }

    [Fact]
    public async Task What_is_no_batch_is_refused_as_a_whole()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        foreach (var files in new object[]
        {
            Array.Empty<object>(), Enumerable.Range(0, 1001).Select(i => new { path = $"{i}.jpg", bytes = 1 }).ToArray(),
            new[] { new { path = "", bytes = 1 } }, new[] { new { path = "a.jpg", bytes = -1 } }, new[] { new { path = new string('x', 1025), bytes = 1 } },
            new[] { new { path = "a.jpg", bytes = 1, sha256 = "abc" } }, new[] { new { path = "a.jpg", bytes = 1, section = new string('x', 201) } },
        })
        {
            (await gallery.Studio.Api.PostAsync($"{gallery.Path}/upload-batches", new { files })).ShouldBeProblem(400, "validation_failed");
        }

        (await gallery.Studio.Api.PostAsync($"{gallery.Path}/upload-batches", """{"files":[{"path":"a\u0000.jpg","bytes":1}]}""")).ShouldBeProblem(400, "malformed_json");
        (await gallery.Studio.Api.PostAsync("/v1/galleries/gal_nonsense/upload-batches", new { files = new[] { new { path = "a.jpg", bytes = 1 } } })).ShouldBeProblem(404, "not_found");
        (await gallery.Studio.Api.GetAsync("/v1/upload-batches/upb_nonsense")).ShouldBeProblem(404, "not_found");
    }

    [Fact]
    public async Task The_plan_s_limits_count_file_by_file()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Plans:Tiers:solo:MaxPhotosPerGallery"] = "3", ["Plans:Tiers:solo:MaxStorageBytes"] = "10000" });
        var gallery = await (await host.StudioAsync()).GalleryAsync();

        var bytes = (await BatchAsync(gallery, new { path = "1.jpg", bytes = 6000 }, new { path = "2.jpg", bytes = 6000 }, new { path = "3.jpg", bytes = 2000 })).ShouldBe(201);
        bytes.Body!["files"]!.AsArray().Select(f => Text(f!["problem"], "code")).Should().Equal(null, "plan_storage_limit", null);
        var count = (await BatchAsync(gallery, [.. Enumerable.Range(0, 5).Select(i => (object)new { path = $"{i}.jpg", bytes = 1 })])).ShouldBe(201);
        count.Body!["files"]!.AsArray().Select(f => Text(f!["problem"], "code")).Should().Equal(null, null, null, "plan_photo_limit", "plan_photo_limit");
    }

    [Fact]
    public async Task A_batch_goes_away_with_the_last_of_its_uploads()
    {
        await using var host = await ApiHost.StartAsync();
        var gallery = await (await host.StudioAsync()).GalleryAsync();
        var studio = gallery.Studio.Api;
        var bytes = PhotoClients.NewJpeg();
        var batch = (await BatchAsync(gallery, new { path = "left.jpg", bytes = 100 }, File("used.jpg", bytes), new { path = "given-up.jpg", bytes = 100 })).ShouldBe(201);
        var files = batch.Body!["files"]!;
        var path = batch.Headers["Location"];
        (await studio.TusAsync(HttpMethod.Delete, Text(files[2], "uploadUrl")!, null)).ShouldBe(204);
        host.Clock.Advance(TimeSpan.FromHours(20));
        (await studio.PatchAsync(Text(files[1], "uploadUrl")!, 0, bytes)).ShouldBe(204);
        host.Clock.Advance(TimeSpan.FromHours(5));
        await host.Services.GetRequiredService<UploadSweeper>().SweepAsync(default);

        var later = (await studio.GetAsync(path)).ShouldBe(200).Body!["files"]!.AsArray();
        later.Select(f => Text(f, "status")).Should().Equal("refused", "done", "refused");
        later.Select(f => Text(f!["problem"], "code")).Should().Equal("upload_expired", null, "upload_expired");
        host.Clock.Advance(TimeSpan.FromHours(24));
        await host.Services.GetRequiredService<UploadSweeper>().SweepAsync(default);
        (await studio.GetAsync(path)).ShouldBeProblem(404, "not_found");
        await gallery.ShouldHoldAsync(bytes);
    }

    private static object File(string path, byte[] bytes, string? section = null, string? title = null, bool hash = true) =>
        new { path, bytes = bytes.Length, section, title, sha256 = hash ? TusClients.Hex(bytes) : null };

    private static Task<ApiAnswer> BatchAsync(GalleryClient gallery, params object[] files) => gallery.Studio.Api.PostAsync($"{gallery.Path}/upload-batches", new { files });

    private static string? Text(JsonNode? node, string name) => node?[name]?.GetValue<string>();

    private static (int Open, int Done, int Refused) Counts(JsonNode batch) =>
        (batch["totals"]!["openCount"]!.GetValue<int>(), batch["totals"]!["doneCount"]!.GetValue<int>(), batch["totals"]!["refusedCount"]!.GetValue<int>());
}
