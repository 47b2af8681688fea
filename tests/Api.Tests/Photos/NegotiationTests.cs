using FluentAssertions;
using Proofsheet.Api.Media.Serving;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>Formats by Accept, ranges and spellings: what HTTP allows a client to ask for, and how the API responds.</summary>
public sealed class NegotiationTests(ApiHost api)
{
    [Theory]
    [InlineData("", "Jpeg")]
    [InlineData("*/*", "Jpeg")]
    [InlineData("image/*", "Jpeg")]
    [InlineData("text/html", "Jpeg")]
    [InlineData("nonsense", "Jpeg")]
    [InlineData("image/jpeg", "Jpeg")]
    [InlineData("image/webp", "WebP")]
    [InlineData("image/avif", "Avif")]
    [InlineData("image/avif,image/webp,image/apng,image/*,*/*;q=0.8", "Jpeg WebP Avif")]
    [InlineData("image/avif;q=0, image/webp, */*", "Jpeg WebP")]
    [InlineData("image/avif;q=0.5, image/webp", "WebP")]
    [InlineData("IMAGE/WebP", "WebP")]
    [InlineData("image/webp;q=0", "Jpeg")]
    [InlineData("image/webp;q=0, */*", "Jpeg")]
    [InlineData("image/webp;q=0.000, image/*;q=0.1", "Jpeg")]
    [InlineData("image/webp;q=0.4, image/jpeg;q=0.9", "Jpeg")]
    [InlineData("image/webp;q=0.9, image/jpeg;q=0.4", "WebP")]
    [InlineData("image/webp, image/jpeg", "Jpeg WebP")]
    [InlineData("image/webp, image/jpeg;q=0, */*", "WebP")]
    [InlineData("image/webp,image/apng,image/*,*/*;q=0.8", "Jpeg WebP")]
    [InlineData("text/html, image/webp;q=0.3, */*;q=0.1", "Jpeg WebP")]
    public void What_may_be_chosen_from_follows_from_Accept(string accept, string formats) =>
        string.Join(' ', AcceptedFormats.Of(accept.Length == 0 ? default : new(accept)).Order()).Should().Be(formats);

    [Fact]
    [Trait("Database", "Provider")]
    public async Task Several_parts_at_once_are_answered_with_the_whole_and_none_of_it_with_a_refusal_that_no_cache_keeps()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        await gallery.ReadyAsync();
        var url = await DeliveryTests.SeenAsync(gallery);
        var whole = (await api.FetchAsync(url)).ShouldBe(200);
        Task<ApiAnswer> Ask(string header, string value, HttpMethod? method = null) => api.FetchAsync(url, change: r => r.Headers.TryAddWithoutValidation(header, value), method: method);

        (await Ask("Range", "bytes=0-9,20-29")).ShouldBe(200).Bytes.Should().Equal(whole.Bytes);
        (await Ask("Range", "apples=0-9")).ShouldBe(200).Bytes.Should().Equal(whole.Bytes);
        var behind = (await Ask("Range", $"bytes={whole.Bytes.Length}-")).ShouldBe(416);
        behind.Headers["Content-Range"].Should().Be($"bytes */{whole.Bytes.Length}");
        behind.Headers["Cache-Control"].Should().Be("no-store", "a shared cache would answer everybody with it");
        var part = (await Ask("Range", "bytes=5-14")).ShouldBe(206);
        (part.ETag, part.Headers["Vary"], part.Headers["Content-Length"]).Should().Be((whole.ETag, "Accept", "10"));
        part.Headers["Cache-Control"].Should().Contain("public");
        whole.Headers["Accept-Ranges"].Should().Be("bytes");
        (await Ask("If-None-Match", $"\"other\", W/{whole.ETag}")).ShouldBe(304).Headers["Cache-Control"].Should().Contain("public");
        (await Ask("If-None-Match", "*")).ShouldBe(304);
        (await Ask("If-Match", "\"other\"")).ShouldBe(412).Headers["Cache-Control"].Should().Be("no-store");
        (await Ask("If-None-Match", whole.ETag!, HttpMethod.Head)).ShouldBe(304);
    }

    [Fact]
    public async Task An_address_has_one_spelling()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var url = new Uri((await gallery.ReadyAsync()).Url());
        var (path, query) = (url.AbsolutePath, url.Query);
        (await RawRequest.StatusAsync(api, "GET", path + query)).Should().Be(200);
        (await RawRequest.StatusAsync(api, "HEAD", path + query)).Should().Be(200);

        foreach (var target in (string[])
        [
            path + query + "&x=1", path + query + "&", path + query + "#", path + query.Replace("?", "?&", StringComparison.Ordinal), path + "?" + string.Join('&', query[1..].Split('&').Reverse()),
            path + query.Replace("e=", "E=", StringComparison.Ordinal), path + query.Replace("&s=", "&s==", StringComparison.Ordinal), path + query.Replace("&", "&amp;", StringComparison.Ordinal),
            path.Replace("/v1/", "/V1/", StringComparison.Ordinal) + query, "/" + path + query, path + "/" + query, path.Replace("/media/", "/media//", StringComparison.Ordinal) + query,
        ])
        {
            (await RawRequest.StatusAsync(api, "GET", target)).Should().BeOneOf([400, 403, 404], target);
        }

        (await RawRequest.StatusAsync(api, "POST", path + query, "Content-Length: 0\r\n")).Should().Be(405);
        (await RawRequest.StatusAsync(api, "DELETE", path + query)).Should().Be(405);
        (await api.FetchAsync(path + query + "&x=1")).ShouldBeProblem(403, "invalid_signature").Headers["Cache-Control"].Should().Be("no-store");
    }

    [Fact]
    public async Task Sizes_between_are_made_when_asked_for_and_no_others()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var photo = await gallery.ReadyAsync(bytes: PhotoClients.NewJpeg(2400, 1800));
        foreach (var source in photo["srcset"]!.AsArray())
        {
            var (url, width) = (source!["url"]!.GetValue<string>(), source["width"]!.GetValue<int>());
            DeliveryTests.SizeOf((await api.FetchAsync(url)).ShouldBe(200).Bytes).Width.Should().Be(width);
            (await api.FetchAsync(url.Replace($"/{width}?", "/641?", StringComparison.Ordinal))).ShouldBeProblem(403, "invalid_signature");
        }
    }
}
