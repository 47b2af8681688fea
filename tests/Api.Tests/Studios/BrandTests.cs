using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Studios;

public sealed class BrandTests(ApiHost api)
{
    [Fact]
    public async Task Anybody_sees_a_studios_brand_and_may_keep_it()
    {
        var studio = await api.StudioAsync("anna");
        (await studio.Api.PatchAsync("/v1/studio/branding", new { name = "Anna Photo", accentColor = "#336699", welcomeText = "Hello" })).ShouldBe(200);

        var brand = (await api.Client(null).GetAsync($"/v1/brands/{studio.Slug}")).ShouldBe(200);

        brand["name"].Should().Be("Anna Photo");
        brand["accentColor"].Should().Be("#336699");
        brand.Body!.AsObject().Select(p => p.Key).Should().BeEquivalentTo("slug", "name", "logoUrl", "primaryColor", "accentColor", "backgroundColor", "textColor");
        brand.Headers["Cache-Control"].Should().Be("public, max-age=300");
        var same = await api.Client(null).SendAsync(HttpMethod.Get, $"/v1/brands/{studio.Slug}", null, r => r.Headers.TryAddWithoutValidation("If-None-Match", brand.ETag));
        same.ShouldBe(304).Bytes.Should().BeEmpty();
        same.ETag.Should().Be(brand.ETag);

        (await studio.Api.PatchAsync("/v1/studio/branding", new { accentColor = "#aa0000" })).ShouldBe(200);
        var changed = await api.Client(null).SendAsync(HttpMethod.Get, $"/v1/brands/{studio.Slug}", null, r => r.Headers.TryAddWithoutValidation("If-None-Match", brand.ETag));
        changed.ShouldBe(200)["accentColor"].Should().Be("#aa0000");
    }

    [Fact]
    public async Task A_studio_that_changed_nothing_has_a_brand_too_and_an_unknown_one_has_none()
    {
        var studio = await api.StudioAsync("anna");

        (await api.Client(null).GetAsync($"/v1/brands/{studio.Slug}")).ShouldBe(200)["name"].Should().Be("anna");
        (await api.Client(null).GetAsync("/v1/brands/no-such-studio")).ShouldBeProblem(404, "not_found");
    }

    [Fact]
    public async Task A_credential_of_another_studio_does_not_matter()
    {
        var anna = await api.StudioAsync("anna");
        var ben = await api.StudioAsync("ben");

        (await ben.Api.GetAsync($"/v1/brands/{anna.Slug}")).ShouldBe(200)["slug"].Should().Be(anna.Slug);
    }
}
