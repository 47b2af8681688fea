using System.Globalization;
using FluentAssertions;
using Microsoft.Playwright;
using Proofsheet.Storefront.Tests.Browsing;
using Proofsheet.Storefront.Tests.Stage;
using static Proofsheet.Storefront.Tests.Browsing.Visit;

namespace Proofsheet.Storefront.Tests.Journey;

/// <summary>From the first heart to the submitted selection.</summary>
internal static class Picking
{
    private const string Note = "The second one in black and white, please.";

    public static async Task PickUntilTheListIsFullAsync(this Visit visit)
    {
        if (visit.IsTelephone)
        {
            // Touch screens cannot hover, so there the hearts are always visible.
            await See(Heart(visit, 1)).ToHaveCSSAsync("opacity", "1");
        }

        for (var i = 0; i < Studio.PickLimit; i++)
        {
            await Heart(visit, i).ClickAsync();
            await See(Heart(visit, i)).ToHaveAttributeAsync("aria-pressed", "true");
            await See(visit.Page.Locator(".pick-bar")).ToContainTextAsync(string.Create(CultureInfo.InvariantCulture, $"{i + 1} of {Studio.PickLimit} picked"));
        }

        await Heart(visit, Studio.PickLimit).ClickAsync();
        await visit.SeeToastAsync("You have picked all 3");
        await See(Heart(visit, Studio.PickLimit)).ToHaveAttributeAsync("aria-pressed", "false");
        await visit.CheckAsync("gallery-picked");
        await visit.DismissToastsAsync();
    }

    public static async Task ReviewAndSubmitAsync(this Visit visit)
    {
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Review" }).ClickAsync();
        var rows = visit.Page.Locator(".pick-row");
        await See(rows).ToHaveCountAsync(Studio.PickLimit);
        await rows.Nth(1).GetByRole(AriaRole.Button, new() { Name = "Add a note to" }).ClickAsync();
        await rows.Nth(1).GetByRole(AriaRole.Textbox).FillAsync("For the album's cover");
        await rows.Nth(1).GetByRole(AriaRole.Textbox).BlurAsync();
        await visit.SeeEveryPictureAsync();
        var distortions = await rows.Locator("img").EvaluateAllAsync<double[]>(
            "images => images.map(i => Math.abs(i.clientWidth / i.clientHeight * i.naturalHeight / i.naturalWidth - 1))");
        distortions.Should().HaveCount(Studio.PickLimit).And.OnlyContain(off => off < 0.02, "a photograph that is chosen is seen whole");
        await visit.CheckAsync("picks");
        await visit.PrintAsync("picks");
        await See(visit.Button("Submit 3 picks")).ToBeHiddenAsync();
        await See(rows.Nth(1).GetByRole(AriaRole.Textbox)).ToBeVisibleAsync();
        await See(visit.Page.Locator("html")).ToHaveCSSAsync("background-color", "rgb(255, 255, 255)");
        await visit.BackToScreenAsync();

        await visit.Button("Submit 3 picks").ClickAsync();
        var sheet = visit.Page.GetByRole(AriaRole.Dialog, new() { Name = "Submit 3 picks?" });
        await sheet.GetByLabel("A note to the photographer").FillAsync(Note);
        await visit.CheckAsync("submit");
        await sheet.GetByRole(AriaRole.Button, new() { Name = "Submit", Exact = true }).ClickAsync();
        await See(visit.Page.GetByText("has your picks. Ask them to open the list again")).ToBeVisibleAsync();
        await See(visit.Page.GetByRole(AriaRole.Button, new() { Name = "from your picks" })).ToHaveCountAsync(0);
        await visit.CheckAsync("submitted");
    }

    /// <summary>Neither the page nor the API allows changes to a submitted selection; the studio has it with its notes.</summary>
    public static async Task FindThePicksFrozenAsync(this Visit visit, Studio studio)
    {
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = studio.Proofs.Title }).ClickAsync();
        await Heart(visit, Studio.PickLimit).ClickAsync();
        await visit.SeeToastAsync("This list has been submitted");
        await visit.DismissToastsAsync();
        await See(Heart(visit, Studio.PickLimit)).ToHaveAttributeAsync("aria-pressed", "false");

        using var visitor = await visit.VisitorAsync(studio.Proofs);
        var id = (await visitor.ListAsync($"/v1/galleries/{studio.Proofs.Id}/selections")).Single()["id"]!.GetValue<string>();
        var selection = await studio.Api.GetAsync($"/v1/selections/{id}");
        selection["status"]!.GetValue<string>().Should().Be("submitted");
        selection["note"]!.GetValue<string>().Should().Be(Note);
        var picks = selection["picks"]!.AsArray();
        picks.Should().HaveCount(Studio.PickLimit);
        picks.Select(p => p!["note"]?.GetValue<string>()).Should().ContainSingle(n => n == "For the album's cover");

        var photos = await visitor.ListAsync($"/v1/galleries/{studio.Proofs.Id}/photos");
        var other = photos.Select(p => p["id"]!.GetValue<string>()).First(p => picks.All(pick => pick!["photoId"]!.GetValue<string>() != p));
        (await visitor.TryAsync(HttpMethod.Put, $"/v1/selections/{id}/picks/{other}", new { })).Status.Should().Be(409);
        (await visitor.TryAsync(HttpMethod.Delete, $"/v1/selections/{id}/picks/{picks[0]!["photoId"]}")).Status.Should().Be(409);
    }

    private static ILocator Heart(Visit visit, int tile) => visit.Page.Locator(".tile").Nth(tile).Locator(".pick-button");
}
