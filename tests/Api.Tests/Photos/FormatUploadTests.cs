using FluentAssertions;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Imaging;
using Proofsheet.Api.Tests.Support;
using Proofsheet.DemoPictures;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>HEIC, camera RAW and hostile text through the whole API.</summary>
public sealed class FormatUploadTests(ApiHost api)
{
    [Fact]
    public async Task A_HEIC_photograph_becomes_ready_and_its_original_stays_HEIC()
    {
        using var picture = TestPictures.Picture(900, 600, seed: 21);
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        var photo = await gallery.ReadyAsync("IMG_1.HEIC", HeicPictures.Make(picture));

        photo["currentVersion"]!["contentType"]!.GetValue<string>().Should().Be("image/heic");
        photo["currentVersion"]!["width"]!.GetValue<int>().Should().Be(900);
        (await api.FetchAsync(photo.Url())).ShouldBe(200);
    }

    [Fact]
    public async Task A_camera_RAW_becomes_ready_by_its_preview_with_the_cameras_words()
    {
        RawFiles.Need();
        using var picture = TestPictures.Picture(RawFiles.PreviewWidth, RawFiles.PreviewHeight, seed: 22);
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        var photo = await gallery.ReadyAsync("DSC_1.NEF", RawFiles.Make("nef", RawFiles.Preview(picture), orientation: 8));

        photo["exif"]!["camera"]!.GetValue<string>().Should().Be("NIKON D3");
        photo["currentVersion"]!["height"]!.GetValue<int>().Should().Be(900);
    }

    [Fact]
    public async Task A_camera_RAW_without_preview_is_kept_and_says_why_it_is_not_shown()
    {
        RawFiles.Need();
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        var answer = (await gallery.UploadAsync(("DSC_2.NEF", RawFiles.Make("nef", preview: null)))).ShouldBe(201);

        var photo = answer.Body!["results"]![0]!["photo"]!;
        photo["failure"]!["code"]!.GetValue<string>().Should().Be("no_preview");
        photo["currentVersion"]!["bytes"]!.GetValue<long>().Should().BeGreaterThan(0);
        (await gallery.Studio.Api.GetAsync($"/v1/photos/{photo.Id()}/original")).Status.Should().BeOneOf(200, 302, 303, 307);
    }

    [Fact]
    public async Task Words_of_a_file_come_out_without_control_characters_direction_marks_or_line_breaks_in_headers()
    {
        using var picture = TestPictures.Picture(320, 240, seed: 23);
        using var tagged = new ExifFields
        {
            Make = "Evil\r\nSet-Cookie: a=b",
            Model = "\u202Egpj.exe<script>alert(1)</script>",
            Caption = "a\u0007b\u2066c\u0000d\"><img src=x onerror=alert(1)>",
            Artist = "Anna\u200B\u202D",
            Copyright = "\u001B[31mred",
            TakenAtLocal = new DateTime(2024, 5, 17),
        }.On(picture);
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        var photo = await gallery.ReadyAsync("a\u202Egpj.exe\r\nX-Evil: 1\".jpg", ExifFields.Save(tagged, 80));

        var answer = (await gallery.Studio.Api.GetAsync($"/v1/photos/{photo.Id()}")).ShouldBe(200);
        answer.Text.Should().NotMatchRegex("[\u0000-\u0009\u000B-\u001F\u007F\u200B-\u200F\u202A-\u202E\u2066-\u2069]");
        foreach (var escaped in new[] { "\\u0000", "\\u0007", "\\u001b", "\\u202e", "\\u2066", "\\u200b", "\\r" })
        {
            answer.Text.ToLowerInvariant().Should().NotContain(escaped);
        }

        // Text is stored as it is; no browser treats the response as a page.
        answer.Headers["Content-Type"].Should().StartWith("application/json");
        answer.Headers["X-Content-Type-Options"].Should().Be("nosniff");
        photo["exif"]!["camera"]!.GetValue<string>().Should().Contain("<script>");
        var original = await gallery.Studio.Api.GetAsync($"/v1/photos/{photo.Id()}/original");
        original.Headers.Keys.Select(name => name.ToLowerInvariant()).Should().NotContain(["set-cookie", "x-evil"]);
        string.Join('\n', original.Headers.Values).Should().NotContain("\u202E").And.NotContain("\r");
    }
}
