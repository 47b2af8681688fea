using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Clients;

[Trait("Database", "Provider")]
public sealed class ClientTests(ApiHost api)
{
    [Fact]
    public async Task A_client_is_created_changed_and_deleted()
    {
        var studio = await api.StudioAsync();
        var made = (await studio.Api.PostAsync("/v1/clients", new
        {
            name = "  Clara\nMüller ", emails = new[] { "Clara@Example.com", "c.mueller@example.org" }, phone = "+4930123456", language = "de", tags = new[] { "wedding", "wedding" }, note = "Allergic to lilies",
        })).ShouldBe(201);
        made["name"].Should().Be("Clara Müller");
        made.Body!["tags"]!.AsArray().Should().ContainSingle();

        var changed = await studio.Api.PatchAsync($"/v1/clients/{made["id"]}", new { emails = new[] { "c.mueller@example.org", "new@example.com" }, phone = (string?)null });

        changed.ShouldBe(200).Body!["emails"]!.AsArray().Select(e => e!["email"]!.GetValue<string>()).Should().Equal("c.mueller@example.org", "new@example.com");
        changed.Body!["phone"].Should().BeNull();
        changed.ETag.Should().NotBe(made.ETag);
        (await studio.Api.DeleteAsync($"/v1/clients/{made["id"]}")).ShouldBe(204);
        (await studio.Api.GetAsync($"/v1/clients/{made["id"]}")).ShouldBeProblem(404, "not_found");
    }

    [Fact]
    public async Task An_address_belongs_to_one_client_of_a_studio_however_it_is_written()
    {
        var (anna, ben) = (await api.StudioAsync("anna"), await api.StudioAsync("ben"));
        var clara = (await anna.Api.PostAsync("/v1/clients", new { emails = new[] { "clara@example.com" } })).ShouldBe(201)["id"];

        (await anna.Api.PostAsync("/v1/clients", new { emails = new[] { "CLARA@EXAMPLE.COM" } })).ShouldBeProblem(409, "client_exists");
        (await ben.Api.PostAsync("/v1/clients", new { emails = new[] { "clara@example.com" } })).ShouldBe(201);
        var other = (await anna.Api.PostAsync("/v1/clients", new { emails = new[] { "other@example.com" } })).ShouldBe(201)["id"];
        (await anna.Api.PatchAsync($"/v1/clients/{other}", new { emails = new[] { "Clara@example.com" } })).ShouldBeProblem(409, "client_exists");
        (await anna.Api.GetAsync($"/v1/clients/{other}")).ShouldBe(200).Body!["emails"]![0]!["email"]!.GetValue<string>().Should().Be("other@example.com");
        (await anna.Api.GetAsync("/v1/clients?email=Clara@Example.com")).ShouldBe(200).Body!["data"]!.AsArray().Select(c => c!["id"]!.GetValue<string>()).Should().Equal(clara);
        (await ben.Api.GetAsync($"/v1/clients/{clara}")).ShouldBeProblem(404, "not_found");
    }

    [Fact]
    public async Task Postal_addresses_follow_the_rules_of_shipping_addresses_and_leave_nothing_in_the_audit_trail()
    {
        var studio = await api.StudioAsync();
        object home = new { label = "Parents", line1 = "Lindenallee 7", city = "Berlin", postalCode = "10115", country = "DE" };
        object office = new { line1 = "PO Box 12", city = "Dubai", country = "AE" };
        var made = (await studio.Api.PostAsync("/v1/clients", new { name = "Clara", addresses = new[] { home, office } })).ShouldBe(201);
        var path = $"/v1/clients/{made["id"]}";
        made.Body!["addresses"]![0]!["label"]!.GetValue<string>().Should().Be("Parents");
        made.Body["addresses"]![1]!["label"].Should().BeNull();

        (await studio.Api.PatchAsync(path, new { phone = "+4930123456" })).ShouldBe(200).Body!["addresses"]!.AsArray().Should().HaveCount(2);
        (await studio.Api.PatchAsync(path, new { addresses = new[] { office } })).ShouldBe(200);
        var kept = (await studio.Api.GetAsync(path)).ShouldBe(200).Body!["addresses"]!.AsArray().Should().ContainSingle().Subject!;
        kept["city"]!.GetValue<string>().Should().Be("Dubai");
        (await studio.Api.PatchAsync(path, new { addresses = new[] { new { line1 = "1 High St", city = "Leeds", country = "GB" } } }))
            .ShouldBeProblem(400, "validation_failed").Text.Should().Contain("addresses[0].postalCode");
        (await studio.Api.PatchAsync(path, new { addresses = (object?)null })).ShouldBe(200).Body!["addresses"]!.AsArray().Should().BeEmpty();

        var trail = (await studio.Api.GetAsync($"/v1/audit?entity=client&entityId={made["id"]}")).ShouldBe(200);
        trail.Text.Should().Contain("addresses").And.NotContain("Lindenallee").And.NotContain("Dubai");
    }

    [Theory]
    [InlineData("""{"addresses":[{"line1":"1","city":"X","postalCode":"1","country":"UK"}]}""")]
    [InlineData("""{"addresses":[{"line1":"1","city":"X","postalCode":"1","country":"GB","label":"a\u000ab"}]}""")]
    [InlineData("""{"addresses":[{"line1":"","city":"X","postalCode":"1","country":"GB"}]}""")]
    [InlineData("""{"addresses":[null]}""")]
    [InlineData("""{"emails":["nobody"]}""")]
    [InlineData("""{"emails":["a@example.com","A@example.com"]}""")]
    [InlineData("""{"phone":"030 123456"}""")]
    [InlineData("""{"language":"german language"}""")]
    [InlineData("""{"tags":[""]}""")]
    public async Task What_is_no_client_is_refused(string body)
    {
        var studio = await api.StudioAsync();

        (await studio.Api.SendAsync(HttpMethod.Post, "/v1/clients", body)).ShouldBeProblem(400, "validation_failed");
    }

    [Fact]
    public async Task A_client_has_up_to_five_postal_addresses()
    {
        var studio = await api.StudioAsync();
        object Client(int addresses) => new { addresses = Enumerable.Range(1, addresses).Select(i => new { line1 = $"PO Box {i}", city = "Dubai", country = "AE" }) };

        (await studio.Api.PostAsync("/v1/clients", Client(5))).ShouldBe(201).Body!["addresses"]!.AsArray().Should().HaveCount(5);
        (await studio.Api.PostAsync("/v1/clients", Client(6))).ShouldBeProblem(400, "validation_failed").Text.Should().Contain("addresses");
    }
}
