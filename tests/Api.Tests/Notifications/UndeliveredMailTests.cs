using System.Text.Json.Nodes;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Tests.Orders;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Notifications;

[Trait("Database", "Provider")]
public sealed class UndeliveredMailTests : IAsyncLifetime
{
    private const string Path = "/v1/undelivered-mails";
    private readonly Outbound _mails = new();
    private ApiHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(
        new() { ["Outbox:MaxAttempts"] = "3" },
        services => services.Replace(ServiceDescriptor.Singleton<IMailSender>(_mails)));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_mail_that_is_refused_is_seen_and_sent_again_on_request()
    {
        var shop = await Shop.OpenAsync(_host);
        _mails.Refusal = "The mail server answered with 550: no such mailbox";
        var order = await PaidAsync(shop);

        var mail = await FailedAsync(shop);

        mail["type"]!.GetValue<string>().Should().Be("order-confirmation");
        mail["email"]!.GetValue<string>().Should().Be("clara@example.com");
        mail["subject"]!.GetValue<string>().Should().Be("Your order 1001");
        mail["reason"]!.GetValue<string>().Should().Be(_mails.Refusal);
        _mails.Refusal = null;
        (await shop.Studio.Api.PostAsync($"{Path}/{mail["id"]}/resend")).ShouldBe(204);
        await _mails.WaitAsync($"order-confirmation.{order}");
        await EmptyAsync(shop);
        (await shop.Studio.Api.PostAsync($"{Path}/{mail["id"]}/resend")).ShouldBeProblem(404, "not_found");
        _mails.All.Count(m => m.MessageId == $"order-confirmation.{order}").Should().Be(1);
    }

    [Fact]
    public async Task A_mail_whose_server_stays_busy_is_seen_while_it_is_tried_and_after_it_is_given_up()
    {
        var shop = await Shop.OpenAsync(_host);
        _mails.FailuresToCome = int.MaxValue;
        var order = await PaidAsync(shop);

        var mail = await FailedAsync(shop);

        mail["reason"]!.GetValue<string>().Should().Be("Busy.");
        (await DeadAsync(shop)).Should().Be(1);
        _mails.FailuresToCome = 1;
        (await shop.Studio.Api.PostAsync($"{Path}/{mail["id"]}/resend")).ShouldBe(204);
        await _mails.WaitAsync($"order-confirmation.{order}");
        await EmptyAsync(shop);
        (await DeadAsync(shop)).Should().Be(0, "the dead letter itself was sent again");
    }

    [Fact]
    public async Task A_mail_that_cannot_even_be_made_is_seen_without_what_only_the_operator_may_see()
    {
        var shop = await Shop.OpenAsync(_host);
        var order = await shop.OrderAsync(shop.Print);
        // Makes the handler fail before it has a mail.
        await shop.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("UPDATE orders SET shipping_address = 'broken'"));
        await shop.InDatabaseAsync(db =>
        {
            db.Publish(Id<Tenant>.Parse(shop.Studio.Id, null), new OrderPaid(Id<Order>.Parse(order, null)), _host.Clock.GetUtcNow());
            return db.SaveChangesAsync();
        });

        var mail = await FailedAsync(shop);

        mail["type"]!.GetValue<string>().Should().Be("order-confirmation");
        mail["email"].Should().BeNull();
        mail["subject"].Should().BeNull();
        mail["reason"]!.GetValue<string>().Should().Contain("operator").And.NotContain("Exception");
        await shop.InDatabaseAsync(db => db.Database.ExecuteSqlRawAsync("UPDATE orders SET shipping_address = NULL"));
        (await shop.Studio.Api.PostAsync($"{Path}/{mail["id"]}/resend")).ShouldBe(204);
        await _mails.WaitAsync($"order-confirmation.{order}");
        await EmptyAsync(shop);
    }

    [Fact]
    public async Task A_mail_leaves_the_list_when_the_operator_replays_its_work()
    {
        var shop = await Shop.OpenAsync(_host);
        _mails.FailuresToCome = int.MaxValue;
        var order = await PaidAsync(shop);
        await FailedAsync(shop);
        _mails.FailuresToCome = 0;

        foreach (var dead in (await _host.Platform.GetAsync("/v1/platform/dead-letters?limit=200")).ShouldBe(200).Body!["data"]!.AsArray())
        {
            (await _host.Platform.PostAsync($"/v1/platform/dead-letters/{dead!["id"]}/replay")).ShouldBe(204);
        }

        await _mails.WaitAsync($"order-confirmation.{order}");
        await EmptyAsync(shop);
    }

    [Fact]
    public async Task Another_studio_neither_sees_nor_sends_it_and_reading_keys_do_not_send()
    {
        var shop = await Shop.OpenAsync(_host);
        _mails.Refusal = "No.";
        await PaidAsync(shop);
        var mail = await FailedAsync(shop);
        var other = await Shop.OpenAsync(_host);

        (await other.Studio.Api.GetAsync(Path)).ShouldBe(200).Body!["data"]!.AsArray().Should().BeEmpty();
        (await other.Studio.Api.PostAsync($"{Path}/{mail["id"]}/resend")).ShouldBeProblem(404, "not_found");
        (await shop.Api.GetAsync(Path)).ShouldBe(403);
        (await shop.Api.PostAsync($"{Path}/{mail["id"]}/resend")).ShouldBe(403);
        (await _host.Client(null).GetAsync(Path)).ShouldBe(401);
        (await ListAsync(shop)).Should().ContainSingle().Which["status"]!.GetValue<string>().Should().Be("failed");
    }

    private static async Task<string> PaidAsync(Shop shop)
    {
        var order = await shop.OrderAsync(shop.Print);
        (await shop.PayAsync(order)).ShouldBe(200);
        return order;
    }

    private static async Task<List<JsonNode>> ListAsync(Shop shop) => [.. (await shop.Studio.Api.GetAsync(Path)).ShouldBe(200).Body!["data"]!.AsArray().Select(m => m!)];

    private static async Task<JsonNode> FailedAsync(Shop shop)
    {
        await ApiHost.EventuallyAsync(async () => (await ListAsync(shop)).Any(m => m["status"]!.GetValue<string>() == "failed"), "the mail has failed");
        return (await ListAsync(shop)).Single();
    }

    private static Task EmptyAsync(Shop shop) => ApiHost.EventuallyAsync(async () => (await ListAsync(shop)).Count == 0, "nothing is undelivered");

    private static Task<int> DeadAsync(Shop shop) => shop.InDatabaseAsync(db =>
        db.Set<OutboxMessage>().CountAsync(m => m.DeadAt != null && m.Tenant == Id<Tenant>.Parse(shop.Studio.Id, null)));
}
