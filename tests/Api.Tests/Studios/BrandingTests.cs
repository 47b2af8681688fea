using System.Net.Http.Headers;
using FluentAssertions;
using Proofsheet.Api.Tests.Imaging;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Studios;

public sealed class BrandingTests(ApiHost api)
{
    private static ByteArrayContent Body(byte[] bytes, string type) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };

    private static Task<ApiAnswer> PutLogoAsync(StudioClient studio, byte[] bytes, string type = "image/png") => studio.Api.PutAsync("/v1/studio/branding/logo", Body(bytes, type));

    [Fact]
    public async Task A_studio_looks_decent_before_it_says_anything_and_as_it_says_afterwards()
    {
        var studio = await api.StudioAsync();
        var before = (await studio.Api.GetAsync("/v1/studio/branding")).ShouldBe(200);
        before["name"].Should().Be("anna");
        before.ETag.Should().Be("\"v0\"");

        var changed = (await studio.Api.PatchAsync("/v1/studio/branding", new { name = "Anna Fotografie", tagline = "Since 2009", primaryColor = "#004d40", headingFont = "Didot" }, before.ETag)).ShouldBe(200);

        changed["primaryColor"].Should().Be("#004d40");
        changed["accentColor"].Should().Be(before["accentColor"]);
        var storefront = api.Client(await studio.PublishableKeyAsync());
        (await storefront.GetAsync("/v1/studio/branding")).ShouldBe(200).Text.Should().Be(changed.Text);
        (await studio.Api.PatchAsync("/v1/studio/branding", new { tagline = "x" }, before.ETag)).ShouldBeProblem(412, "version_mismatch");
        (await storefront.PatchAsync("/v1/studio/branding", new { tagline = "x" })).ShouldBeProblem(403, "missing_scope");
    }

    [Theory]
    [InlineData("""{"textColor":"#777777"}""", 422, "low_contrast")]
    [InlineData("""{"backgroundColor":"#1c1917"}""", 422, "low_contrast")]
    [InlineData("""{"textColor":"black"}""", 400, "validation_failed")]
    [InlineData("""{"textColor":"#12345"}""", 400, "validation_failed")]
    [InlineData("""{"primaryColor":"#00000g"}""", 400, "validation_failed")]
    [InlineData("""{"headingFont":"Comic Sans; background: url(//evil.example)"}""", 422, "unknown_font")]
    [InlineData("""{"websiteUrl":"javascript:alert(1)"}""", 422, "invalid_url")]
    [InlineData("""{"contactEmail":"nobody"}""", 400, "validation_failed")]
    [InlineData("""{"contactEmail":"anna@localhost"}""", 400, "validation_failed")]
    [InlineData("""{"contactEmail":"änna@example.com"}""", 400, "validation_failed")]
    [InlineData("""{"name":""}""", 400, "validation_failed")]
    [InlineData("""{"logoUrl":"https://evil.example/x.png"}""", 400, "unknown_field")]
    public async Task A_bad_branding_is_named_and_changes_nothing(string body, int status, string code)
    {
        var studio = await api.StudioAsync();

        (await studio.Api.SendAsync(HttpMethod.Patch, "/v1/studio/branding", body)).ShouldBeProblem(status, code);

        (await studio.Api.GetAsync("/v1/studio/branding")).ETag.Should().Be("\"v0\"");
    }

    [Theory]
    [InlineData("#ffffff", "#000000", 21)]
    [InlineData("#777777", "#ffffff", 4.48)]
    [InlineData("#767676", "#ffffff", 4.54)]
    [InlineData("#ff0000", "#ffffff", 4.0)]
    public void Contrast_is_reckoned_as_WCAG_does(string one, string other, double expected)
    {
        Api.Studios.Brands.Contrast.Between(one, other).Should().BeApproximately(expected, 0.005);
        Api.Studios.Brands.Contrast.Between(other, one).Should().BeApproximately(expected, 0.005);
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("image/jpeg")]
    [InlineData("image/webp")]
    public async Task A_logo_is_encoded_again_and_served_to_anyone_for_good(string type)
    {
        var studio = await api.StudioAsync();
        var sent = type switch { "image/png" => TestPictures.PngWithAlpha(300, 120, 1), "image/jpeg" => TestPictures.Jpeg(300, 120, 1), _ => TestPictures.WebP(300, 120, 1) };

        var branding = (await PutLogoAsync(studio, sent, type)).ShouldBe(200);

        branding.Body!["logoWidth"]!.GetValue<int>().Should().Be(300);
        var anybody = api.Client(null);
        var logo = (await anybody.GetAsync(branding["logoUrl"])).ShouldBe(200);
        logo.Headers["Content-Type"].Should().Be("image/png");
        logo.Headers["Cache-Control"].Should().Contain("public").And.Contain("immutable").And.Contain("max-age=31536000");
        logo.Headers["Cross-Origin-Resource-Policy"].Should().Be("cross-origin");
        logo.Bytes.AsSpan(1, 3).ToArray().Should().Equal("PNG"u8.ToArray());
        branding["logoUrl"].Should().Contain(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(logo.Bytes)));
        var head = (await anybody.SendAsync(HttpMethod.Head, branding["logoUrl"])).ShouldBe(200);
        head.Bytes.Should().BeEmpty();
        head.Headers["Content-Length"].Should().Be(logo.Headers["Content-Length"]);
        (await anybody.SendAsync(HttpMethod.Get, branding["logoUrl"], null, r => r.Headers.TryAddWithoutValidation("If-None-Match", logo.ETag))).Status.Should().Be(304);
    }

    [Fact]
    public async Task A_replaced_logo_is_removed_and_a_logo_in_use_stays()
    {
        var studio = await api.StudioAsync();
        var anybody = api.Client(null);
        var first = (await PutLogoAsync(studio, TestPictures.PngWithAlpha(200, 80, 1))).ShouldBe(200)["logoUrl"];
        var second = (await PutLogoAsync(studio, TestPictures.PngWithAlpha(200, 80, 2))).ShouldBe(200)["logoUrl"];

        second.Should().NotBe(first);
        await ApiHost.EventuallyAsync(async () => (await anybody.GetAsync(first)).Status == 404, "the old logo is gone");
        (await anybody.GetAsync(second)).ShouldBe(200);

        var mark = (await studio.Api.PostAsync("/v1/watermarks", new { name = "Logo", type = "logo" })).ShouldBe(201);
        (await studio.Api.DeleteAsync("/v1/studio/branding/logo")).ShouldBeProblem(409, "logo_in_use");
        (await studio.Api.DeleteAsync($"/v1/watermarks/{mark["id"]}")).ShouldBe(204);
        (await studio.Api.DeleteAsync("/v1/studio/branding/logo")).ShouldBe(204);
        (await studio.Api.GetAsync("/v1/studio/branding")).Body!["logoUrl"].Should().BeNull();
        await ApiHost.EventuallyAsync(async () => (await anybody.GetAsync(second)).Status == 404, "the logo is gone");
    }

    [Fact]
    public async Task What_is_no_logo_is_refused_and_the_old_one_stays()
    {
        var studio = await api.StudioAsync();
        var good = (await PutLogoAsync(studio, TestPictures.PngWithAlpha(200, 80, 1))).ShouldBe(200)["logoUrl"];

        (await PutLogoAsync(studio, "<svg onload='alert(1)'/>"u8.ToArray())).ShouldBeProblem(422, "unsupported_format");
        (await PutLogoAsync(studio, [])).ShouldBeProblem(422, "unsupported_format");
        (await PutLogoAsync(studio, TestPictures.PngWithAlpha(300, 300, 1)[..^4000])).Status.Should().Be(422);
        (await PutLogoAsync(studio, TestPictures.PngWithAlpha(20, 20, 1), "image/svg+xml")).ShouldBeProblem(415, "unsupported_media_type");
        // The response is sent before the body is read: a client that sends it anyway may find the connection closed.
        (await studio.Api.SendAsync(HttpMethod.Put, "/v1/studio/branding/logo", Body(new byte[3 << 20], "image/png"), request => request.Headers.ExpectContinue = true)).ShouldBeProblem(413, "body_too_large");

        (await studio.Api.GetAsync("/v1/studio/branding"))["logoUrl"].Should().Be(good);
        (await api.Client(null).GetAsync(good)).ShouldBe(200);
    }

    [Theory]
    [InlineData("stu_00000000000000000000000000/0000000000000000000000000000000000000000000000000000000000000000.png")]
    [InlineData("nonsense/x.png")]
    [InlineData("stu_00000000000000000000000000/..%2F..%2Fmaster.keys")]
    public async Task An_invented_logo_address_leads_nowhere(string path)
    {
        (await api.Client(null).GetAsync($"/v1/media/logos/{path}")).ShouldBeProblem(404, "not_found");
    }
}
