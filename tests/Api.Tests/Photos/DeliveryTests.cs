using FluentAssertions;
using NetVips;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Studios.Watermarks;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Imaging;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>Pictures over HTTP: formats, caching, ranges, watermarks.</summary>
public sealed class DeliveryTests(ApiHost api)
{
    private const string Browser = "image/avif,image/webp,image/apng,image/*,*/*;q=0.8";

    [Fact]
    public async Task Each_size_comes_in_the_smallest_format_that_is_accepted_and_else_as_JPEG()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var photo = await gallery.ReadyAsync(bytes: PhotoClients.NewJpeg(2400, 1800));

        foreach (var (size, pixels) in new[] { ("thumbnail", 300), ("preview", 1200), ("large", 2048) })
        {
            var webp = (await api.FetchAsync(photo.Url(size), "image/webp")).ShouldBe(200);
            var jpeg = (await api.FetchAsync(photo.Url(size), "image/jpeg")).ShouldBe(200);
            var avif = (await api.FetchAsync(photo.Url(size), "image/avif")).ShouldBe(200);
            // If the library cannot write AVIF, there is none.
            ImageSniffer.Sniff(avif.Bytes).Format.Should().Be(VipsRuntime.CanEncodeAvif ? ImageFormat.Avif : ImageFormat.Jpeg);
            (await api.FetchAsync(photo.Url(size), Browser)).ShouldBe(200).Bytes.Length.Should().Be(new[] { webp, jpeg, avif }.Min(a => a.Bytes.Length));

            (webp.Headers["Content-Type"], jpeg.Headers["Content-Type"]).Should().Be(("image/webp", "image/jpeg"));
            (ImageSniffer.Sniff(webp.Bytes).Format, ImageSniffer.Sniff(jpeg.Bytes).Format).Should().Be((ImageFormat.WebP, ImageFormat.Jpeg));
            webp.ETag.Should().NotBe(jpeg.ETag).And.StartWith("\"");
            webp.Headers["Vary"].Should().Contain("Accept");
            webp.Headers["X-Content-Type-Options"].Should().Be("nosniff");
            webp.Headers.Should().NotContainKey("Set-Cookie");
            webp.Headers["Content-Disposition"].Should().StartWith("inline; filename=\"pho_");
            SizeOf(jpeg.Bytes).Should().Be((pixels, pixels * 3 / 4));
        }

        (await api.FetchAsync(photo.Url(), "image/webp;q=0, */*")).ShouldBe(200).Headers["Content-Type"].Should().Be("image/jpeg");
        photo["srcset"]!.AsArray().Select(s => s!["width"]!.GetValue<int>()).Should().Equal(300, 640, 1200, 1600, 2048);
    }

    [Fact]
    public async Task A_photo_turned_by_its_camera_stands_upright()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        var photo = await gallery.ReadyAsync(bytes: PhotoClients.NewJpeg(1600, 1200, orientation: 6));

        (photo["currentVersion"]!["width"]!.GetValue<int>(), photo["currentVersion"]!["height"]!.GetValue<int>()).Should().Be((1200, 1600));
        SizeOf((await api.FetchAsync(photo.Url())).ShouldBe(200).Bytes).Should().Be((900, 1200));
    }

    [Fact]
    public async Task A_small_photo_is_not_enlarged_and_named_once_in_its_srcset()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();

        var photo = await gallery.ReadyAsync(bytes: PhotoClients.NewJpeg(640, 480));

        SizeOf((await api.FetchAsync(photo.Url("large"))).ShouldBe(200).Bytes).Should().Be((640, 480));
        photo["srcset"]!.AsArray().Select(s => s!["width"]!.GetValue<int>()).Should().Equal(300, 640);
    }

    [Fact]
    public async Task Pictures_carry_nothing_of_what_the_camera_wrote()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var photo = await gallery.ReadyAsync();

        var text = System.Text.Encoding.Latin1.GetString((await api.FetchAsync(photo.Url())).ShouldBe(200).Bytes);

        text.Should().NotContain("Exif").And.NotContain("Anna Fischer");
    }

    [Fact]
    public async Task A_cache_that_has_it_is_told_so()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var url = (await gallery.ReadyAsync()).Url();
        var first = (await api.FetchAsync(url)).ShouldBe(200);

        var again = await api.FetchAsync(url, change: r => r.Headers.TryAddWithoutValidation("If-None-Match", first.ETag));
        var head = await api.FetchAsync(url, method: HttpMethod.Head);

        again.ShouldBe(304).Bytes.Should().BeEmpty();
        again.ETag.Should().Be(first.ETag);
        head.ShouldBe(200).Bytes.Should().BeEmpty();
        head.Headers["Content-Length"].Should().Be(first.Bytes.Length.ToString());
        (await api.FetchAsync(url)).ShouldBe(200).ETag.Should().Be(first.ETag);
        (await api.FetchAsync(url, "image/webp", r => r.Headers.TryAddWithoutValidation("If-None-Match", first.ETag))).ShouldBe(200);
    }

    [Fact]
    public async Task Parts_are_answered_as_parts()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var photo = await gallery.ReadyAsync();
        var whole = (await api.FetchAsync(photo.Url())).ShouldBe(200);
        Task<ApiAnswer> Part(string range, string? ifRange = null) => api.FetchAsync(photo.Url(), change: r =>
        {
            r.Headers.TryAddWithoutValidation("Range", range);
            r.Headers.TryAddWithoutValidation("If-Range", ifRange ?? whole.ETag);
        });

        var middle = (await Part("bytes=100-199")).ShouldBe(206);
        var tail = (await Part("bytes=-50")).ShouldBe(206);

        middle.Bytes.Should().Equal(whole.Bytes[100..200]);
        middle.Headers["Content-Range"].Should().Be($"bytes 100-199/{whole.Bytes.Length}");
        tail.Bytes.Should().Equal(whole.Bytes[^50..]);
        (await Part("bytes=100-199", "\"other\"")).ShouldBe(200).Bytes.Should().Equal(whole.Bytes);
        (await Part($"bytes={whole.Bytes.Length}-")).ShouldBe(416);
        var original = await gallery.Studio.Api.SendAsync(HttpMethod.Get, $"/v1/photos/{photo.Id()}/original", null, r => r.Headers.TryAddWithoutValidation("Range", "bytes=0-1"));
        original.ShouldBe(206).Bytes.Should().Equal(0xFF, 0xD8);
        (await gallery.Studio.Api.SendAsync(HttpMethod.Head, $"/v1/photos/{photo.Id()}/original")).ShouldBe(200).Headers["Content-Length"]
            .Should().Be(photo["currentVersion"]!["bytes"]!.GetValue<long>().ToString());
    }

    [Fact]
    public async Task Only_open_galleries_pictures_may_stay_in_shared_caches()
    {
        var studio = await api.StudioAsync();
        var open = await studio.GalleryAsync();
        await open.ReadyAsync();
        var closed = await studio.GalleryAsync("135790");
        await closed.ReadyAsync();

        var shared = (await api.FetchAsync(await SeenAsync(open))).ShouldBe(200).Headers["Cache-Control"];
        var own = (await api.FetchAsync(await SeenAsync(closed))).ShouldBe(200).Headers["Cache-Control"];

        shared.Should().MatchRegex("public").And.MatchRegex("max-age=[0-9]{5,6}\\b").And.Contain("immutable");
        own.Should().Contain("private").And.NotContain("public");
        (await SeenAsync(open)).Should().Be(await SeenAsync(open), "caches keep an address that stays");
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task Visitors_see_the_watermark_and_the_studio_does_not()
    {
        var studio = await api.StudioAsync();
        var watermark = await studio.WatermarkAsync("PROOF", WatermarkPlacement.Tiled);
        var gallery = await studio.GalleryAsync("135790", more: new { watermarkId = watermark });
        var photo = await gallery.ReadyAsync(bytes: PhotoClients.NewJpeg(1600, 1200));

        foreach (var size in new[] { "thumbnail", "preview", "large" })
        {
            var clean = (await api.FetchAsync(photo.Url(size))).ShouldBe(200);
            var url = await SeenAsync(gallery, size);
            // Twenty at once, all of which wait for the one that makes it.
            var marked = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => api.FetchAsync(url)));

            marked.Should().OnlyContain(m => m.Status == 200);
            marked.Select(m => m.ETag).Distinct().Should().ContainSingle();
            marked.Select(m => Convert.ToHexString(m.Bytes)).Distinct().Should().ContainSingle();
            SizeOf(marked[0].Bytes).Should().Be(SizeOf(clean.Bytes));
            Difference(marked[0].Bytes, clean.Bytes).Should().BeGreaterThan(1, "the {0} is marked", size);
            ImageSniffer.Sniff((await api.FetchAsync(url, "image/webp")).ShouldBe(200).Bytes).Format.Should().Be(ImageFormat.WebP);
        }
    }

    [Fact]
    public async Task A_changed_watermark_ends_the_addresses_that_showed_the_old_one()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync();
        await gallery.ReadyAsync();
        var bare = await SeenAsync(gallery);
        (await api.FetchAsync(bare)).ShouldBe(200);

        var watermark = await studio.WatermarkAsync("PROOF");
        (await studio.Api.PatchAsync(gallery.Path, new { watermarkId = watermark })).ShouldBe(200);
        var first = await SeenAsync(gallery);
        var firstPicture = (await api.FetchAsync(first)).ShouldBe(200);
        (await studio.RewriteWatermarkAsync(watermark, "SAMPLE")).Should().BeTrue();
        var secondPicture = (await api.FetchAsync(await SeenAsync(gallery))).ShouldBe(200);

        (await api.FetchAsync(bare)).ShouldBeProblem(410, "link_expired");
        (await api.FetchAsync(first)).ShouldBeProblem(410, "link_expired");
        secondPicture.Bytes.Should().NotEqual(firstPicture.Bytes);
    }

    [Fact]
    public async Task A_logo_watermark_shows_the_logo_and_follows_it()
    {
        var studio = await api.StudioAsync();
        async Task LogoAsync(int seed)
        {
            var body = new ByteArrayContent(TestPictures.PngWithAlpha(400, 400, seed));
            body.Headers.ContentType = new("image/png");
            (await studio.Api.SendAsync(HttpMethod.Put, "/v1/studio/branding/logo", body)).ShouldBe(200);
        }

        await LogoAsync(5001);
        var watermark = (await studio.Api.PostAsync("/v1/watermarks", new { name = "Logo", type = "logo", position = "center", opacity = 100, sizePercent = 50 })).ShouldBe(201);
        var gallery = await studio.GalleryAsync(more: new { watermarkId = watermark["id"] });
        var photo = await gallery.ReadyAsync(bytes: PhotoClients.NewJpeg(1600, 1200));
        var clean = (await api.FetchAsync(photo.Url())).ShouldBe(200);
        var first = await SeenAsync(gallery);
        var firstPicture = (await api.FetchAsync(first)).ShouldBe(200);
        await LogoAsync(5002);

        Difference(firstPicture.Bytes, clean.Bytes).Should().BeGreaterThan(1);
        (await api.FetchAsync(first)).ShouldBeProblem(410, "link_expired");
        var second = (await api.FetchAsync(await SeenAsync(gallery))).ShouldBe(200);
        Difference(second.Bytes, firstPicture.Bytes).Should().BeGreaterThan(0.5);
    }

    [Fact]
    public async Task The_document_shows_a_multipart_body_and_binary_answers()
    {
        var document = (await api.FetchAsync("/openapi/v1.json")).ShouldBe(200).Body!;

        var upload = document["paths"]!["/v1/galleries/{galleryId}/photos"]!["post"]!["requestBody"]!;
        upload["required"]!.GetValue<bool>().Should().BeTrue();
        var files = upload["content"]!["multipart/form-data"]!["schema"]!["properties"]!["files"]!;
        files["type"]!.GetValue<string>().Should().Be("array");
        files["items"]!["format"]!.GetValue<string>().Should().Be("binary");
        var picture = document["paths"]!["/v1/media/photos/{studio}/{photo}/{version}/{variant}/{size}"]!["get"]!;
        picture["responses"]!["200"]!["content"]!.AsObject().Select(c => c.Key).Should().Equal("image/jpeg", "image/webp", "image/avif");
        picture["parameters"]!.AsArray().Select(p => p!["name"]!.GetValue<string>()).Should().Contain(["e", "s"]);
    }

    /// <summary>The URL of the gallery's first photo, as a visitor gets it.</summary>
    internal static async Task<string> SeenAsync(GalleryClient gallery, string size = "preview")
    {
        var visitor = await gallery.VisitorAsync();
        return (await visitor.Api.GetAsync($"{gallery.Path}/photos")).ShouldBe(200).Body!["data"]![0]!.Url(size);
    }

    internal static (int Width, int Height) SizeOf(byte[] jpeg)
    {
        using var header = Image.JpegloadBuffer(jpeg);
        return (header.Width, header.Height);
    }

    /// <summary>The mean difference of the samples, 0 to 255.</summary>
    internal static double Difference(byte[] one, byte[] other)
    {
        using var a = Image.JpegloadBuffer(one);
        using var b = Image.JpegloadBuffer(other);
        using var difference = a.Subtract(b);
        using var absolute = difference.Abs();
        return absolute.Avg();
    }
}
