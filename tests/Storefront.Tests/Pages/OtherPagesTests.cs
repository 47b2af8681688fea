using Microsoft.Playwright;
using Proofsheet.Storefront.Tests.Journey;
using Proofsheet.Storefront.Tests.Stage;
using Xunit;
using static Proofsheet.Storefront.Tests.Browsing.Visit;

namespace Proofsheet.Storefront.Tests.Pages;

/// <summary>Error pages, and pages off the main path.</summary>
public sealed class OtherPagesTests(StorefrontStage stage)
{
    [Theory]
    [InlineData(Desktop)]
    [InlineData(Telephone)]
    public async Task An_expired_gallery_says_so_and_whom_to_write_to(int width)
    {
        await using var visit = await StartAsync(stage, width, firstNumber: 60);
        visit.Expect(410);

        await visit.Page.GotoAsync($"/g/{stage.Studio.Expired.Slug}");

        await See(visit.Heading("This gallery has closed")).ToBeVisibleAsync();
        await See(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Write to the studio" })).ToHaveAttributeAsync("href", "mailto:anna@example.com");
        await visit.CheckAsync("expired");
    }

    [Theory]
    [InlineData(Desktop)]
    [InlineData(Telephone)]
    public async Task An_empty_gallery_asks_to_come_back(int width)
    {
        await using var visit = await StartAsync(stage, width, firstNumber: 61);

        await visit.Page.GotoAsync($"/g/{stage.Studio.Empty.Slug}");

        await See(visit.Heading("No photographs yet")).ToBeVisibleAsync();
        await visit.CheckAsync("empty");
    }

    [Theory]
    [InlineData(Desktop)]
    [InlineData(Telephone)]
    public async Task An_unknown_gallery_is_not_there(int width)
    {
        await using var visit = await StartAsync(stage, width, firstNumber: 62);
        visit.Expect(404);

        await visit.Page.GotoAsync("/g/no-such-gallery");

        await See(visit.Heading("There is nothing here")).ToBeVisibleAsync();
        await See(visit.Page.GetByRole(AriaRole.Banner).GetByRole(AriaRole.Link, new() { Name = Studio.Name })).ToBeVisibleAsync();
        await See(visit.Page.GetByRole(AriaRole.Contentinfo)).ToContainTextAsync("anna@example.com");
        await See(visit.Page.Locator("html")).ToHaveCSSAsync("background-color", "rgb(251, 249, 245)");
        await visit.CheckAsync("unknown");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "To the studio’s page" }).ClickAsync();
        await See(visit.Heading(Studio.Name)).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(Desktop)]
    [InlineData(Telephone)]
    public async Task While_the_API_is_down_the_page_says_so_and_another_try_opens_it(int width)
    {
        await using var visit = await StartAsync(stage, width, firstNumber: 63);
        await using (await visit.WithoutApiAsync())
        {
            await visit.Page.GotoAsync($"/g/{stage.Studio.Proofs.Slug}");
            await See(visit.Page.GetByText("We could not reach the gallery")).ToBeVisibleAsync();
            await visit.CheckAsync("offline");
        }

        await visit.Button("Try again").ClickAsync();
        await See(visit.Heading(stage.Studio.Proofs.Title)).ToBeVisibleAsync();
        await See(visit.Label("Enter your six-digit PIN")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(Desktop)]
    [InlineData(Telephone)]
    public async Task A_public_gallery_opens_without_a_question(int width)
    {
        await using var visit = await StartAsync(stage, width, firstNumber: 65);
        await visit.Page.GotoAsync("/");

        await visit.Page.GetByRole(AriaRole.Link, new() { Name = stage.Studio.Public.Title }).ClickAsync();

        await visit.SeePhotographsAsync(stage.Studio.Public);
        await visit.CheckAsync("public-gallery");
    }

    [Fact]
    public async Task Changing_the_PIN_locks_out_those_who_are_in()
    {
        await using var visit = await StartAsync(stage, Desktop, firstNumber: 66);
        visit.Expect(401);
        visit.Expect(403);
        var gallery = await stage.Studio.OwnGalleryAsync("Behind a changed lock", "314159");
        await visit.Page.GotoAsync($"/g/{gallery.Slug}");
        await visit.Label("Enter your six-digit PIN").FillAsync("314159");
        await See(visit.Heading("No photographs yet")).ToBeVisibleAsync();

        await stage.Studio.Api.PutAsync($"/v1/galleries/{gallery.Id}/access", new { requires = "pin", pin = "271828" });
        await visit.Page.ReloadAsync();

        await See(visit.Label("Enter your six-digit PIN")).ToBeVisibleAsync();
        await visit.Label("Enter your six-digit PIN").FillAsync("271828");
        await See(visit.Heading("No photographs yet")).ToBeVisibleAsync();
        await visit.CheckAsync("opened-again");
    }
}
