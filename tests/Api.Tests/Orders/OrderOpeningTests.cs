using System.Text.RegularExpressions;
using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Orders;

/// <summary>An order on another device than the one it was made on: by the link in its mails, or by number, address and code.</summary>
[Trait("Database", "Provider")]
public sealed class OrderOpeningTests : IAsyncLifetime
{
    private const string Buyer = "clara@example.com";
    private readonly RecordedMail _mail = new();
    private ApiHost _host = null!;
    private Shop _shop = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(new() { ["Storefront:BaseUrl"] = "https://proofs.example" }, _mail.Use);
        _shop = await Shop.OpenAsync(_host);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_link_of_the_mail_opens_the_order_with_its_files_also_when_the_gallery_is_gone()
    {
        var (order, link) = await BuyAsync();
        link.Should().StartWith($"https://proofs.example/g/{_shop.Gallery.Slug}/orders/{order}#order=");
        (await _shop.Studio.Api.DeleteAsync(_shop.Gallery.Path)).ShouldBe(204);

        var opened = (await OpenAsync(new { token = TokenOf(link) })).ShouldBe(200);
        var buyer = _host.Client(opened["token"]);

        opened["orderId"].Should().Be(order);
        (await buyer.GetAsync($"/v1/orders/{order}")).ShouldBe(200)["status"].Should().NotBe("pending");
        (await buyer.GetAsync($"/v1/orders/{order}/downloads")).ShouldBe(200).Body!["data"]!.AsArray().Should().ContainSingle();
    }

    [Fact]
    public async Task The_link_opens_nothing_else()
    {
        var (_, link) = await BuyAsync();
        var (other, _) = await BuyAsync(2);
        var buyer = _host.Client((await OpenAsync(new { token = TokenOf(link) })).ShouldBe(200)["token"]);
        var ben = await Shop.OpenAsync(_host);

        (await buyer.GetAsync($"/v1/orders/{other}")).ShouldBeProblem(404, "not_found");
        (await buyer.GetAsync($"/v1/orders/{other}/downloads")).ShouldBeProblem(404, "not_found");
        (await buyer.PostAsync($"/v1/orders/{other}/payments", new { paymentToken = "tok_success" })).ShouldBeProblem(404, "not_found");
        (await buyer.GetAsync("/v1/orders")).Status.Should().Be(403);
        (await buyer.GetAsync("/v1/visitor")).Status.Should().Be(403);
        (await buyer.PostAsync($"{_shop.Gallery.Path}/carts")).Status.Should().Be(403);
        (await buyer.GetAsync($"{_shop.Gallery.Path}/photos")).Status.Should().Be(403);
        (await ben.Gallery.Storefront.PostAsync("/v1/storefront/orders/open", new { token = TokenOf(link) })).ShouldBeProblem(404, "not_found");
    }

    [Fact]
    public async Task A_forged_or_ended_link_opens_nothing()
    {
        var (_, link) = await BuyAsync();
        var token = TokenOf(link);

        (await OpenAsync(new { token = token[..^2] + "AA" })).ShouldBeProblem(404, "not_found");
        (await OpenAsync(new { token = "pso_x" })).ShouldBeProblem(404, "not_found");
        // A visitor's token is signed for another purpose.
        (await OpenAsync(new { token = "pso_" + _shop.Visitor.Token["psv_".Length..] })).ShouldBeProblem(404, "not_found");
        (await _host.Client("psv_" + token["pso_".Length..]).GetAsync("/v1/visitor")).ShouldBeProblem(401, "invalid_credential");
        (await OpenAsync(new { })).ShouldBeProblem(422, "order_key_required");
        _host.Clock.Advance(TimeSpan.FromDays(181));
        (await OpenAsync(new { token })).ShouldBeProblem(410, "link_ended");
    }

    [Fact]
    public async Task An_unpaid_order_is_paid_with_its_link()
    {
        var order = await _shop.OrderAsync();
        (await RequestAsync("1001", Buyer)).ShouldBe(202);
        var buyer = _host.Client((await OpenAsync(new { number = "1001", email = Buyer, code = await _mail.CodeAsync(Buyer) })).ShouldBe(200)["token"]);

        (await buyer.PostAsync($"/v1/orders/{order}/payments", new { paymentToken = "tok_success" })).ShouldBe(200)["status"].Should().Be("succeeded");
    }

    [Fact]
    public async Task A_guest_finds_an_order_by_number_and_address_with_a_code()
    {
        var (order, _) = await BuyAsync();
        (await RequestAsync("#1001 ", "CLARA@example.com")).ShouldBe(202);
        var code = await CodeAsync();

        (await OpenAsync(new { number = "1001", email = "ben@example.com", code })).ShouldBeProblem(403, "wrong_code");
        (await OpenAsync(new { number = "1002", email = Buyer, code })).ShouldBeProblem(403, "wrong_code");
        (await OpenAsync(new { number = "1001", email = Buyer, code })).ShouldBe(200)["orderId"].Should().Be(order);
        (await OpenAsync(new { number = "1001", email = Buyer, code })).ShouldBeProblem(403, "wrong_code");
    }

    [Fact]
    public async Task Whether_there_is_such_an_order_is_not_told_and_no_mail_leaves()
    {
        await BuyAsync();
        var (known, unknown) = (await RequestAsync("1001", Buyer), await RequestAsync("1001", "ben@example.com"));
        (await RequestAsync("9999", Buyer)).ShouldBe(202);

        (known.Status, known.Text).Should().Be((unknown.Status, unknown.Text));
        await _host.QuietAsync(_shop.Studio.Id);
        _mail.To("ben@example.com").Should().BeEmpty();
        _mail.To(Buyer).Count(m => m.Subject == "Your code for your order 1001").Should().Be(1);
    }

    [Fact]
    public async Task Guesses_end_the_code()
    {
        await BuyAsync();
        (await RequestAsync("1001", Buyer)).ShouldBe(202);
        var code = await CodeAsync();
        var wrong = code == "000000" ? "111111" : "000000";
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => OpenAsync(new { number = "1001", email = Buyer, code = wrong })));

        (await OpenAsync(new { number = "1001", email = Buyer, code })).ShouldBeProblem(403, "wrong_code");
    }

    [Fact]
    public async Task Another_device_of_the_visitor_sees_the_order_only_once_the_address_is_proven_on_it()
    {
        var client = (await _shop.Studio.Api.PostAsync("/v1/clients", new { name = "Clara", emails = new[] { Buyer } })).ShouldBe(201)["id"];
        var url = (await _shop.Studio.Api.PostAsync($"{_shop.Gallery.Path}/invitations", new { clientId = client, isEmailed = false })).ShouldBe(201)["url"];
        var token = url[(url.IndexOf('=', StringComparison.Ordinal) + 1)..];
        var mine = await VisitAsync(token);
        var order = await (_shop with { Visitor = mine }).OrderAsync();
        var forwarded = await VisitAsync(token);

        mine.Id.Should().Be(forwarded.Id);
        (await mine.Api.GetAsync($"/v1/orders/{order}")).ShouldBe(200);
        (await forwarded.Api.GetAsync($"/v1/orders/{order}")).ShouldBeProblem(404, "not_found");
        (await forwarded.Api.GetAsync("/v1/orders")).ShouldBe(200).Body!["data"]!.AsArray().Should().BeEmpty();
        (await forwarded.Api.PostAsync("/v1/visitor/codes", new { email = "CLARA@Example.com" })).ShouldBe(202);
        (await forwarded.Api.PostAsync("/v1/visitor/codes/confirm", new { code = await _mail.CodeAsync("CLARA@example.com") })).ShouldBe(200);
        (await forwarded.Api.GetAsync($"/v1/orders/{order}")).ShouldBe(200);
    }

    [Fact]
    public async Task A_client_does_not_see_what_someone_ordered_who_was_forwarded_the_invitation()
    {
        var client = (await _shop.Studio.Api.PostAsync("/v1/clients", new { name = "Ben", emails = new[] { "ben@example.com" } })).ShouldBe(201)["id"];
        var url = (await _shop.Studio.Api.PostAsync($"{_shop.Gallery.Path}/invitations", new { clientId = client, isEmailed = false })).ShouldBe(201)["url"];
        var token = url[(url.IndexOf('=', StringComparison.Ordinal) + 1)..];
        var (mine, forwarded) = (await VisitAsync(token), await VisitAsync(token));
        var order = await (_shop with { Visitor = forwarded }).OrderAsync();
        (await mine.Api.PostAsync("/v1/visitor/codes", new { email = "ben@example.com" })).ShouldBe(202);
        (await mine.Api.PostAsync("/v1/visitor/codes/confirm", new { code = await _mail.CodeAsync("ben@example.com") })).ShouldBe(200);

        (await mine.Api.GetAsync($"/v1/orders/{order}")).ShouldBeProblem(404, "not_found");
        (await mine.Api.GetAsync("/v1/orders")).ShouldBe(200).Body!["data"]!.AsArray().Should().BeEmpty();
        (await forwarded.Api.GetAsync($"/v1/orders/{order}")).ShouldBe(200);
    }

    private async Task<Galleries.VisitorClient> VisitAsync(string token)
    {
        var visit = (await _shop.Gallery.Storefront.PostAsync("/v1/storefront/links/redeem", new { token })).ShouldBe(200);
        return new Galleries.VisitorClient(_host.Client(visit["token"]), visit["token"], visit["visitorId"]);
    }

    private async Task<(string Order, string Link)> BuyAsync(int mails = 1)
    {
        var order = await _shop.OrderAsync();
        (await _shop.PayAsync(order)).ShouldBe(200);
        await ApiHost.EventuallyAsync(() => Task.FromResult(_mail.To(Buyer).Any(m => m.MessageId == $"order-confirmation.{order}")), $"confirmation {mails}");
        await _host.QuietAsync(_shop.Studio.Id);
        return (order, Regex.Match(_mail.To(Buyer).Single(m => m.MessageId == $"order-confirmation.{order}").Text!, @"https://proofs\.example/\S+").Value);
    }

    private async Task<string> CodeAsync()
    {
        await ApiHost.EventuallyAsync(() => Task.FromResult(_mail.To(Buyer).Any(m => m.Subject == "Your code for your order 1001")), "a code");
        return _mail.To(Buyer).Last(m => m.Subject == "Your code for your order 1001").Text!.Split('\n').Select(l => l.Trim()).First(l => Regex.IsMatch(l, "^[0-9]{6}$"));
    }

    private static string TokenOf(string link) => link[(link.IndexOf("#order=", StringComparison.Ordinal) + "#order=".Length)..];

    private Task<ApiAnswer> RequestAsync(string number, string email) => _shop.Gallery.Storefront.PostAsync("/v1/storefront/orders/codes", new { number, email });

    private Task<ApiAnswer> OpenAsync(object body) => _shop.Gallery.Storefront.PostAsync("/v1/storefront/orders/open", body);
}
