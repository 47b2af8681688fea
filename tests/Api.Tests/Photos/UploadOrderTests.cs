using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>Photos that are uploaded together are in the order of their names, whichever arrives first.</summary>
public sealed class UploadOrderTests(ApiHost api)
{
    [Fact]
    public async Task Requests_of_a_group_in_any_order_give_the_order_of_the_names()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        int[] arriving = [7, 2, 10, 1, 9, 3, 11, 5, 12, 8, 4, 6];

        foreach (var number in arriving)
        {
            await UploadAsync(gallery, "one", $"IMG_{number}.jpg");
        }

        (await NamesAsync(gallery)).Should().Equal(Enumerable.Range(1, 12).Select(n => $"IMG_{n}.jpg"));
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task Requests_of_a_group_at_the_same_time_give_the_order_of_the_names()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        await Task.WhenAll(Enumerable.Range(1, 12).Select(number => UploadAsync(gallery, "one", $"IMG_{number}.jpg")));

        (await NamesAsync(gallery)).Should().Equal(Enumerable.Range(1, 12).Select(n => $"IMG_{n}.jpg"));
    }

    [Fact]
    public async Task Files_of_one_request_are_a_group()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        (await gallery.UploadAsync(("10.jpg", PhotoClients.NewJpeg()), ("9.jpg", PhotoClients.NewJpeg()), ("1.jpg", PhotoClients.NewJpeg()))).ShouldBe(201);
        (await gallery.UploadAsync(("5.jpg", PhotoClients.NewJpeg()), ("2.jpg", PhotoClients.NewJpeg()))).ShouldBe(201);

        (await NamesAsync(gallery)).Should().Equal(["1.jpg", "9.jpg", "10.jpg", "2.jpg", "5.jpg"], "a later upload comes after an earlier one");
    }

    [Fact]
    public async Task Groups_that_arrive_at_the_same_time_are_not_mixed()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        foreach (var (group, name) in ((string, string)[])[("a", "m.jpg"), ("b", "k.jpg"), ("a", "c.jpg"), ("b", "z.jpg"), ("a", "x.jpg"), ("b", "a.jpg")])
        {
            await UploadAsync(gallery, group, name);
        }

        (await NamesAsync(gallery)).Should().Equal("c.jpg", "m.jpg", "x.jpg", "a.jpg", "k.jpg", "z.jpg");
    }

    [Fact]
    public async Task What_the_studio_has_arranged_stays_when_more_of_the_group_arrives()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var ids = new Dictionary<string, string>();
        foreach (var name in (string[])["1.jpg", "3.jpg", "5.jpg"])
        {
            ids[name] = await UploadAsync(gallery, "one", name);
        }

        (await gallery.Studio.Api.PostAsync($"/v1/galleries/{gallery.Id}/photos/reorder", new { photoIds = new[] { ids["5.jpg"] }, before = ids["1.jpg"] })).ShouldBe(204);
        foreach (var name in (string[])["6.jpg", "2.jpg", "4.jpg"])
        {
            await UploadAsync(gallery, "one", name);
        }

        (await NamesAsync(gallery)).Where(ids.ContainsKey).Should().Equal("5.jpg", "1.jpg", "3.jpg");
        (await NamesAsync(gallery)).Should().Equal(["5.jpg", "6.jpg", "1.jpg", "2.jpg", "3.jpg", "4.jpg"], "each follows the one whose name comes before its own");
    }

    [Fact]
    public async Task Where_no_position_is_left_room_is_made()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        await UploadAsync(gallery, "one", "1.jpg");
        await UploadAsync(gallery, "one", "5.jpg");
        await UploadAsync(gallery, "other", "9.jpg");
        // Otherwise the rows may change while they are moved.
        await api.QuietAsync(gallery.Studio.Id);
        await PutCloseAsync(gallery);

        await UploadAsync(gallery, "one", "3.jpg");
        await UploadAsync(gallery, "other", "7.jpg");
        await UploadAsync(gallery, "one", "4.jpg");

        (await NamesAsync(gallery)).Should().Equal("1.jpg", "3.jpg", "4.jpg", "5.jpg", "7.jpg", "9.jpg");
    }

    [Fact]
    public async Task Announced_files_are_in_the_order_of_their_names_and_batches_can_share_a_group()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        await UploadAsync(gallery, null, "old.jpg");

        foreach (var names in (string[][])[["8.jpg", "2.jpg"], ["10.jpg", "1.jpg"]])
        {
            var files = names.Select(name => (Name: name, Bytes: PhotoClients.NewJpeg())).ToList();
            var batch = (await gallery.Studio.Api.PostAsync(
                $"/v1/galleries/{gallery.Id}/upload-batches", new { uploadGroup = "shared", files = files.Select(f => new { path = f.Name, bytes = f.Bytes.Length }) })).ShouldBe(201);
            foreach (var (file, announced) in files.Zip(batch.Body!["files"]!.AsArray()))
            {
                var sent = await gallery.Studio.Api.SendAsync(HttpMethod.Patch, $"/v1/uploads/{announced!["uploadId"]}", new ByteArrayContent(file.Bytes), request =>
                {
                    request.Headers.Add("Tus-Resumable", "1.0.0");
                    request.Headers.Add("Upload-Offset", "0");
                    request.Content!.Headers.ContentType = new("application/offset+octet-stream");
                });
                sent.ShouldBe(204);
            }
        }

        (await NamesAsync(gallery)).Should().Equal("old.jpg", "1.jpg", "2.jpg", "8.jpg", "10.jpg");
    }

    [Fact]
    public async Task A_group_that_is_no_name_is_refused()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        (await PostAsync(gallery, "a%20b", "1.jpg")).ShouldBeProblem(400, "validation_failed");
        (await gallery.Studio.Api.PostAsync($"/v1/galleries/{gallery.Id}/upload-batches", new { uploadGroup = new string('x', 65), files = new[] { new { path = "1.jpg", bytes = 1 } } }))
            .ShouldBeProblem(400, "validation_failed");
    }

    private static async Task<string> UploadAsync(GalleryClient gallery, string? group, string name) =>
        (await PostAsync(gallery, group, name)).ShouldBe(201).Body!["results"]![0]!["photo"]!["id"]!.GetValue<string>();

    private static Task<ApiAnswer> PostAsync(GalleryClient gallery, string? group, string name)
    {
        var part = new ByteArrayContent(PhotoClients.NewJpeg());
        part.Headers.ContentType = new("image/jpeg");
        return gallery.Studio.Api.SendAsync(
            HttpMethod.Post, $"/v1/galleries/{gallery.Id}/photos{(group is null ? "" : $"?uploadGroup={group}")}", new MultipartFormDataContent { { part, "files", name } });
    }

    private static async Task<List<string>> NamesAsync(GalleryClient gallery) =>
        [.. (await gallery.Studio.Api.GetAsync($"/v1/galleries/{gallery.Id}/photos?limit=100")).ShouldBe(200).Body!["data"]!.AsArray().Select(p => p!["currentVersion"]!["fileName"]!.GetValue<string>())];

    /// <summary>Gives the gallery's photos positions without a gap, in their order.</summary>
    private Task<int> PutCloseAsync(GalleryClient gallery) => api.InScopeAsync(gallery.Studio.Id, async services =>
    {
        var db = services.GetRequiredService<ProofsheetDb>();
        var photos = await db.Set<Photo>().OrderBy(p => p.Position).ToListAsync();
        foreach (var (index, photo) in photos.Index())
        {
            photo.Position = 100 + index;
        }

        return await db.SaveChangesAsync();
    });
}
