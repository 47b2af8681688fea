using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Api.Tests.Orders;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Mail;

/// <summary>Every request with an email address refuses one that no mail could ever reach.</summary>
public sealed class EmailFieldTests(ApiHost api)
{
    [Theory]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx@example.com")]
    [InlineData("änna@example.com")]
    [InlineData("anna@localhost")]
    [InlineData("anna@example.com\r\nBcc: b@example.com")]
    public async Task An_address_that_cannot_be_sent_to_is_refused(string email)
    {
        var shop = await Shop.OpenAsync(api);
        var cart = await shop.CartOfAsync(shop.Web);

        Refused(await shop.Api.PostAsync($"/v1/carts/{cart}/checkout", shop.CheckoutBody(Shop.WebPrice, email: email)), "email");
        Refused(await shop.Gallery.UnlockAsync(new { visitorEmail = email }), "visitorEmail");
        Refused(await shop.Api.PatchAsync("/v1/visitor", new { email }), "email");
        Refused(await shop.Studio.Api.PatchAsync("/v1/studio/branding", new { contactEmail = email }), "contactEmail");
        Refused(await shop.Studio.Api.PostAsync("/v1/invitations", new { email, role = "viewer" }), "email");
        (await shop.Studio.Api.PatchAsync($"{shop.Gallery.Path}/download-rules", new { emails = new[] { email } })).ShouldBeProblem(422, "invalid_email");
    }

    [Fact]
    public async Task An_international_domain_is_taken_and_answered_as_it_is_sent_to()
    {
        var shop = await Shop.OpenAsync(api);
        var cart = await shop.CartOfAsync(shop.Web);

        (await shop.Api.PostAsync($"/v1/carts/{cart}/checkout", shop.CheckoutBody(Shop.WebPrice, email: "post@müller.example"))).ShouldBe(201)["order.email"].Should().Be("post@xn--mller-kva.example");
    }

    private static void Refused(ApiAnswer answer, string field)
    {
        answer.ShouldBeProblem(400, "validation_failed");
        answer.Body!["errors"]!.AsObject().Select((KeyValuePair<string, JsonNode?> e) => e.Key).Should().Contain(name => name.StartsWith(field, StringComparison.Ordinal));
    }
}
