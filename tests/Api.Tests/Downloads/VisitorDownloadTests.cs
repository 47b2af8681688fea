using FluentAssertions;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Orders;
using Proofsheet.Api.Tests.Photos;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Downloads;

[Trait("Database", "Provider")]
public sealed class VisitorDownloadTests(ApiHost api)
{
    [Fact]
    public async Task One_photo_comes_as_its_file_in_the_size_that_was_asked_for()
    {
        var shop = await Shop.OpenAsync(api);
        var photo = await shop.PhotoAsync("Bräutigam 🎉.jpg");
        await shop.AllowAsync();

        var full = (await shop.AskAsync(new { size = "full", photoIds = new[] { photo } })).ShouldBe(201);
        var web = await shop.ReadyAsync(new { size = "web", photoIds = new[] { photo } });

        full["status"].Should().Be("ready");
        full.Headers["Location"].Should().EndWith($"/v1/galleries/{shop.Gallery.Id}/downloads/{full["id"]}");
        var got = (await api.Client(null).GetAsync(full["url"])).ShouldBe(200);
        got.Bytes.Should().Equal(await shop.OriginalAsync(photo));
        got.Headers["Content-Type"].Should().Be("image/jpeg");
        got.Headers["Content-Disposition"].Should().StartWith("attachment").And.Contain("Br%C3%A4utigam%20%F0%9F%8E%89.jpg");
        got.Headers["Cache-Control"].Should().Contain("no-store");
        (await api.Client(null).GetAsync(web["url"])).ShouldBe(200).Bytes.Should().Equal(await shop.WebAsync(photo)).And.NotEqual(got.Bytes);
        web.Body!["bytes"]!.GetValue<long>().Should().Be(2500);
    }

    [Fact]
    public async Task Several_come_as_an_archive_with_folders_by_section_that_resumes_byte_for_byte()
    {
        var shop = await Shop.OpenAsync(api);
        await shop.AllowAsync();
        var (a, b, c) = (await shop.PhotoAsync("a.jpg"), await shop.PhotoAsync("a.jpg"), await shop.PhotoAsync("c.jpg"));
        var section = (await shop.Studio.Api.PostAsync($"{shop.Gallery.Path}/sections", new { title = "Feier: 日本" })).ShouldBe(201)["id"];
        (await shop.Studio.Api.PatchAsync($"/v1/photos/{c}", new { sectionId = section })).ShouldBe(200);

        var all = (await shop.AskAsync(new { size = "full" })).ShouldBe(201);
        var part = (await shop.AskAsync(new { size = "full", sectionId = section })).ShouldBe(201);

        var anybody = api.Client(null);
        var head = (await anybody.SendAsync(HttpMethod.Head, all["url"])).ShouldBe(200);
        var whole = (await anybody.GetAsync(all["url"])).ShouldBe(200);
        whole.Bytes.Should().HaveCount((int)all.Body!["bytes"]!.GetValue<long>());
        head.Headers["Content-Length"].Should().Be(whole.Headers["Content-Length"]);
        whole.ETag.Should().Be(head.ETag).And.NotStartWith("W/");
        whole.Headers["Content-Disposition"].Should().Contain($"{shop.Gallery.Slug}.zip");
        var files = await VisitorDownloads.UnpackAsync(whole.Bytes);
        files.Keys.Should().BeEquivalentTo("a.jpg", "a (2).jpg", "Feier_ 日本/c.jpg");
        files["Feier_ 日本/c.jpg"].Should().Equal(await shop.OriginalAsync(c));
        new[] { files["a.jpg"], files["a (2).jpg"] }.Should().ContainEquivalentOf(await shop.OriginalAsync(a)).And.ContainEquivalentOf(await shop.OriginalAsync(b));
        var resumed = (await anybody.RangeAsync(all["url"], 7_777, null, whole.ETag)).ShouldBe(206);
        resumed.Bytes.Should().Equal(whole.Bytes[7_777..]);
        (await anybody.GetAsync(part["url"])).ShouldBe(200).Bytes.Should().Equal(await shop.OriginalAsync(c), "one photo is a file");
    }

    [Fact]
    public async Task A_selection_of_their_own_can_be_downloaded_and_nobody_elses()
    {
        var shop = await Shop.OpenAsync(api);
        await shop.AllowAsync();
        var (photo, _) = (await shop.PhotoAsync(), await shop.PhotoAsync());
        var selection = (await shop.Api.PostAsync($"{shop.Gallery.Path}/selections", new { name = "Mine" })).ShouldBe(201)["id"];
        (await shop.AskAsync(new { size = "full", selectionId = selection })).ShouldBeProblem(422, "nothing_to_download");
        (await shop.Api.PutAsync($"/v1/selections/{selection}/picks/{photo}", new { })).ShouldBe(200);

        (await shop.AskAsync(new { size = "full", selectionId = selection })).ShouldBe(201).Body!["photoCount"]!.GetValue<int>().Should().Be(1);
        (await shop.AskAsync(new { size = "full", selectionId = selection }, (await shop.Gallery.VisitorAsync()).Api)).ShouldBeProblem(404, "not_found");
        (await shop.AskAsync(new { size = "full", selectionId = selection, photoIds = new[] { photo } })).ShouldBeProblem(422, "ambiguous_download");
    }

    [Fact]
    public async Task Web_files_carry_the_gallerys_watermark_unless_the_rules_say_clean()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var photo = await gallery.ReadyAsync();
        var watermark = await gallery.Studio.WatermarkAsync("PROOF");
        (await gallery.Studio.Api.PatchAsync(gallery.Path, new { watermarkId = watermark })).ShouldBe(200);
        (await gallery.Studio.Api.PatchAsync($"{gallery.Path}/download-rules", new { allowsDownloads = true, sizes = new[] { "web" }, webPixels = 300 })).ShouldBe(200);
        var visitor = await gallery.VisitorAsync();
        (await visitor.Api.GetAsync($"{gallery.Path}/download-options")).Body!["isWebWatermarked"]!.GetValue<bool>().Should().BeTrue();
        var request = new { size = "web", photoIds = new[] { photo.Id() } };

        var marked = await visitor.Api.ReadyAsync(gallery.Path, request);
        var seen = (await visitor.Api.GetAsync($"/v1/photos/{photo.Id()}")).ShouldBe(200).Body!.Url("thumbnail");
        var markedBytes = (await api.FetchAsync(marked["url"])).ShouldBe(200).Bytes;
        markedBytes.Should().Equal((await api.FetchAsync(seen)).Bytes, "it is what the visitor sees");

        (await gallery.Studio.Api.PatchAsync($"{gallery.Path}/download-rules", new { isWebWatermarked = false })).ShouldBe(200);
        (await api.FetchAsync(marked["url"])).ShouldBeProblem(410, "download_closed");
        var clean = await visitor.Api.ReadyAsync(gallery.Path, request);
        var own = (await gallery.Studio.Api.GetAsync($"/v1/photos/{photo.Id()}")).ShouldBe(200).Body!.Url("thumbnail");
        (await api.FetchAsync(clean["url"])).ShouldBe(200).Bytes.Should().Equal((await api.FetchAsync(own)).Bytes).And.NotEqual(markedBytes);
    }

    [Fact]
    public async Task Asking_again_answers_the_same_download_also_at_once()
    {
        var shop = await Shop.OpenAsync(api);
        await shop.AllowAsync();
        var photo = await shop.PhotoAsync();
        var request = new { size = "full", photoIds = new[] { photo, photo } };

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => shop.AskAsync(request)));

        answers.Should().OnlyContain(a => a.Status == 200 || a.Status == 201);
        answers.Select(a => a["id"]).Distinct().Should().ContainSingle();
        answers.Count(a => a.Status == 201).Should().Be(1);
        (await shop.AskAsync(new { size = "web", photoIds = new[] { photo } }))["id"].Should().NotBe(answers[0]["id"]);
    }

    [Fact]
    public async Task Another_process_goes_on_where_one_ended()
    {
        await using var host = await ApiHost.StartAsync();
        var shop = await Shop.OpenAsync(host);
        await shop.AllowAsync();
        for (var i = 0; i < 3; i++)
        {
            await shop.PhotoAsync(bytes: 400_000);
        }

        var url = (await shop.AskAsync(new { size = "full" })).ShouldBe(201)["url"];
        var whole = (await host.Client(null).GetAsync(url)).ShouldBe(200);
        var first = await BrokenOffAsync(url, 500_000);
        await using var sibling = await host.SiblingAsync();
        var there = url.Replace(host.Address.GetLeftPart(UriPartial.Authority), sibling.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);

        var rest = (await sibling.Client(null).RangeAsync(there, first.Bytes.Length, null, first.ETag)).ShouldBe(206);

        System.Security.Cryptography.SHA256.HashData([.. first.Bytes, .. rest.Bytes]).Should().Equal(System.Security.Cryptography.SHA256.HashData(whole.Bytes));
    }

    /// <summary>Reads this many bytes, then cuts the connection.</summary>
    private static async Task<(byte[] Bytes, string ETag)> BrokenOffAsync(string url, int bytes)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var read = new byte[bytes];
        await stream.ReadExactlyAsync(read);
        return (read, answer.Headers.ETag!.ToString());
    }
}
