using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Proofsheet.Api.Notifications;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Orders.Payments;
using Proofsheet.Api.Payments;
using Proofsheet.Api.Payments.Simulator;
using Proofsheet.Api.Studios;
using Proofsheet.Api.Tests.Orders;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;
using Xunit;

namespace Proofsheet.Api.Tests.Notifications;

public sealed class MailTests : IAsyncLifetime
{
    private readonly Outbound _mails = new();
    private ApiHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(
        new() { ["Api:PublicUrl"] = "https://api.example", ["Storefront:BaseUrl"] = "https://proofs.example" },
        services => services.Replace(ServiceDescriptor.Singleton<IMailSender>(_mails)));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_paid_order_is_confirmed_once_in_the_studios_name_with_what_it_costs()
    {
        var shop = await Shop.OpenAsync(_host);
        (await shop.Studio.Api.PatchAsync("/v1/studio/branding", new { name = "Anna <Light> Studio", accentColor = "#7a1f2b", footerText = "Anna, Berlin", contactEmail = "anna@studio.example" })).ShouldBe(200);
        var order = await shop.OrderAsync(shop.Print, await shop.PhotoAsync("<b>kiss</b>.jpg"));
        (await shop.PayAsync(order)).ShouldBe(200);

        var mail = await _mails.WaitAsync($"order-confirmation.{order}");

        mail.To.Should().Be(new MailParty("clara@example.com", "Clara Müller"));
        mail.FromName.Should().Be("Anna <Light> Studio");
        mail.ReplyTo!.Address.Should().Be("anna@studio.example");
        mail.Subject.Should().Be("Your order 1001");
        mail.Html.Should().Contain("Anna &lt;Light&gt; Studio").And.Contain("#7a1f2b").And.Contain("21.90 EUR").And.NotContain("<b>kiss</b>");
        mail.Text.Should().Contain("1 × Print (matt): <b>kiss</b>.jpg").And.Contain("15.00 EUR").And.Contain("6.90 EUR").And.Contain("Anna, Berlin").And.Contain("Hauptstr. 1")
            .And.Contain($"https://proofs.example/g/{shop.Gallery.Slug}/orders/{order}");
        // The mail counts as sent once its handler has committed.
        await _host.QuietAsync(shop.Studio.Id);
        await _host.InScopeAsync(shop.Studio.Id, async services =>
        {
            await services.GetRequiredService<MailOrderConfirmation>().HandleAsync(new OrderPaid(Id<Order>.Parse(order, null)), default, default);
            return true;
        });
        _mails.All.Count(m => m.MessageId == mail.MessageId).Should().Be(1);
    }

    [Fact]
    public async Task Files_are_announced_with_links_that_work_and_yen_have_no_decimals()
    {
        var shop = await Shop.OpenAsync(_host, "JPY");
        var order = await shop.OrderAsync(shop.Full);
        (await shop.PayAsync(order)).ShouldBe(200);

        var ready = await _mails.WaitAsync($"downloads-ready.{order}");
        var confirmation = await _mails.WaitAsync($"order-confirmation.{order}");

        confirmation.Text.Should().Contain("2,900 JPY").And.NotContain("29.00");
        var link = System.Text.RegularExpressions.Regex.Match(System.Net.WebUtility.HtmlDecode(ready.Html), "https://api\\.example(/v1/downloads/files/[^\"]+)").Groups[1].Value;
        (await _host.Client(null).GetAsync(link)).ShouldBe(200).Bytes.Should().HaveCount(5000);
        ready.Html.Should().Contain($"/v1/downloads/orders/{order}.zip?");
    }

    [Fact]
    public async Task Mails_of_a_sandbox_say_so()
    {
        var shop = await Shop.OpenAsync(_host);
        await shop.InDatabaseAsync(db => db.SetAsync<Studio>(_ => true, nameof(Studio.IsSandbox), true));
        var order = await shop.OrderAsync();
        (await shop.PayAsync(order)).ShouldBe(200);

        (await _mails.WaitAsync($"order-confirmation.{order}")).Subject.Should().Be("[Sandbox] Your order 1001");
    }

    [Fact]
    public async Task A_payment_that_fails_after_the_payer_left_is_told()
    {
        var shop = await Shop.OpenAsync(_host);
        var order = await shop.OrderAsync();
        var open = (await _host.Services.GetRequiredService<IPaymentProvider>().GetAsync(SimulatorStore.IdOf(order)))!;
        foreach (var intent in new[] { open with { Status = PaymentStatus.Processing }, open with { Status = PaymentStatus.Declined, Decline = new("card_declined", "The bank said no.") } })
        {
            await _host.InScopeAsync(shop.Studio.Id, async services =>
            {
                await services.GetRequiredService<OrderPayments>().SettleAsync(Id<Order>.Parse(order, null), intent, isLate: true, default);
                return true;
            });
        }

        var mail = await _mails.WaitAsync($"payment-failed.{order}");

        mail.Text.Should().Contain("The bank said no.").And.Contain("9.00 EUR").And.Contain("nothing was charged");
        (await shop.StateAsync(order)).Should().Be("pending");
    }

    [Fact]
    public async Task A_server_that_is_busy_is_tried_again_and_an_address_that_is_refused_is_not()
    {
        var shop = await Shop.OpenAsync(_host);
        _mails.FailuresToCome = 2;
        var first = await shop.OrderAsync(shop.Print);
        (await shop.PayAsync(first)).ShouldBe(200);
        await _mails.WaitAsync($"order-confirmation.{first}");

        _mails.Refusal = "No such mailbox.";
        var second = await shop.OrderAsync(shop.Print);
        (await shop.PayAsync(second)).ShouldBe(200);

        await ApiHost.EventuallyAsync(() => shop.InDatabaseAsync(db => db.Set<MailRecord>().AnyAsync(m => m.About == second && m.Failure != null)), "the refusal is written down");
        _mails.All.Should().NotContain(m => m.MessageId == $"order-confirmation.{second}");
    }

    [Fact]
    public async Task The_studio_hears_of_a_submitted_selection()
    {
        var shop = await Shop.OpenAsync(_host);
        (await shop.Studio.Api.PatchAsync("/v1/studio/branding", new { contactEmail = "anna@studio.example" })).ShouldBe(200);
        var visitor = await shop.Gallery.VisitorAsync("Clara");
        var photo = await shop.PhotoAsync();
        var selection = (await visitor.Api.PostAsync($"{shop.Gallery.Path}/selections", new { name = "Album" })).ShouldBe(201)["id"];
        (await visitor.Api.PutAsync($"/v1/selections/{selection}/picks/{photo}", new { })).ShouldBe(200);
        (await visitor.Api.PostAsync($"/v1/selections/{selection}/submit")).ShouldBe(200);

        var mail = await _mails.WaitAsync($"selection-submitted.{selection}");

        mail.To.Address.Should().Be("anna@studio.example");
        mail.Subject.Should().Be("Clara has chosen in Clara & Jonas");
        mail.Text.Should().Contain("Clara has chosen 1 photo").And.Contain("Album").And.Contain("IMG_0001.jpg").And.Contain($"https://proofs.example/g/{shop.Gallery.Slug}");
    }
}
