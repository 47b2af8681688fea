using System.Globalization;
using FluentAssertions;
using Microsoft.Playwright;
using Proofsheet.Storefront.Tests.Browsing;
using Proofsheet.Storefront.Tests.Stage;
using static Proofsheet.Storefront.Tests.Browsing.Visit;

namespace Proofsheet.Storefront.Tests.Journey;

/// <summary>From the studio's storefront to the photos.</summary>
internal static class Opening
{
    private const string PinLabel = "Enter your six-digit PIN";

    public static async Task SeeTheStudioAsync(this Visit visit, Studio studio)
    {
        await visit.Page.GotoAsync("/");
        await See(visit.Heading(Studio.Name)).ToBeVisibleAsync();
        var card = visit.Page.GetByRole(AriaRole.Link, new() { Name = studio.Public.Title });
        await See(card).ToHaveCountAsync(1);
        await See(visit.Page.GetByText(studio.Proofs.Title)).ToHaveCountAsync(0);
        await card.Locator("img").WaitUntilLoadedAsync();
        await visit.CheckAsync("studio");
    }

    public static async Task OpenWithThePinAsync(this Visit visit, GalleryOnStage gallery)
    {
        await visit.Page.GotoAsync($"/g/{gallery.Slug}");
        await See(visit.Heading(gallery.Title)).ToBeVisibleAsync();
        await See(visit.Label(PinLabel)).ToBeFocusedAsync();
        await visit.Page.Keyboard.TypeAsync(Studio.Pin);
        await See(visit.Page.Locator(".hero h1")).ToBeFocusedAsync();
        await visit.SeePhotographsAsync(gallery);
    }

    public static async Task BeToldOfAWrongPinAsync(this Visit visit, GalleryOnStage gallery)
    {
        visit.Expect(403);
        await visit.Page.GotoAsync($"/g/{gallery.Slug}");
        await See(visit.Label(PinLabel)).ToBeVisibleAsync();
        await See(visit.Page.Locator(".tile")).ToHaveCountAsync(0);
        await visit.CheckAsync("locked");

        await See(visit.Label(PinLabel)).ToBeFocusedAsync();
        await visit.Page.Keyboard.TypeAsync("111111");
        await See(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("That PIN does not open this gallery");
        await See(visit.Label(PinLabel)).ToHaveValueAsync("");
        await See(visit.Label(PinLabel)).ToBeFocusedAsync();
        await visit.CheckAsync("wrong-pin");
    }

    public static async Task SeePhotographsAsync(this Visit visit, GalleryOnStage gallery)
    {
        var tiles = visit.Page.Locator(".tile");
        await See(tiles).ToHaveCountAsync(gallery.Files.Count);
        for (var i = 0; i < gallery.Files.Count; i++)
        {
            // Pictures load as they come into view.
            await tiles.Nth(i).ScrollIntoViewIfNeededAsync();
            await tiles.Nth(i).Locator("img").WaitUntilLoadedAsync();
        }

        await visit.Page.EvaluateAsync("() => scrollTo({ top: 0, behavior: 'instant' })");
    }

    public static async Task LookInTheLightboxAsync(this Visit visit, GalleryOnStage gallery)
    {
        var first = visit.Page.Locator(".tile-link").First;
        var lightbox = visit.Page.GetByRole(AriaRole.Dialog, new() { Name = "Photograph" });
        await first.FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await See(lightbox).ToBeVisibleAsync();
        await visit.SeePlaceAsync(1, gallery.Files.Count);
        await visit.Page.Keyboard.PressAsync("ArrowRight");
        await visit.SeePlaceAsync(2, gallery.Files.Count);
        await visit.Page.Keyboard.PressAsync("ArrowLeft");
        await visit.SeePlaceAsync(1, gallery.Files.Count);
        await visit.Page.Keyboard.PressAsync("End");
        await visit.SeePlaceAsync(gallery.Files.Count, gallery.Files.Count);
        if (!visit.IsTelephone)
        {
            await See(visit.Button("Next photo")).ToBeDisabledAsync();
        }

        await visit.Page.Keyboard.PressAsync("Home");
        await visit.SeePlaceAsync(1, gallery.Files.Count);
        await lightbox.Locator(".slide[aria-hidden=false] img").WaitUntilLoadedAsync();
        await visit.CheckAsync("lightbox");

        await visit.Page.Keyboard.PressAsync("Escape");
        await See(lightbox).ToHaveCountAsync(0);
        await See(first).ToBeFocusedAsync();
    }

    public static async Task SeePlaceAsync(this Visit visit, int place, int of) =>
        await See(visit.Page.Locator(".lightbox-place")).ToHaveTextAsync(string.Create(CultureInfo.InvariantCulture, $"{place} / {of}"));

    public static async Task WaitUntilLoadedAsync(this ILocator image)
    {
        await See(image).ToBeVisibleAsync();
        await See(image).ToHaveJSPropertyAsync("complete", true);
        (await image.EvaluateAsync<int>("i => i.naturalWidth")).Should().BePositive("{0} is a picture", image);
    }
}
