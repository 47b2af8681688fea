using System.Text.RegularExpressions;
using FluentAssertions;
using Microsoft.Playwright;
using Proofsheet.Storefront.Tests.Browsing;
using Proofsheet.Storefront.Tests.Stage;
using Xunit;
using static Proofsheet.Storefront.Tests.Browsing.Visit;

namespace Proofsheet.Storefront.Tests.Journey;

/// <summary>A person is the same person after the tab was closed, on a second device, and with the link of a mail.</summary>
public sealed partial class ComingBackTests(StorefrontStage stage)
{
    private GalleryOnStage Gallery => stage.Studio.Proofs;

    [Fact]
    public async Task Picks_are_there_again_after_the_tab_was_closed_until_the_visitor_leaves_the_device()
    {
        await using var visit = await StartAsync(stage, Telephone, firstNumber: 70);
        await visit.OpenWithThePinAsync(Gallery);
        await PickAsync(visit, 0);
        await PickAsync(visit, 1);

        await visit.CloseAndReturnAsync($"/g/{Gallery.Slug}");

        await See(Pressed(visit)).ToHaveCountAsync(2);
        await visit.Button("You and this device").ClickAsync();
        await See(visit.Page.GetByText("This device is remembered for 30 days")).ToBeVisibleAsync();
        await visit.CheckAsync("you-and-this-device");
        await visit.Button("Not you? Leave on this device").ClickAsync();
        await See(visit.Page.Locator(".pin input")).ToBeVisibleAsync();
        await visit.OpenWithThePinAsync(Gallery);
        await See(Pressed(visit)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_shared_computer_asks_again_once_the_tab_was_closed()
    {
        await using var visit = await StartAsync(stage, Desktop, firstNumber: 71);
        await visit.Page.GotoAsync($"/g/{Gallery.Slug}");
        await visit.Label("This is a shared computer").CheckAsync();
        await visit.Page.Locator(".pin input").FillAsync(Studio.Pin);
        await visit.SeePhotographsAsync(Gallery);
        await visit.Page.ReloadAsync();
        await visit.SeePhotographsAsync(Gallery);

        await visit.CloseAndReturnAsync($"/g/{Gallery.Slug}");

        await See(visit.Page.Locator(".pin input")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_couple_with_one_invitation_chooses_on_one_list_on_two_devices()
    {
        var link = await InviteAsync("Elin", "elin@example.com");
        await using var hers = await StartAsync(stage, Telephone, firstNumber: 72);
        await using var his = await StartAsync(stage, Desktop, firstNumber: 72);

        await hers.Page.GotoAsync(link);
        await hers.SeePhotographsAsync(Gallery);
        hers.Page.Url.Should().NotContain("#invitation");
        await PickAsync(hers, 0);
        await his.Page.GotoAsync(link);
        await his.SeePhotographsAsync(Gallery);
        await See(Pressed(his)).ToHaveCountAsync(1);
        await PickAsync(his, 1);

        await hers.CloseAndReturnAsync($"/g/{Gallery.Slug}");
        await See(Pressed(hers)).ToHaveCountAsync(2);
        await hers.Button("You and this device").ClickAsync();
        await See(hers.Page.GetByText("You are here as Elin.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Who_has_a_clients_link_picks_and_submits_once_a_code_has_proven_the_clients_address()
    {
        var link = await InviteAsync("Maja", "maja@example.com");
        await using var visit = await StartAsync(stage, Telephone, firstNumber: 75);
        visit.Expect(403);
        await visit.Page.GotoAsync(link);
        await visit.SeePhotographsAsync(Gallery);
        await PickAsync(visit, 0);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Review" }).ClickAsync();
        await visit.Button("Submit 1 pick").ClickAsync();
        await visit.Button("Submit", exact: true).ClickAsync();

        var sheet = visit.Page.GetByRole(AriaRole.Dialog, new() { Name = "To submit for Maja, confirm that it is you" });
        await See(sheet.GetByLabel("Your e-mail")).ToBeFocusedAsync();
        await See(sheet).ToContainTextAsync("m•••@e•••.com");
        (await visit.Page.ContentAsync()).Should().NotContain("maja@example.com");
        await visit.CheckAsync("prove-to-submit");
        await sheet.GetByLabel("Your e-mail").FillAsync("maja@example.com");
        var before = DateTime.UtcNow;
        await visit.Button("Send me a code").ClickAsync();
        await See(sheet.GetByLabel("The six digits from the mail")).ToBeFocusedAsync();
        var code = await stage.Mailbox.FindAsync("email-code", GalleryCode(), before);
        await sheet.GetByLabel("The six digits from the mail").FillAsync(code == "000000" ? "111111" : "000000");
        await visit.Button("Confirm", exact: true).ClickAsync();
        await See(sheet.GetByRole(AriaRole.Alert)).ToContainTextAsync("This code is wrong");
        await sheet.GetByLabel("The six digits from the mail").FillAsync(code);
        await visit.Button("Confirm", exact: true).ClickAsync();

        await See(visit.Page.GetByText("has your picks. Ask them to open the list again")).ToBeVisibleAsync();
        await See(visit.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await visit.CheckAsync("submitted-for-the-client");
    }

    [Fact]
    public async Task A_second_device_has_the_picks_once_the_same_address_is_confirmed_on_both()
    {
        await using var phone = await StartAsync(stage, Telephone, firstNumber: 73);
        await using var laptop = await StartAsync(stage, Desktop, firstNumber: 73);
        await phone.OpenWithThePinAsync(Gallery);
        await PickAsync(phone, 2);
        await laptop.OpenWithThePinAsync(Gallery);

        await ConfirmAsync(phone, "jonas@example.com");
        await ConfirmAsync(laptop, "jonas@example.com");

        await See(Pressed(laptop)).ToHaveCountAsync(1);
        await See(Hearts(laptop).Nth(2)).ToHaveAttributeAsync("aria-pressed", "true");
    }

    [Fact]
    public async Task The_link_of_the_mail_opens_the_order_on_another_telephone_and_without_it_number_and_code_do()
    {
        var (order, number) = await BuyAsync();
        var link = await stage.Mailbox.FindAsync($"order-confirmation.{order}", OrderLink());
        await using var phone = await StartAsync(stage, Telephone, firstNumber: 74);

        await phone.Page.GotoAsync(link);
        await See(phone.Heading("Thank you")).ToBeVisibleAsync();
        await See(phone.Page.GetByRole(AriaRole.Link, new() { Name = "Download ", Exact = false }).First).ToBeVisibleAsync();
        phone.Page.Url.Should().NotContain("#order");
        await phone.CheckAsync("order-by-link");
        await phone.Page.ReloadAsync();
        await See(phone.Heading("Thank you")).ToBeVisibleAsync();

        await phone.CloseAndReturnAsync($"/g/{Gallery.Slug}/orders/{order}");
        await See(phone.Heading("Find your order")).ToBeVisibleAsync();
        await phone.CheckAsync("find-order");
        await phone.Label("Order number").FillAsync(number);
        await phone.Label("Your e-mail").FillAsync("buyer@example.com");
        await phone.Button("Send me a code").ClickAsync();
        await phone.Label("The six digits from the mail").FillAsync(await stage.Mailbox.FindAsync("email-code", OrderCode()));
        await phone.Button("Open the order").ClickAsync();
        await See(phone.Heading("Thank you")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_checkout_begins_with_what_is_known_of_the_buyer()
    {
        await using var visit = await StartAsync(stage, Telephone, firstNumber: 75);
        await visit.Page.GotoAsync($"/g/{Gallery.Slug}");
        await visit.Page.GetByText("who is looking").ClickAsync();
        await visit.Label("Your name").FillAsync("Elin Holm");
        await visit.Label("Your e-mail").FillAsync("elin.holm@example.com");
        await visit.Page.Locator(".pin input").FillAsync(Studio.Pin);
        await visit.SeePhotographsAsync(Gallery);
        await visit.PutAFileInTheCartAsync(1, "Web file");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Cart: 1 piece" }).ClickAsync();

        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "To the checkout" }).ClickAsync();

        await See(visit.Label("E-mail")).ToHaveValueAsync("elin.holm@example.com");
        await See(visit.Label("Name", exact: true)).ToHaveValueAsync("Elin Holm");
        await visit.CheckAsync("checkout-known");
    }

    private static ILocator Hearts(Visit visit) => visit.Page.Locator(".tile .pick-button");

    private static ILocator Pressed(Visit visit) => visit.Page.Locator(".tile .pick-button[aria-pressed=true]");

    private static async Task PickAsync(Visit visit, int place)
    {
        var saved = visit.Page.WaitForResponseAsync(r => r.Request.Method == "PUT" && r.Url.Contains("/picks/", StringComparison.Ordinal));
        await Hearts(visit).Nth(place).ClickAsync();
        (await saved).Ok.Should().BeTrue();
        await See(Hearts(visit).Nth(place)).ToHaveAttributeAsync("aria-pressed", "true");
    }

    /// <summary>The link of the mail to a new client.</summary>
    private async Task<string> InviteAsync(string name, string email)
    {
        var before = DateTime.UtcNow;
        var client = await stage.Studio.Api.PostAsync("/v1/clients", new { name, emails = new[] { email } });
        await stage.Studio.Api.PostAsync($"/v1/galleries/{Gallery.Id}/invitations", new { clientId = client["id"]!.GetValue<string>(), message = "With love, Anna" });
        return await stage.Mailbox.FindAsync("gallery-invitation", InvitationLink(), before);
    }

    private async Task ConfirmAsync(Visit visit, string email)
    {
        await visit.Button("You and this device").ClickAsync();
        await visit.Label("Your e-mail").FillAsync(email);
        var before = DateTime.UtcNow;
        await visit.Button("Send me a code").ClickAsync();
        await See(visit.Label("The six digits from the mail")).ToBeVisibleAsync();
        var code = await stage.Mailbox.FindAsync("email-code", GalleryCode(), before);
        await visit.Label("The six digits from the mail").FillAsync(code);
        await visit.CheckAsync("code");
        await visit.Button("Confirm", exact: true).ClickAsync();
        await See(visit.Page.GetByText($"{email}.")).ToBeVisibleAsync();
        await visit.Button("Close").ClickAsync();
    }

    /// <summary>An order for a file, made and paid on a device that is not looked at again.</summary>
    private async Task<(string Order, string Number)> BuyAsync()
    {
        using var storefront = new ApiClient(stage.Api, stage.Studio.PublishableKey, stage.Storefront.GetLeftPart(UriPartial.Authority));
        var visit = await storefront.PostAsync($"/v1/storefront/galleries/{Gallery.Slug}/unlock", new { pin = Studio.Pin });
        using var visitor = new ApiClient(stage.Api, visit["token"]!.GetValue<string>());
        var photo = (await visitor.ListAsync($"/v1/galleries/{Gallery.Id}/photos"))[0]["id"]!.GetValue<string>();
        var product = (await stage.Studio.Api.ListAsync("/v1/products")).First(p => p["name"]!.GetValue<string>() == "Web file")["id"]!.GetValue<string>();
        var cart = await visitor.PostAsync($"/v1/galleries/{Gallery.Id}/carts");
        var filled = await visitor.PostAsync($"/v1/carts/{cart["id"]}/items", new { photoId = photo, productId = product });
        var placed = await visitor.PostAsync($"/v1/carts/{cart["id"]}/checkout", new { email = "buyer@example.com", name = "Buyer", expectedTotal = filled["total"] });
        var order = placed["order"]!["id"]!.GetValue<string>();
        await visitor.PostAsync($"/v1/orders/{order}/payments", new { paymentToken = "tok_success" });
        return (order, placed["order"]!["number"]!.GetValue<string>());
    }

    [GeneratedRegex(@"http://localhost:\d+/g/[^\s""<]+#invitation=[a-z0-9_]+")]
    private static partial Regex InvitationLink();

    [GeneratedRegex(@"http://localhost:\d+/g/[^\s""<]+/orders/[^\s""<]+#order=[\w.-]+")]
    private static partial Regex OrderLink();

    [GeneratedRegex(@"(?<=^Subject: Your code for your order.*^)[0-9]{6}(?=\r?$)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex OrderCode();

    [GeneratedRegex(@"^[0-9]{6}(?=\r?$)", RegexOptions.Multiline)]
    private static partial Regex GalleryCode();
}
