using FluentAssertions;
using Microsoft.Playwright;
using Proofsheet.Storefront.Tests.Browsing;
using Proofsheet.Storefront.Tests.Stage;
using static Proofsheet.Storefront.Tests.Browsing.Visit;

namespace Proofsheet.Storefront.Tests.Journey;

/// <summary>From a photo to a placed order.</summary>
internal static class Buying
{
    /// <summary>Two square prints of the first photo, cropped with the keyboard.</summary>
    public static async Task PutAPrintInTheCartAsync(this Visit visit)
    {
        var sheet = await visit.OpenBuySheetAsync(0);
        await sheet.ChooseAsync("Square print 20 × 20 cm");
        await sheet.ChooseAsync("Lustre");
        var crop = sheet.GetByRole(AriaRole.Slider, new() { Name = "What is printed" });
        var before = await crop.GetAttributeAsync("aria-valuenow");
        await crop.FocusAsync();
        await visit.Page.Keyboard.PressAsync("End");
        await See(crop).Not.ToHaveAttributeAsync("aria-valuenow", before!);
        await See(crop).ToHaveAttributeAsync("aria-valuenow", "100");
        await sheet.GetByRole(AriaRole.Button, new() { Name = "more" }).ClickAsync();
        await See(sheet.Locator(".buy-price")).ToHaveTextAsync("€66.00");
        await sheet.Locator(".crop img").WaitUntilLoadedAsync();
        await visit.CheckAsync("buy-a-print");
        await visit.AddAsync(sheet);
    }

    public static async Task PutAFileInTheCartAsync(this Visit visit, int tile, string product)
    {
        var sheet = await visit.OpenBuySheetAsync(tile);
        await sheet.ChooseAsync(product);
        await See(sheet.GetByText("You receive the file without a watermark")).ToBeVisibleAsync();
        await visit.AddAsync(sheet);
    }

    public static async Task ReadyTheCartAsync(this Visit visit, GalleryOnStage gallery)
    {
        visit.Expect(404);
        visit.Expect(422);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Cart: 4 pieces" }).ClickAsync();
        await See(visit.Heading("Your cart")).ToBeVisibleAsync();
        await See(visit.Page.Locator(".cart-line")).ToHaveCountAsync(3);
        await visit.Label("Discount code").FillAsync("NOSUCHCODE");
        await visit.Button("Apply").ClickAsync();
        await See(visit.Page.Locator("#discount-error")).Not.ToBeEmptyAsync();
        await visit.Label("Discount code").FillAsync(Studio.DiscountCode.ToLowerInvariant());
        await visit.Button("Apply").ClickAsync();
        await See(visit.Page.GetByText($"{Studio.DiscountCode} is applied")).ToBeVisibleAsync();
        await visit.Button("Choose how it is sent").ClickAsync();
        var post = visit.Page.Locator(".choices-shipping").GetByRole(AriaRole.Radio, new() { Name = "Post" });
        await See(post).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Space");
        await See(post).ToBeCheckedAsync();

        // 2 × 33 + 35 + 12 = 113, less ten percent, plus 5.90 for postage.
        await See(visit.Page.Locator(".totals-total dd")).ToHaveTextAsync("€107.60");
        await visit.SeeEveryPictureAsync();
        await See(visit.Page.GetByRole(AriaRole.Link, new() { Name = "To the checkout" })).ToBeInViewportAsync(new() { Ratio = 1 });
        await visit.CheckAsync("cart");

        using var visitor = await visit.VisitorAsync(gallery);
        var cartId = await visit.Page.EvaluateAsync<string>($"() => JSON.parse(localStorage.getItem('proofsheet:{gallery.Slug}')).cartId");
        var print = (await visitor.GetAsync($"/v1/carts/{cartId}"))["items"]!.AsArray().Single(i => i!["type"]!.GetValue<string>() == "print")!;
        print["quantity"]!.GetValue<int>().Should().Be(2);
        print["options"]!["Paper"]!.GetValue<string>().Should().Be("Lustre");
        (print["crop"]!["x"]!.GetValue<double>() + print["crop"]!["width"]!.GetValue<double>()).Should().BeApproximately(1, 0.001, "End moves the frame to the far edge");
    }

    public static async Task CheckOutAsync(this Visit visit, bool ships, bool check = false)
    {
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "To the checkout" }).ClickAsync();
        await See(visit.Heading("Checkout")).ToBeVisibleAsync();
        var order = visit.Button("Order and pay");
        if (check)
        {
            await order.ClickAsync();
            await See(visit.Page.GetByText("Enter an e-mail address, such as anna@example.com.")).ToBeVisibleAsync();
            await See(visit.Page.GetByText("Enter the street and number.")).ToBeVisibleAsync();
            await See(visit.Label("E-mail")).ToBeFocusedAsync();
            await visit.CheckAsync("checkout-errors");
        }

        await visit.Label("E-mail").FillAsync("elin@example.com");
        await visit.Label("Name", exact: true).FillAsync("Elin Holm");
        if (ships)
        {
            await visit.Label("Street and number").FillAsync("Svensksundsvägen 7");
            await visit.Label("Postal code").FillAsync("111 49");
            await visit.Label("City").FillAsync("Stockholm");
            await See(visit.Label("Country")).ToHaveValueAsync("SE");
        }

        if (check)
        {
            await visit.CheckAsync("checkout");
        }

        await order.ClickAsync();
        await See(visit.Heading("One more step")).ToBeVisibleAsync();
    }

    public static async Task SeeEveryPictureAsync(this Visit visit)
    {
        foreach (var image in await visit.Page.Locator("main img").AllAsync())
        {
            await image.ScrollIntoViewIfNeededAsync();
            await image.WaitUntilLoadedAsync();
        }

        await visit.Page.EvaluateAsync("() => scrollTo({ top: 0, behavior: 'instant' })");
    }

    /// <summary>Opens a photo and clicks Buy.</summary>
    private static async Task<ILocator> OpenBuySheetAsync(this Visit visit, int tile)
    {
        await visit.Page.Locator(".tile-link").Nth(tile).ClickAsync();
        await visit.SeePlaceAsync(tile + 1, await visit.Page.Locator(".tile").CountAsync());
        await visit.Button("Buy", exact: true).ClickAsync();
        var sheet = visit.Page.GetByRole(AriaRole.Dialog, new() { Name = "Take it home" });
        await See(sheet.GetByText("Add to cart")).ToBeVisibleAsync();
        return sheet;
    }

    private static Task ChooseAsync(this ILocator choices, string name) =>
        choices.GetByRole(AriaRole.Radio, new() { Name = name }).CheckAsync();

    private static async Task AddAsync(this Visit visit, ILocator sheet)
    {
        await sheet.GetByRole(AriaRole.Button, new() { Name = "Add to cart" }).ClickAsync();
        await See(sheet).ToHaveCountAsync(0);
        await visit.SeeToastAsync("is in your cart");
        await visit.DismissToastsAsync();
        await visit.Page.Keyboard.PressAsync("Escape");
        await See(visit.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }
}
