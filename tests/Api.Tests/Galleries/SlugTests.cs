using FluentAssertions;
using Proofsheet.Api.Http;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Galleries;

public sealed class SlugTests(ApiHost api)
{
    private const string Slug = "elin-and-jonas";

    private static Task<ApiAnswer> FrontAsync(GalleryClient gallery, string slug) => gallery.Storefront.GetAsync($"/v1/storefront/galleries/{slug}");

    private static async Task<GalleryClient> RenamedAsync(GalleryClient gallery, string slug)
    {
        (await gallery.Studio.Api.PatchAsync(gallery.Path, new { slug })).ShouldBe(200)["slug"].Should().Be(slug);
        return gallery with { Slug = slug };
    }

    private static Task<ApiAnswer> CreateAsync(StudioClient studio, string slug) => studio.Api.PostAsync("/v1/galleries", new { title = "x", slug, isListed = true });

    [Theory]
    [InlineData("Elin-And-Jonas", "elin-and-jonas")]
    [InlineData("ELIN-2026", "elin-2026")]
    [InlineData("\u212Aate", "\u212Aate")] // The Kelvin sign.
    [InlineData("\u0130da", "\u0130da")]
    public void Only_ASCII_capitals_are_folded(string typed, string folded) => Slugs.Fold(typed).Should().Be(folded);

    [Fact]
    public async Task An_address_in_capitals_opens_and_the_answer_has_the_right_one()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync("111222", more: new { slug = Slug });

        (await FrontAsync(gallery, "Elin-And-JONAS")).ShouldBe(200)["slug"].Should().Be(Slug);
        (await (gallery with { Slug = "Elin-And-Jonas" }).UnlockAsync()).ShouldBe(200);
        (await CreateAsync(studio, "Elin-And-Jonas")).ShouldBeProblem(400, "validation_failed");
        (await api.Client(null).GetAsync($"/v1/brands/{studio.Slug.ToUpperInvariant()}")).ShouldBe(200)["slug"].Should().Be(studio.Slug);
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task A_renamed_gallerys_former_addresses_lead_to_it()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync("111222", more: new { slug = Slug });
        var now = await RenamedAsync(await RenamedAsync(gallery, "elin-jonas-2026"), "the-wedding");

        foreach (var slug in (string[])[Slug, "Elin-And-Jonas", "elin-jonas-2026", "the-wedding"])
        {
            (await FrontAsync(gallery, slug)).ShouldBe(200)["slug"].Should().Be("the-wedding");
            (await (now with { Slug = slug }).UnlockAsync()).ShouldBe(200);
            (await (now with { Slug = slug }).UnlockAsync(new { pin = "000000" })).ShouldBeProblem(403, "wrong_pin");
        }
    }

    [Fact]
    public async Task A_former_address_rests_for_a_year_and_only_its_gallery_may_take_it_back()
    {
        await using var host = await ApiHost.StartAsync();
        var (studio, neighbour) = (await host.StudioAsync(), await host.StudioAsync());
        var gallery = await RenamedAsync(await studio.GalleryAsync(more: new { slug = Slug }), "the-wedding");
        var other = await studio.GalleryAsync(title: "Other");

        (await CreateAsync(studio, Slug)).ShouldBeProblem(409, "slug_taken");
        (await studio.Api.PatchAsync(other.Path, new { slug = Slug })).ShouldBeProblem(409, "slug_taken");
        (await studio.Api.PostAsync("/v1/galleries", new { title = "Elin and Jonas", isListed = true })).ShouldBe(201)["slug"].Should().MatchRegex($"^{Slug}-[0-9a-z]{{4}}$");
        (await CreateAsync(neighbour, Slug)).ShouldBe(201);
        // Back, and away again.
        gallery = await RenamedAsync(await RenamedAsync(gallery, Slug), "the-wedding");

        host.Clock.Advance(TimeSpan.FromDays(364));
        (await CreateAsync(studio, Slug)).ShouldBeProblem(409, "slug_taken");
        host.Clock.Advance(TimeSpan.FromDays(2));
        (await FrontAsync(gallery, Slug)).ShouldBe(200)["slug"].Should().Be("the-wedding", "nobody has taken it yet");
        var next = (await CreateAsync(studio, Slug)).ShouldBe(201);
        (await FrontAsync(gallery, Slug)).ShouldBeProblem(404, "not_found");
        (await studio.Api.PostAsync($"/v1/galleries/{next["id"]}/publish")).ShouldBe(200);
        (await FrontAsync(gallery, Slug)).ShouldBe(200)["id"].Should().Be(next["id"]);
        (await studio.Api.PatchAsync(gallery.Path, new { slug = Slug })).ShouldBeProblem(409, "slug_taken");
    }

    [Fact]
    [Trait("Database", "Provider")]
    public async Task Of_many_galleries_that_want_a_slug_at_once_one_gets_it_also_while_it_is_left()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync(more: new { slug = Slug });
        var others = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => studio.GalleryAsync(title: $"Other {i}")));

        var answers = await Task.WhenAll(
        [
            studio.Api.PatchAsync(gallery.Path, new { slug = "the-wedding" }),
            .. others.Select(o => studio.Api.PatchAsync(o.Path, new { slug = Slug })),
            .. Enumerable.Range(0, 4).Select(_ => CreateAsync(studio, Slug)),
        ]);

        answers[0].ShouldBe(200);
        answers.Skip(1).Should().OnlyContain(a => a.Status == 409, "the slug was taken, and then rests");
        (await FrontAsync(gallery, Slug)).ShouldBe(200)["id"].Should().Be(gallery.Id);
    }

    [Fact]
    public async Task A_draft_that_nobody_has_seen_leaves_no_address_behind()
    {
        var studio = await api.StudioAsync();
        var draft = (await CreateAsync(studio, Slug)).ShouldBe(201);
        (await studio.Api.PatchAsync($"/v1/galleries/{draft["id"]}", new { slug = "the-wedding" })).ShouldBe(200);

        (await CreateAsync(studio, Slug)).ShouldBe(201);
    }

    [Theory]
    [InlineData("unpublish")]
    [InlineData("archive")]
    public async Task A_former_address_tells_of_a_closed_gallery_no_more_than_the_present_one(string action)
    {
        var studio = await api.StudioAsync();
        var gallery = await RenamedAsync(await studio.GalleryAsync("111222", more: new { slug = Slug }), "the-wedding");
        (await studio.Api.PostAsync($"{gallery.Path}/{action}")).ShouldBe(200);

        foreach (var slug in (string[])[Slug, "the-wedding", "no-such-gallery"])
        {
            (await FrontAsync(gallery, slug)).ShouldBeProblem(404, "not_found");
            (await (gallery with { Slug = slug }).UnlockAsync()).ShouldBeProblem(404, "not_found");
        }
    }

    [Fact]
    public async Task A_former_address_opens_nothing_of_another_studio_and_no_token_of_another_gallery()
    {
        var (studio, neighbour) = (await api.StudioAsync(), await api.StudioAsync());
        var gallery = await RenamedAsync(await studio.GalleryAsync("111222", more: new { slug = Slug }), "the-wedding");
        var (other, foreign) = (await studio.GalleryAsync(title: "Other"), await neighbour.GalleryAsync());

        (await FrontAsync(foreign, Slug)).ShouldBeProblem(404, "not_found");
        (await (await other.VisitorAsync()).Api.GetAsync($"/v1/storefront/galleries/{Slug}")).ShouldBeProblem(404, "not_found");
        (await (await gallery.VisitorAsync()).Api.GetAsync($"/v1/storefront/galleries/{Slug}")).ShouldBe(200);
    }

    [Fact]
    public async Task The_front_tells_how_many_digits_the_PIN_has()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync("12345678");
        (await FrontAsync(gallery, gallery.Slug)).ShouldBe(200).Body!["pinLength"]!.GetValue<int>().Should().Be(8);

        (await studio.Api.PutAsync($"{gallery.Path}/access", new { requires = "pin", pin = "123456789012" })).ShouldBe(200);
        (await FrontAsync(gallery, gallery.Slug)).ShouldBe(200).Body!["pinLength"]!.GetValue<int>().Should().Be(12);

        (await studio.Api.PutAsync($"{gallery.Path}/access", new { requires = "password", password = "correct horse" })).ShouldBe(200);
        (await FrontAsync(gallery, gallery.Slug)).ShouldBe(200).Body!["pinLength"].Should().BeNull();
    }
}
