using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using FluentAssertions;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

public sealed class UploadTests(ApiHost api)
{
    [Fact]
    public async Task A_photo_is_taken_kept_untouched_and_made_ready()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg(1600, 1200);

        var answer = (await gallery.UploadAsync(("Clara 1.jpg", bytes))).ShouldBe(201);

        var result = answer.Body!["results"]![0]!;
        result["outcome"]!.GetValue<string>().Should().Be("accepted");
        result["fileName"]!.GetValue<string>().Should().Be("Clara 1.jpg");
        result["photo"]!["currentVersion"]!["sha256"]!.GetValue<string>().Should().Be(Convert.ToHexStringLower(SHA256.HashData(bytes)));
        var photo = await gallery.SettledAsync(result["photo"]!.Id());
        photo["status"]!.GetValue<string>().Should().Be("ready");
        (photo["currentVersion"]!["width"]!.GetValue<int>(), photo["currentVersion"]!["height"]!.GetValue<int>()).Should().Be((1600, 1200));
        photo["placeholder"]!.GetValue<string>().Should().NotBeEmpty();
        photo["colors"]!.AsArray().Should().NotBeEmpty();
        var original = (await gallery.Studio.Api.GetAsync($"/v1/photos/{photo.Id()}/original")).ShouldBe(200);
        original.Bytes.Should().Equal(bytes);
        original.Headers["Content-Type"].Should().Be("image/jpeg");
    }

    [Fact]
    public async Task Many_files_of_one_request_are_each_answered_for_themselves()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var good = PhotoClients.NewJpeg();

        var answer = (await gallery.UploadAsync(("a.jpg", good), ("b.jpg", "no picture"u8.ToArray()), ("c.jpg", good), ("d.jpg", PhotoClients.NewJpeg()))).ShouldBe(201);

        var results = answer.Body!["results"]!.AsArray();
        results.Select(r => r!["outcome"]!.GetValue<string>()).Should().Equal("accepted", "refused", "duplicate", "accepted");
        results[1]!["problem"]!["code"]!.GetValue<string>().Should().Be("not_an_image");
        results[1]!["problem"]!["detail"]!.GetValue<string>().Should().EndWith(".");
        results[2]!["photo"]!.Id().Should().Be(results[0]!["photo"]!.Id());
        (await gallery.Studio.Api.NamesAsync(gallery.Id)).Should().Equal("a.jpg", "d.jpg");
    }

    [Fact]
    public async Task One_refused_file_is_a_problem_of_its_own_code_and_several_are_told_together()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        (await gallery.UploadAsync(("x.jpg", "hello"u8.ToArray()))).ShouldBeProblem(422, "not_an_image");
        (await gallery.UploadAsync(("x.gif", "GIF89a------"u8.ToArray()))).ShouldBeProblem(422, "unsupported_format");
        var both = (await gallery.UploadAsync(("x.jpg", "hello"u8.ToArray()), ("y.jpg", []))).ShouldBeProblem(422, "upload_refused");

        both.Body!["results"]!.AsArray().Select(r => r!["problem"]!["code"]!.GetValue<string>()).Should().Equal("not_an_image", "not_an_image");
        (await ObjectsAsync(gallery.Studio)).Should().BeEmpty("nothing of a refused file is kept");
    }

    [Fact]
    public async Task The_content_decides_and_not_the_name()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        var photo = await gallery.ReadyAsync("holiday.exe", PhotoClients.NewJpeg());

        photo["currentVersion"]!["contentType"]!.GetValue<string>().Should().Be("image/jpeg");
        (await gallery.UploadAsync(("picture.jpg", "%PDF-1.7 and so on"u8.ToArray()))).ShouldBeProblem(422, "unsupported_format");
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task The_same_bytes_many_times_at_once_are_one_photo()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => gallery.UploadAsync(($"{i}.jpg", bytes))));

        answers.Should().OnlyContain(a => a.Status == 201);
        answers.Select(a => a.Body!["results"]![0]!["outcome"]!.GetValue<string>()).Order().Should().Equal(["accepted", .. Enumerable.Repeat("duplicate", 7)]);
        answers.Select(a => a.Body!["results"]![0]!["photo"]!.Id()).Distinct().Should().ContainSingle();
        (await gallery.Studio.Api.NamesAsync(gallery.Id)).Should().ContainSingle();
        await gallery.SettledAsync(answers[0].Body!["results"]![0]!["photo"]!.Id());
        (await ObjectsAsync(gallery.Studio)).Count(k => k.EndsWith("/original", StringComparison.Ordinal)).Should().Be(1);
    }

    [Fact]
    public async Task Two_galleries_may_have_the_same_picture()
    {
        var studio = await api.StudioAsync();
        var bytes = PhotoClients.NewJpeg();

        (await (await studio.GalleryAsync()).UploadAsync(("a.jpg", bytes))).ShouldBe(201).Body!["results"]![0]!["outcome"]!.GetValue<string>().Should().Be("accepted");
        (await (await studio.GalleryAsync()).UploadAsync(("a.jpg", bytes))).ShouldBe(201).Body!["results"]![0]!["outcome"]!.GetValue<string>().Should().Be("accepted");
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\Users\\anna\\Bild.jpg", "Bild.jpg")]
    [InlineData("a\u202Egpj.exe", "agpj.exe")]
    [InlineData("  ", "photo")]
    [InlineData("..", "photo")]
    [InlineData("nul\u0000l.jpg", "null.jpg")]
    [InlineData("Bäume 猫.jpg", "Bäume 猫.jpg")]
    [InlineData("a\tb\r\nc\u2028d.jpg", "a b c d.jpg")]
    [InlineData("a \t b.jpg", "a  b.jpg")]
    [InlineData("\n.jpg\t", ".jpg")]
    public void A_name_is_only_ever_a_name(string given, string kept) =>
        Api.Uploads.FileNames.Clean(given).Should().Be(kept);

    [Theory]
    [InlineData("\U0001F468\u200D\U0001F469\u200D\U0001F467 family.jpg")]
    [InlineData("\U0001F3F3\uFE0F\u200D\U0001F308.jpg")]
    [InlineData("\U0001F469\U0001F3FD\u200D\U0001F680.jpg")]
    [InlineData("\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F.jpg")]
    [InlineData("\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645.jpg")]
    [InlineData("\u0915\u094D\u200D\u0937.jpg")]
    [InlineData("\u0930\u094D\u200D.jpg")]
    [InlineData("\u0600\u0661\u0662.jpg")]
    public void What_words_and_pictographs_are_written_with_stays(string name) => Api.Uploads.FileNames.Clean(name).Should().Be(name);

    [Theory]
    [InlineData("a\u200Db.jpg", "ab.jpg")]
    [InlineData("\u200Da\u200C.jpg", "a.jpg")]
    [InlineData("\U0001F468\u200D.jpg", "\U0001F468.jpg")]
    [InlineData("\U0001F468\u200D\u200D\U0001F469.jpg", "\U0001F468\U0001F469.jpg")]
    [InlineData("a\U000E0067.jpg", "a.jpg")]
    [InlineData("a\U000E0067\U000E0062\U000E007F.jpg", "a.jpg")]
    [InlineData(
        "\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F\U000E0061\U000E0062.jpg",
        "\U0001F3F4\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F.jpg")]
    [InlineData("a\u200B\uFEFF\u2066\u00AD.jpg", "a.jpg")]
    public void What_is_invisible_and_joins_nothing_goes(string given, string kept) => Api.Uploads.FileNames.Clean(given).Should().Be(kept);

    [Fact]
    public void A_long_name_keeps_its_extension()
    {
        var name = Api.Uploads.FileNames.Clean(new string('ä', 400) + ".jpeg");

        name.Should().HaveLength(255).And.EndWith("ä.jpeg");
    }

    [Fact]
    public async Task A_hostile_name_reaches_the_download_header_harmless()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var photo = await gallery.ReadyAsync("a\"; filename=evil.html; x.jpg");

        var original = (await gallery.Studio.Api.GetAsync($"/v1/photos/{photo.Id()}/original")).ShouldBe(200);

        var header = ContentDispositionHeaderValue.Parse(original.Headers["Content-Disposition"]);
        (header.DispositionType, header.FileNameStar).Should().Be(("attachment", "a\"; filename=evil.html; x.jpg"));
        header.Parameters.Select(p => p.Name).Should().Equal("filename", "filename*");
    }

    [Fact]
    public async Task HEIC_and_camera_RAW_are_kept_and_say_why_they_are_not_shown()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        byte[] raw = [.. "IIRO"u8, 8, 0, 0, 0, .. RandomNumberGenerator.GetBytes(4000)];

        var answer = (await gallery.UploadAsync(("P1010001.ORF", raw))).ShouldBe(201);

        var photo = answer.Body!["results"]![0]!["photo"]!;
        photo["status"]!.GetValue<string>().Should().Be("failed");
        photo["failure"]!["code"]!.GetValue<string>().Should().Be("no_codec");
        photo["failure"]!["detail"]!.GetValue<string>().Should().Contain("original is kept");
        photo["urls"].Should().BeNull();
        (await gallery.Studio.Api.GetAsync($"/v1/photos/{photo.Id()}/original")).ShouldBe(200).Bytes.Should().Equal(raw);
    }

    [Fact]
    public async Task A_truncated_photograph_fails_with_a_sentence_or_is_refused()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var whole = PhotoClients.NewJpeg(1600, 1200);

        var answer = (await gallery.UploadAsync(("cut.jpg", whole[..(whole.Length / 2)]))).ShouldBe(201);

        var photo = await gallery.SettledAsync(answer.Body!["results"]![0]!["photo"]!.Id());
        photo["status"]!.GetValue<string>().Should().Be("failed");
        photo["failure"]!["code"]!.GetValue<string>().Should().Be("image_truncated");
        (await gallery.Studio.Api.PostAsync($"/v1/photos/{photo.Id()}/retry")).ShouldBe(200)["status"].Should().Be("processing");
        (await gallery.SettledAsync(photo.Id()))["failure"]!["code"]!.GetValue<string>().Should().Be("image_truncated");
    }

    [Fact]
    public async Task Only_the_studio_with_the_right_scope_uploads()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync("135790");
        var visitor = await gallery.VisitorAsync();
        var other = await api.StudioAsync("ben");

        (await visitor.Api.UploadAsync(gallery.Id, ("a.jpg", PhotoClients.NewJpeg()))).ShouldBeProblem(403, "missing_scope");
        (await api.Client(null).UploadAsync(gallery.Id, ("a.jpg", PhotoClients.NewJpeg()))).ShouldBeProblem(401, "missing_credential");
        (await other.Api.UploadAsync(gallery.Id, ("a.jpg", PhotoClients.NewJpeg()))).ShouldBeProblem(404, "not_found");
        (await studio.Api.UploadAsync("gal_nonsense", ("a.jpg", PhotoClients.NewJpeg()))).ShouldBeProblem(404, "not_found");
        (await ObjectsAsync(studio)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_foreign_section_is_not_found()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync();

        (await studio.Api.SendAsync(HttpMethod.Post, $"{gallery.Path}/photos?sectionId=sec_00000000000000000000000000", PhotoClients.Form(("a.jpg", PhotoClients.NewJpeg()))))
            .ShouldBeProblem(404, "not_found");
    }

    [Fact]
    public async Task What_is_no_upload_is_named()
    {
        var studio = await api.StudioAsync();
        var path = (await studio.GalleryAsync()).Path + "/photos";

        (await studio.Api.PostAsync(path, new { files = 1 })).ShouldBeProblem(415, "unsupported_media_type");
        (await studio.Api.SendAsync(HttpMethod.Post, path, Raw("multipart/form-data", ""))).ShouldBeProblem(400, "malformed_multipart");
        (await studio.Api.SendAsync(HttpMethod.Post, path, Raw("multipart/form-data; boundary=x", "--x--\r\n"))).ShouldBeProblem(400, "no_files");
        (await studio.Api.SendAsync(HttpMethod.Post, path, Raw("multipart/form-data; boundary=x", "never the boundary"))).ShouldBeProblem(400, "upload_incomplete");
        (await studio.Api.SendAsync(HttpMethod.Post, path, Raw("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=title\r\n\r\nhello\r\n--x--\r\n")))
            .ShouldBeProblem(400, "unknown_field");
        (await studio.Api.SendAsync(HttpMethod.Post, path, Raw("multipart/form-data; boundary=x", $"--x\r\nX: {new string('y', 20_000)}\r\n\r\nhello\r\n--x--\r\n")))
            .ShouldBeProblem(400, "malformed_multipart");
    }

    private static ByteArrayContent Raw(string type, string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }

    private async Task<List<string>> ObjectsAsync(StudioClient studio) => await api.InScopeAsync(studio.Id, async services =>
    {
        var keys = new List<string>();
        await foreach (var file in ((IObjectStore)services.GetService(typeof(IObjectStore))!).ListAsync(PhotoFiles.AllOf(Id<Tenant>.Parse(studio.Id, null))))
        {
            keys.Add(file.Key.Value);
        }

        return keys;
    });
}
