using FluentAssertions;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>Resumable uploads as a client should use them.</summary>
public sealed class ResumableTests(ApiHost api)
{
    [Fact]
    public async Task A_file_in_pieces_becomes_a_photo_with_the_last_of_them()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg(1600, 1200);
        var studio = gallery.Studio.Api;

        var begun = (await gallery.AnnounceAsync(bytes.Length, TusClients.Metadata(("filename", "Clara 猫.jpg"), ("title", "Ein Titel"), ("caption", "Zwei Zeilen"), ("unknown", "x")))).ShouldBe(201);
        var url = begun.Headers["Location"];
        url.Should().StartWith(api.Address.ToString()).And.Contain("/v1/uploads/upl_");
        (begun["status"], begun["fileName"]).Should().Be(("open", "Clara 猫.jpg"));
        begun.Headers["Tus-Resumable"].Should().Be("1.0.0");
        DateTimeOffset.Parse(begun.Headers["Upload-Expires"]).Should().BeCloseTo(api.Clock.GetUtcNow().AddHours(24), TimeSpan.FromMinutes(5));

        (await studio.PatchAsync(url, 0, bytes[..1000])).ShouldBe(204).Headers["Upload-Offset"].Should().Be("1000");
        var head = (await studio.HeadAsync(url)).ShouldBe(200);
        (head.Headers["Upload-Offset"], head.Headers["Upload-Length"], head.Headers["Cache-Control"]).Should().Be(("1000", $"{bytes.Length}", "no-store"));
        (await studio.PatchAsync(url, 1000, bytes[1000..5000])).ShouldBe(204).Headers.Should().NotContainKey("Proofsheet-Photo");
        var last = (await studio.PatchAsync(url, 5000, bytes[5000..])).ShouldBe(204);

        last.Headers["Proofsheet-Upload-Outcome"].Should().Be("accepted");
        await gallery.ShouldHoldAsync(bytes);
        var upload = (await studio.GetAsync(url)).ShouldBe(200);
        (upload["status"], upload["outcome"], upload["photo.id"], upload["photo.title"], upload["photo.caption"]).Should().Be(("done", "accepted", last.Headers["Proofsheet-Photo"], "Ein Titel", "Zwei Zeilen"));
        (await gallery.SettledAsync(upload["photo.id"]))["status"]!.GetValue<string>().Should().Be("ready");
        (await gallery.Studio.PartsAsync()).Should().BeEmpty("the parts are not needed any more");
    }

    [Fact]
    public async Task The_last_request_can_be_repeated_when_its_answer_got_lost()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg();
        var url = await gallery.BeginAsync(bytes.Length);
        var first = (await gallery.Studio.Api.PatchAsync(url, 0, bytes)).ShouldBe(204);

        var again = (await gallery.Studio.Api.PatchAsync(url, bytes.Length, [])).ShouldBe(204);
        var head = (await gallery.Studio.Api.HeadAsync(url)).ShouldBe(200);

        foreach (var answer in new[] { again, head })
        {
            (answer.Headers["Proofsheet-Photo"], answer.Headers["Proofsheet-Upload-Outcome"]).Should().Be((first.Headers["Proofsheet-Photo"], "accepted"));
        }

        (await gallery.Studio.Api.PatchAsync(url, bytes.Length, [1])).ShouldBe(204).Headers["Upload-Offset"].Should().Be($"{bytes.Length}", "a done upload takes nothing more");
        await gallery.ShouldHoldAsync(bytes);
    }

    [Fact]
    public async Task The_creation_may_bring_bytes_all_or_some()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var (all, some) = (PhotoClients.NewJpeg(), PhotoClients.NewJpeg());

        var whole = (await SendAsync(gallery, all.Length, all)).ShouldBe(201);
        var begun = (await SendAsync(gallery, some.Length, some[..700])).ShouldBe(201);

        (whole.Headers["Upload-Offset"], whole.Headers["Proofsheet-Upload-Outcome"], whole["status"]).Should().Be(($"{all.Length}", "accepted", "done"));
        (begun.Headers["Upload-Offset"], begun["status"]).Should().Be(("700", "open"));
        (await gallery.Studio.Api.PatchAsync(begun.Headers["Location"], 700, some[700..])).ShouldBe(204).Headers["Proofsheet-Upload-Outcome"].Should().Be("accepted");
        (await SendAsync(gallery, 10, "no picture"u8.ToArray())).ShouldBeProblem(422, "not_an_image");
    }

    [Fact]
    public async Task The_length_may_be_said_later_and_once()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg();
        var studio = gallery.Studio.Api;
        var begun = (await studio.TusAsync(HttpMethod.Post, $"{gallery.Path}/uploads", null, ("Upload-Defer-Length", "1"), ("Upload-Metadata", TusClients.Metadata(("filename", "a.jpg"))))).ShouldBe(201);
        var url = begun.Headers["Location"];

        (await studio.PatchAsync(url, 0, bytes[..500])).ShouldBe(204);
        (await studio.HeadAsync(url)).ShouldBe(200).Headers["Upload-Defer-Length"].Should().Be("1");
        (await studio.PatchAsync(url, 500, [], ("Upload-Length", "499"))).ShouldBeProblem(409, "upload_length_conflict");
        (await studio.PatchAsync(url, 500, bytes[500..900], ("Upload-Length", $"{bytes.Length}"))).ShouldBe(204);
        (await studio.PatchAsync(url, 900, bytes[900..], ("Upload-Length", $"{bytes.Length + 1}"))).ShouldBeProblem(409, "upload_length_conflict");
        (await studio.PatchAsync(url, 900, bytes[900..])).ShouldBe(204).Headers["Proofsheet-Upload-Outcome"].Should().Be("accepted");
        await gallery.ShouldHoldAsync(bytes);
    }

    [Fact]
    public async Task A_checksum_keeps_all_of_a_request_or_nothing()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg();
        var studio = gallery.Studio.Api;
        var url = await gallery.BeginAsync(bytes.Length);

        (await studio.PatchAsync(url, 0, bytes[..800], ("Upload-Checksum", TusClients.Sha1(bytes[..801])))).ShouldBeProblem(460, "upload_checksum_mismatch");
        (await studio.OffsetAsync(url)).Should().Be(0);
        (await gallery.Studio.PartsAsync()).Should().BeEmpty();
        (await studio.PatchAsync(url, 0, bytes[..800], ("Upload-Checksum", TusClients.Sha1(bytes[..800])))).ShouldBe(204);
        (await studio.PatchAsync(url, 800, bytes[800..], ("Upload-Checksum", "sha256 AAAA"))).ShouldBeProblem(400, "invalid_upload_header");
        (await studio.PatchAsync(url, 800, bytes[800..], ("Upload-Checksum", "crc99 AAAA"))).ShouldBeProblem(400, "invalid_upload_header");
        var sha256 = "sha256 " + Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(bytes.AsSpan(800)));
        (await studio.PatchAsync(url, 800, bytes[800..], ("Upload-Checksum", sha256))).ShouldBe(204);
        await gallery.ShouldHoldAsync(bytes);
    }

    [Fact]
    public async Task An_announced_hash_is_compared_with_the_bytes_and_saves_sending_them_twice()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg();
        var studio = gallery.Studio.Api;
        var wrong = await gallery.BeginAsync(bytes.Length, "wrong.jpg", ("sha256", new string('a', 64)));

        (await studio.PatchAsync(wrong, 0, bytes)).ShouldBeProblem(422, "upload_digest_mismatch");
        (await studio.GetAsync(wrong)).ShouldBe(200)["status"].Should().Be("refused");
        (await studio.HeadAsync(wrong)).ShouldBe(422);
        (await studio.PatchAsync(wrong, bytes.Length, [])).ShouldBeProblem(422, "upload_digest_mismatch");
        await gallery.ShouldBeEmptyAsync();

        var right = await gallery.BeginAsync(bytes.Length, "right.jpg", ("sha256", TusClients.Hex(bytes).ToUpperInvariant()));
        (await studio.PatchAsync(right, 0, bytes)).ShouldBe(204);
        var known = (await gallery.AnnounceAsync(bytes.Length, TusClients.Metadata(("filename", "again.jpg"), ("sha256", TusClients.Hex(bytes))))).ShouldBe(200);
        (known["status"], known["outcome"], known["photo.currentVersion.fileName"]).Should().Be(("done", "duplicate", "right.jpg"));
        known.Headers.Should().NotContainKey("Location");
        var late = await gallery.BeginAsync(bytes.Length, "late.jpg");
        (await studio.PatchAsync(late, 0, bytes)).ShouldBe(204).Headers["Proofsheet-Upload-Outcome"].Should().Be("duplicate");
        await gallery.ShouldHoldAsync(bytes);
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task Pieces_sent_at_once_are_put_together_in_their_order()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg(1600, 1200);
        var studio = gallery.Studio.Api;
        var third = bytes.Length / 3;
        byte[][] pieces = [bytes[..third], bytes[third..(2 * third)], bytes[(2 * third)..]];
        var urls = await Task.WhenAll(pieces.Select(async p => (await gallery.AnnounceAsync(p.Length, "", ("Upload-Concat", "partial"))).ShouldBe(201).Headers["Location"]));
        var final = ("Upload-Concat", "final;" + string.Join(' ', urls));

        await Task.WhenAll(pieces.Index().Skip(1).Select(async p => (await studio.PatchAsync(urls[p.Index], 0, p.Item)).ShouldBe(204)));
        (await JoinAsync(gallery, final)).ShouldBeProblem(409, "upload_concat_conflict");
        (await studio.PatchAsync(urls[0], 0, pieces[0])).ShouldBe(204);
        (await studio.HeadAsync(urls[0])).ShouldBe(200).Headers["Upload-Concat"].Should().Be("partial");
        var joined = (await JoinAsync(gallery, final)).ShouldBe(201);

        joined.Headers["Proofsheet-Upload-Outcome"].Should().Be("accepted");
        await gallery.ShouldHoldAsync(bytes);
        (await JoinAsync(gallery, final)).ShouldBe(201)["id"].Should().Be(joined["id"], "asked again it is the same file");
        (await JoinAsync(gallery, ("Upload-Concat", $"final;{urls[1]} {urls[0]}"))).ShouldBeProblem(409, "upload_concat_conflict");
        (await studio.PatchAsync(joined.Headers["Location"], bytes.Length, [])).ShouldBeProblem(403, "upload_is_final");
        (await gallery.Studio.PartsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task An_upload_that_is_given_up_leaves_nothing()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg();
        var studio = gallery.Studio.Api;
        var url = await gallery.BeginAsync(bytes.Length);
        (await studio.PatchAsync(url, 0, bytes[..900])).ShouldBe(204);
        (await gallery.Studio.PartsAsync()).Should().ContainSingle();

        (await studio.TusAsync(HttpMethod.Delete, url, null)).ShouldBe(204);

        (await studio.GetAsync(url)).ShouldBeProblem(404, "not_found");
        (await studio.PatchAsync(url, 900, bytes[900..])).ShouldBeProblem(404, "not_found");
        (await gallery.Studio.PartsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task What_the_server_can_do_is_told_without_a_credential()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        foreach (var path in new[] { $"{gallery.Path}/uploads", "/v1/uploads/upl_00000000000000000000000000" })
        {
            var answer = (await api.Client(null).SendAsync(HttpMethod.Options, path)).ShouldBe(204);
            (answer.Headers["Tus-Resumable"], answer.Headers["Tus-Version"], answer.Headers["Tus-Checksum-Algorithm"]).Should().Be(("1.0.0", "1.0.0", "sha1,sha256"));
            answer.Headers["Tus-Extension"].Split(',').Should().Contain(["creation", "creation-with-upload", "creation-defer-length", "expiration", "checksum", "termination", "concatenation"]);
            answer.Headers["Tus-Max-Size"].Should().Be($"{200L << 20}");
        }
    }

    [Fact]
    public async Task A_file_that_one_request_brought_is_not_fetched_from_a_remote_store_to_be_inspected()
    {
        var (host, store) = await TreacherousStore.StartAsync(new() { ["Photos:UploadPartBytes"] = "65536" });
        await using var hosted = host;
        store.CopiesFolder = TestFolder.New("copies");
        var mayBeFetched = new TaskCompletionSource();
        store.BeforeFetch = _ => mayBeFetched.Task;
        var gallery = await (await host.StudioAsync()).GalleryAsync();
        var studio = gallery.Studio.Api;
        var (small, other, large) = (PhotoClients.NewJpeg(), PhotoClients.NewJpeg(), TusClients.Padded(PhotoClients.NewJpeg(), 150_000));

        var answers = new List<ApiAnswer> { await SendAsync(gallery, small.Length, small).WaitAsync(TimeSpan.FromSeconds(30)) };
        foreach (var bytes in new[] { other, large })
        {
            var url = await gallery.BeginAsync(bytes.Length);
            answers.Add(await studio.PatchAsync(url, 0, bytes, ("Upload-Checksum", TusClients.Sha1(bytes))).WaitAsync(TimeSpan.FromSeconds(30)));
        }

        answers.Should().OnlyContain(a => a.Headers["Proofsheet-Upload-Outcome"] == "accepted");
        mayBeFetched.SetResult();
        foreach (var answer in answers)
        {
            (await gallery.SettledAsync(answer.Headers["Proofsheet-Photo"]))["status"]!.GetValue<string>().Should().Be("ready");
        }

        Directory.GetFiles(store.CopiesFolder).Should().BeEmpty("a copy is kept no longer than its request");
    }

    [Fact]
    public async Task A_browser_may_send_and_read_the_headers_of_tus()
    {
        var studio = await api.StudioAsync();
        await studio.PublishableKeyAsync("https://anna.example");
        var gallery = await studio.GalleryAsync();

        var preflight = (await api.Client(null, "https://anna.example").SendAsync(HttpMethod.Options, $"{gallery.Path}/uploads", null, request =>
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "authorization,tus-resumable,upload-length,upload-metadata,upload-concat,upload-checksum,upload-offset");
        })).ShouldBe(204);
        var begun = (await api.Client(studio.SecretKey, "https://anna.example").TusAsync(
            HttpMethod.Post, $"{gallery.Path}/uploads", null, ("Upload-Length", "9"), ("Upload-Metadata", TusClients.Metadata(("filename", "a.jpg"))))).ShouldBe(201);

        preflight.Headers["Access-Control-Allow-Origin"].Should().Be("https://anna.example");
        preflight.Headers["Access-Control-Allow-Headers"].Split(',').Should().Contain(["Tus-Resumable", "Upload-Length", "Upload-Metadata", "Upload-Offset", "Upload-Concat", "Upload-Checksum"]);
        begun.Headers["Access-Control-Expose-Headers"].Split(',').Should().Contain(["Location", "Upload-Offset", "Upload-Length", "Upload-Expires", "Tus-Resumable", "Proofsheet-Upload-Outcome", "Proofsheet-Photo"]);
    }

    private static Task<ApiAnswer> SendAsync(GalleryClient gallery, int length, byte[] bytes) => gallery.Studio.Api.TusAsync(
        HttpMethod.Post, $"{gallery.Path}/uploads", TusClients.Bytes(bytes), ("Upload-Length", $"{length}"), ("Upload-Metadata", TusClients.Metadata(("filename", "a.jpg"))));

    private static Task<ApiAnswer> JoinAsync(GalleryClient gallery, (string, string) concat) => gallery.Studio.Api.TusAsync(
        HttpMethod.Post, $"{gallery.Path}/uploads", null, concat, ("Upload-Metadata", TusClients.Metadata(("filename", "joined.jpg"))));
}
