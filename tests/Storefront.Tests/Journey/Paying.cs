using FluentAssertions;
using Microsoft.Playwright;
using Proofsheet.Storefront.Tests.Browsing;
using Proofsheet.Storefront.Tests.Stage;
using static Proofsheet.Storefront.Tests.Browsing.Visit;

namespace Proofsheet.Storefront.Tests.Journey;

/// <summary>From an order to its payment.</summary>
internal static class Paying
{
    public const string GoodCard = "4242424242424242";
    public const string DeclinedCard = "4000000000000002";
    public const string AskingCard = "4000002500003155";
    public const string LateCard = "4000000000000077";

    public static async Task PayWithAsync(this Visit visit, string card)
    {
        await visit.Label("Card number").FillAsync(card);
        await visit.Label("Valid until").FillAsync("");
        await visit.Label("Valid until").PressSequentiallyAsync("1234");
        await visit.Label("Security code").FillAsync("123");
        await visit.Page.Locator(".payment").GetByRole(AriaRole.Button, new() { Name = "Pay €" }).ClickAsync();
    }

    public static async Task BeDeclinedAsync(this Visit visit)
    {
        await visit.PayWithAsync(DeclinedCard);
        await See(visit.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "Nothing was charged" })).ToBeVisibleAsync();
        await visit.CheckAsync("declined");
    }

    /// <summary>The bank asks for confirmation. The visitor declines, then tries again and confirms.</summary>
    public static async Task ConfirmToTheBankAsync(this Visit visit)
    {
        var question = visit.Heading("Your bank wants to be sure that it is you");
        await visit.PayWithAsync(AskingCard);
        await See(question).ToBeVisibleAsync();
        await visit.CheckAsync("bank-asks");
        await visit.Button("No, stop it").ClickAsync();
        await See(visit.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "Nothing was charged" })).ToBeVisibleAsync();

        await visit.PayWithAsync(AskingCard);
        await See(question).ToBeVisibleAsync();
        await visit.Button("Yes, confirm").ClickAsync();
        await visit.SeeItPaidAsync();
    }

    public static async Task SeeItPaidAsync(this Visit visit) => await See(visit.Heading("Thank you")).ToBeVisibleAsync();

    /// <summary>Checks the order from the studio's side.</summary>
    /// <param name="state">The expected status; an order of files only is completed with its payment.</param>
    public static async Task TheStudioHasItPaidAsync(this Visit visit, Studio studio, int items, int cents, string state = "paid")
    {
        var order = await studio.Api.GetAsync($"/v1/orders/{visit.OrderId()}");
        order["status"]!.GetValue<string>().Should().Be(state);
        order["total"]!["amount"]!.GetValue<int>().Should().Be(cents);
        order["items"]!.AsArray().Should().HaveCount(items);
        order["email"]!.GetValue<string>().Should().Be("elin@example.com");
    }

    public static string OrderId(this Visit visit) => new Uri(visit.Page.Url).Segments[^1];
}
