using FluentAssertions;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>What outsiders write into Upload-Metadata, file names in particular.</summary>
public sealed class UploadMetadataTests(ApiHost api)
{
    [Theory]
    [InlineData("filename")]
    [InlineData("filename QUJD QUJD")]
    [InlineData("filename not*base64")]
    [InlineData("filename /////w==")]
    [InlineData("filename QUJD,filename QUJE")]
    [InlineData("filename QUJD,,")]
    [InlineData("title QUJD")]
    [InlineData("filename QUJD,sha256 QUJD")]
    [InlineData("filename QUJD,title AEE=")]
    public async Task Metadata_that_is_malformed_is_refused(string metadata)
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var answer = await gallery.AnnounceAsync(100, metadata);

        if (metadata == "filename")
        {
            answer.ShouldBe(201)["fileName"].Should().Be("photo", "a key alone has an empty value");
            return;
        }

        answer.ShouldBeProblem(400, "invalid_upload_header");
    }

    [Fact]
    public async Task Metadata_is_bounded()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        (await gallery.AnnounceAsync(100, TusClients.Metadata(("filename", "a.jpg"), ("title", new string('x', 301))))).ShouldBeProblem(400, "invalid_upload_header");
        (await gallery.AnnounceAsync(100, TusClients.Metadata(("filename", "a.jpg"), ("caption", new string('x', 2001))))).ShouldBeProblem(400, "invalid_upload_header");
        (await gallery.AnnounceAsync(100, TusClients.Metadata(("filename", "a.jpg"), ("more", new string('x', 20_000))))).ShouldBeProblem(400, "invalid_upload_header");
        (await gallery.AnnounceAsync(100, TusClients.Metadata(("filename", "a.jpg"), ("caption", new string('猫', 2000))))).ShouldBe(201);
    }

    [Theory]
    [InlineData("../../etc/passwd", "passwd")]
    [InlineData("C:\\Windows\\CON", "CON")]
    [InlineData("NUL.jpg", "NUL.jpg")]
    [InlineData("trailing...", "trailing...")]
    [InlineData("a/b/../c.jpg", "c.jpg")]
    [InlineData("line\r\nbreak\u0000\u202E.jpg", "line break.jpg")]
    [InlineData("📷 Bäume 猫.jpg", "📷 Bäume 猫.jpg")]
    [InlineData("", "photo")]
    [InlineData("..", "photo")]
    public async Task A_name_is_shown_and_never_a_path(string given, string shown)
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg(320, 240);
        var url = await gallery.BeginAsync(bytes.Length, given);

        (await gallery.Studio.Api.PatchAsync(url, 0, bytes[..10])).ShouldBe(204);
        (await gallery.Studio.PartsAsync()).Should().ContainSingle().Which.Should().MatchRegex("^[0-9a-z]{26}/uploads/[0-9a-z]{26}/0-[0-9a-f]{16}$");
        (await gallery.Studio.Api.PatchAsync(url, 10, bytes[10..])).ShouldBe(204);

        (await gallery.Studio.Api.NamesAsync(gallery.Id)).Should().Equal(shown);
    }

    [Fact]
    public async Task A_long_name_is_shortened()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var begun = (await gallery.AnnounceAsync(10, TusClients.Metadata(("filename", new string('ä', 400) + ".jpeg")))).ShouldBe(201);

        begun["fileName"].Should().HaveLength(255).And.EndWith("ä.jpeg");
    }
}
