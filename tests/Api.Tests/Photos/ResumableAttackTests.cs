using System.Net.Sockets;
using System.Text;
using FluentAssertions;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>What a broken or hostile client sends.</summary>
public sealed class ResumableAttackTests(ApiHost api)
{
    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("many")]
    [InlineData("+3")]
    [InlineData(" 3 3")]
    [InlineData("0x10")]
    [InlineData("99999999999999999999999")]
    public async Task A_length_or_an_offset_that_is_no_count_is_refused(string number)
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var studio = gallery.Studio.Api;
        var url = await gallery.BeginAsync(100);

        (await CreateAsync(gallery, ("Upload-Length", number))).ShouldBeProblem(400, "invalid_upload_header");
        (await studio.TusAsync(HttpMethod.Patch, url, TusClients.Bytes([1]), ("Upload-Offset", number))).ShouldBeProblem(400, "invalid_upload_header");
        (await studio.PatchAsync(url, 0, [1], ("Upload-Length", number))).ShouldBeProblem(400, "invalid_upload_header");
        (await studio.OffsetAsync(url)).Should().Be(0);
    }

    [Fact]
    public async Task A_length_is_needed_and_within_what_one_file_may_be()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        (await CreateAsync(gallery)).ShouldBeProblem(400, "invalid_upload_header");
        (await CreateAsync(gallery, ("Upload-Length", "5"), ("Upload-Defer-Length", "1"))).ShouldBeProblem(400, "invalid_upload_header");
        (await CreateAsync(gallery, ("Upload-Defer-Length", "2"))).ShouldBeProblem(400, "invalid_upload_header");
        (await CreateAsync(gallery, ("Upload-Length", $"{(200L << 20) + 1}"))).ShouldBeProblem(413, "file_too_large");
        (await CreateAsync(gallery, ("Upload-Length", $"{long.MaxValue}"))).ShouldBeProblem(413, "file_too_large");
        (await CreateAsync(gallery, ("Upload-Length", "0"))).ShouldBeProblem(422, "not_an_image");
    }

    [Fact]
    public async Task A_wrong_offset_is_told_the_right_one_and_keeps_nothing()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg();
        var url = await gallery.BeginAsync(bytes.Length);
        (await gallery.Studio.Api.PatchAsync(url, 0, bytes[..100])).ShouldBe(204);

        foreach (var offset in new long[] { 0, 99, 101, bytes.Length, long.MaxValue })
        {
            var answer = (await gallery.Studio.Api.PatchAsync(url, offset, bytes[100..])).ShouldBeProblem(409, "upload_offset_conflict");
            (answer.Headers["Upload-Offset"], answer.Headers["Tus-Resumable"]).Should().Be(("100", "1.0.0"));
        }

        (await gallery.Studio.Api.PatchAsync(url, 100, bytes[100..])).ShouldBe(204);
        await gallery.ShouldHoldAsync(bytes);
    }

    [Fact]
    public async Task The_version_and_the_media_type_must_be_those_of_tus()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var studio = gallery.Studio.Api;
        var url = await gallery.BeginAsync(100);

        foreach (var version in new[] { "", "0.2.2", "1.0.1", "2" })
        {
            foreach (var method in new[] { HttpMethod.Post, HttpMethod.Patch, HttpMethod.Delete })
            {
                var path = method == HttpMethod.Post ? $"{gallery.Path}/uploads" : url;
                (await studio.TusAsync(method, path, TusClients.Bytes([1]), ("Tus-Resumable", version), ("Upload-Offset", "0"), ("Upload-Length", "1")))
                    .ShouldBeProblem(412, "tus_version_unsupported").Headers["Tus-Version"].Should().Be("1.0.0");
            }

            (await studio.TusAsync(HttpMethod.Head, url, null, ("Tus-Resumable", version))).ShouldBe(412);
        }

        (await studio.TusAsync(HttpMethod.Patch, url, new ByteArrayContent([1]), ("Upload-Offset", "0"))).ShouldBeProblem(415, "unsupported_media_type");
        (await studio.TusAsync(HttpMethod.Patch, url, new StringContent("{}", Encoding.UTF8, "application/json"), ("Upload-Offset", "0"))).ShouldBeProblem(415, "unsupported_media_type");
        (await studio.TusAsync(HttpMethod.Patch, url, TusClients.Bytes([1]))).ShouldBeProblem(400, "invalid_upload_header");
        (await studio.OffsetAsync(url)).Should().Be(0);
    }

    [Fact]
    public async Task Only_the_studio_with_the_right_scope_uploads()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync("135790");
        var visitor = await gallery.VisitorAsync();
        var other = await api.StudioAsync("ben");
        var reader = api.Client((await studio.Api.PostAsync("/v1/keys", new { name = "Reader", type = "secret", scopes = new[] { "photos:read" } })).ShouldBe(201)["secret"]);
        var url = await gallery.BeginAsync(100);
        var path = new Uri(url).AbsolutePath;

        foreach (var (client, status, code) in new[] { (visitor.Api, 403, "missing_scope"), (reader, 403, "missing_scope"), (api.Client(null), 401, "missing_credential"), (other.Api, 404, "not_found") })
        {
            (await client.TusAsync(HttpMethod.Post, $"{gallery.Path}/uploads", null, ("Upload-Length", "10"), ("Upload-Metadata", TusClients.Metadata(("filename", "a.jpg"))))).ShouldBeProblem(status, code);
            (await client.PatchAsync(path, 0, [1])).ShouldBeProblem(status, code);
            (await client.GetAsync(path)).ShouldBeProblem(status, code);
            (await client.HeadAsync(path)).ShouldBe(status);
            (await client.TusAsync(HttpMethod.Delete, path, null)).ShouldBeProblem(status, code);
            (await client.PostAsync($"{gallery.Path}/upload-batches", new { files = new[] { new { path = "a.jpg", bytes = 3 } } })).ShouldBeProblem(status, code);
        }

        (await studio.Api.OffsetAsync(url)).Should().Be(0);
    }

    [Fact]
    public async Task An_altered_id_names_nothing()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var url = await gallery.BeginAsync(100);
        var last = url[^1] == '0' ? '1' : '0';

        foreach (var altered in new[] { url[..^1] + last, url[..^1], url + "0", url[..^26] + url[^26..].ToUpperInvariant(), url[..^30] + "upl_../../etc", url[..^30] + "pho_" + url[^26..] })
        {
            (await gallery.Studio.Api.GetAsync(altered)).ShouldBeProblem(404, "not_found");
            (await gallery.Studio.Api.PatchAsync(altered, 0, [1])).ShouldBeProblem(404, "not_found");
        }
    }

    [Fact]
    public async Task Pieces_of_another_studio_or_gallery_and_files_that_are_no_pieces_are_not_found()
    {
        var studio = await api.StudioAsync();
        var (gallery, second) = (await studio.GalleryAsync(), await studio.GalleryAsync());
        var other = await (await api.StudioAsync("ben")).GalleryAsync();
        var mine = (await gallery.AnnounceAsync(1, "", ("Upload-Concat", "partial"))).ShouldBe(201).Headers["Location"];
        (await studio.Api.PatchAsync(mine, 0, [1])).ShouldBe(204);
        var whole = await gallery.BeginAsync(5);

        (await JoinAsync(second, mine)).ShouldBeProblem(404, "not_found");
        (await JoinAsync(other, mine)).ShouldBeProblem(404, "not_found");
        (await JoinAsync(gallery, whole)).ShouldBeProblem(404, "not_found");
        (await JoinAsync(gallery, "/v1/uploads/upl_00000000000000000000000000")).ShouldBeProblem(404, "not_found");
        (await JoinAsync(gallery, $"{mine} {mine}")).ShouldBeProblem(400, "invalid_upload_header");
        (await JoinAsync(gallery, "http://evil.example/x")).ShouldBeProblem(400, "invalid_upload_header");
        (await JoinAsync(gallery, "")).ShouldBeProblem(400, "invalid_upload_header");
        (await CreateAsync(gallery, ("Upload-Concat", $"final;{mine}"), ("Upload-Length", "1"))).ShouldBeProblem(400, "invalid_upload_header");
        (await CreateAsync(gallery, ("Upload-Concat", "whole"), ("Upload-Length", "1"))).ShouldBeProblem(400, "invalid_upload_header");
    }

    [Fact]
    public async Task A_foreign_section_is_not_found()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var other = await (await api.StudioAsync("ben")).GalleryAsync();
        var section = (await other.Studio.Api.PostAsync($"{other.Path}/sections", new { title = "Theirs" })).ShouldBe(201)["id"];

        (await gallery.AnnounceAsync(10, TusClients.Metadata(("filename", "a.jpg"), ("sectionId", section)))).ShouldBeProblem(404, "not_found");
        (await gallery.AnnounceAsync(10, TusClients.Metadata(("filename", "a.jpg"), ("sectionId", "nonsense")))).ShouldBeProblem(404, "not_found");
    }

    [Fact]
    public async Task More_bytes_than_announced_are_refused_whether_they_say_so_or_not()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg();
        var studio = gallery.Studio.Api;
        var url = await gallery.BeginAsync(bytes.Length);

        (await studio.PatchAsync(url, 0, [.. bytes, 1])).ShouldBeProblem(413, "upload_too_long");
        (await studio.TusAsync(HttpMethod.Patch, url, Chunked([.. bytes, 1]), ("Upload-Offset", "0"))).ShouldBeProblem(413, "upload_too_long");
        (await studio.TusAsync(HttpMethod.Patch, url, Chunked([.. bytes, 1]), ("Upload-Offset", "0"), ("Upload-Checksum", TusClients.Sha1([.. bytes, 1])))).ShouldBeProblem(413, "upload_too_long");

        (await studio.OffsetAsync(url)).Should().Be(0);
        (await gallery.Studio.PartsAsync()).Should().BeEmpty();
        (await studio.TusAsync(HttpMethod.Patch, url, Chunked(bytes), ("Upload-Offset", "0"))).ShouldBe(204);
        await gallery.ShouldHoldAsync(bytes);
    }

    [Fact]
    public async Task An_empty_body_moves_nothing()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var url = await gallery.BeginAsync(100);

        (await gallery.Studio.Api.PatchAsync(url, 0, [])).ShouldBe(204).Headers["Upload-Offset"].Should().Be("0");
        (await gallery.Studio.PartsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Of_a_connection_that_breaks_everything_that_came_is_kept()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg(1600, 1200);
        var url = await gallery.BeginAsync(bytes.Length);

        await HangUpAsync(gallery, url, bytes, sent: bytes.Length / 2);

        await ApiHost.EventuallyAsync(async () => await gallery.Studio.Api.OffsetAsync(url) == bytes.Length / 2, "the half that came counts");
        await ApiHost.EventuallyAsync(async () => (await gallery.Studio.Api.PatchAsync(url, bytes.Length / 2, bytes[(bytes.Length / 2)..])).Status == 204, "the rest is taken");
        await gallery.ShouldHoldAsync(bytes);
    }

    [Fact]
    public async Task Of_a_connection_that_breaks_before_its_checksum_nothing_is_kept()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg(1600, 1200);
        var url = await gallery.BeginAsync(bytes.Length);

        await HangUpAsync(gallery, url, bytes, sent: bytes.Length / 2, $"Upload-Checksum: {TusClients.Sha1(bytes)}\r\n");

        await ApiHost.EventuallyAsync(async () => (await gallery.Studio.Api.PatchAsync(url, 0, [])).Status == 204, "the lock is given back");
        (await gallery.Studio.Api.OffsetAsync(url)).Should().Be(0);
        (await gallery.Studio.PartsAsync()).Should().BeEmpty();
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task Of_many_clients_on_one_upload_at_once_one_wins_and_the_bytes_are_right()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg(1600, 1200);
        var url = await gallery.BeginAsync(bytes.Length);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => gallery.Studio.Api.PatchAsync(url, 0, bytes)));

        answers.Should().ContainSingle(a => a.Status == 204);
        answers.Where(a => a.Status != 204).Select(a => a["code"]).Should().OnlyContain(c => c == "upload_locked" || c == "upload_offset_conflict");
        answers.Where(a => a.Status == 423).Should().OnlyContain(a => a.Headers.ContainsKey("Retry-After"));
        await gallery.ShouldHoldAsync(bytes);
        (await gallery.Studio.PartsAsync()).Should().BeEmpty();
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task The_same_picture_by_many_uploads_at_once_is_one_photo()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg();
        var urls = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => gallery.BeginAsync(bytes.Length, $"{i}.jpg")));

        var answers = await Task.WhenAll(urls.Select(url => gallery.Studio.Api.PatchAsync(url, 0, bytes)));

        answers.Select(a => a.ShouldBe(204).Headers["Proofsheet-Upload-Outcome"]).Order().Should().Equal(["accepted", .. Enumerable.Repeat("duplicate", 5)]);
        await gallery.ShouldHoldAsync(bytes);
    }

    /// <summary>Sends part of what the request declares, then closes the connection.</summary>
    private async Task HangUpAsync(GalleryClient gallery, string url, byte[] bytes, int sent, string headers = "")
    {
        using var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync("127.0.0.1", api.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"PATCH {new Uri(url).AbsolutePath} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {gallery.Studio.SecretKey}\r\nTus-Resumable: 1.0.0\r\n{headers}"
            + $"Upload-Offset: 0\r\nContent-Type: {TusClients.Type}\r\nContent-Length: {bytes.Length}\r\n\r\n"));
        await stream.WriteAsync(bytes.AsMemory(0, sent));
        await stream.FlushAsync();
        // What the server has not read when the connection closes is lost.
        var temporary = Path.Combine(api.Folder, "objects", "temporary");
        await ApiHost.EventuallyAsync(() => Task.FromResult(new DirectoryInfo(temporary).GetFiles("*", SearchOption.AllDirectories).Any(f => f.Length == sent)), "the server has read what was sent");
        client.Client.Shutdown(SocketShutdown.Send);
        try
        {
            // Until the server has noticed: it closes or resets the connection.
            await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        }
        catch (IOException)
        {
        }
    }

    private static StreamContent Chunked(byte[] bytes)
    {
        var content = new StreamContent(new Unseekable(bytes));
        content.Headers.ContentType = new(TusClients.Type);
        return content;
    }

    private static Task<ApiAnswer> CreateAsync(GalleryClient gallery, params (string, string)[] headers) => gallery.Studio.Api.TusAsync(
        HttpMethod.Post, $"{gallery.Path}/uploads", null, [("Upload-Metadata", TusClients.Metadata(("filename", "a.jpg"))), .. headers]);

    private static Task<ApiAnswer> JoinAsync(GalleryClient gallery, string pieces) => CreateAsync(gallery, ("Upload-Concat", $"final;{pieces}"));

    /// <summary>Of unknown length, so it is sent in chunks.</summary>
    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
