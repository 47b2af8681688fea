using FluentAssertions;
using Microsoft.Playwright;
using Proofsheet.Storefront.Tests.Browsing;
using Proofsheet.Storefront.Tests.Journey;
using Proofsheet.Storefront.Tests.Stage;
using Xunit;
using static Proofsheet.Storefront.Tests.Browsing.Visit;

namespace Proofsheet.Storefront.Tests.Pages;

/// <summary>Picks that are made without a connection.</summary>
public sealed class OfflineTests(StorefrontStage stage)
{
    private GalleryOnStage Gallery => stage.Studio.Proofs;

    [Fact]
    public async Task An_offline_pick_says_that_it_waits_survives_a_reload_and_is_sent_when_the_connection_is_back()
    {
        await using var visit = await StartAsync(stage, Telephone, firstNumber: 64);
        await visit.OpenWithThePinAsync(Gallery);
        await visit.SetOfflineAsync(true);

        await Heart(visit, 0).ClickAsync();
        await visit.SeeToastAsync("Your pick waits here");
        await See(Heart(visit, 0)).ToHaveAttributeAsync("aria-pressed", "true");
        await See(Bar(visit)).ToContainTextAsync("1 of 3 picked · 1 waiting to be sent");
        await visit.CheckAsync("pick-offline");

        // On again, but the picks do not get through, so that the page can be opened anew.
        await using (await visit.WithoutApiAsync("v1/selections/**"))
        {
            await visit.SetOfflineAsync(false);
            await visit.Page.ReloadAsync();
            await See(Heart(visit, 0)).ToHaveAttributeAsync("aria-pressed", "true");
            await See(Bar(visit)).ToContainTextAsync("1 waiting to be sent");
            await Bar(visit).GetByRole(AriaRole.Link).ClickAsync();
            await See(visit.Page.GetByText("Waits for the connection")).ToHaveCountAsync(1);
            await See(visit.Button("Submit 1 pick")).ToBeDisabledAsync();
            await visit.CheckAsync("picks-offline");
            (await PicksAsync(visit)).Should().BeEmpty();
        }

        await visit.SeeToastAsync("your picks are saved");
        await See(visit.Button("Submit 1 pick")).ToBeEnabledAsync();
        await See(visit.Page.GetByText("Waits for the connection")).ToHaveCountAsync(0);
        (await PicksAsync(visit)).Should().Equal(Gallery.Files[0]);
    }

    [Fact]
    public async Task While_the_API_is_down_a_pick_waits_too_and_can_be_undone()
    {
        await using var visit = await StartAsync(stage, Desktop, firstNumber: 64);
        await visit.OpenWithThePinAsync(Gallery);
        await using (await visit.WithoutApiAsync())
        {
            await visit.Page.Locator(".tile").Nth(1).HoverAsync();
            await Heart(visit, 1).ClickAsync();
            var undo = visit.Page.Locator(".toast").Filter(new() { HasText = "Your pick waits here" }).GetByRole(AriaRole.Button, new() { Name = "Undo" });
            await undo.ClickAsync();
            await See(Heart(visit, 1)).ToHaveAttributeAsync("aria-pressed", "false");
            await Heart(visit, 0).ClickAsync();
            await See(Bar(visit)).ToContainTextAsync("1 of 3 picked");
        }

        await visit.SeeToastAsync("You are connected again");
        (await PicksAsync(visit)).Should().Equal(Gallery.Files[0]);
    }

    private static ILocator Heart(Visit visit, int place) => visit.Page.Locator(".tile .pick-button").Nth(place);

    private static ILocator Bar(Visit visit) => visit.Page.Locator(".pick-bar");

    /// <summary>The names of the photos that the API knows to be picked.</summary>
    private async Task<IReadOnlyList<string>> PicksAsync(Visit visit)
    {
        using var visitor = await visit.VisitorAsync(Gallery);
        var names = (await visitor.ListAsync($"/v1/galleries/{Gallery.Id}/photos")).ToDictionary(
            photo => photo["id"]!.GetValue<string>(), photo => photo["currentVersion"]!["fileName"]!.GetValue<string>());
        return [.. (await visitor.ListAsync($"/v1/galleries/{Gallery.Id}/selections"))
            .SelectMany(list => list["picks"]!.AsArray().Select(pick => names[pick!["photoId"]!.GetValue<string>()]))];
    }
}
