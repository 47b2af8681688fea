using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>The naming rules of docs/api-conventions.md, checked in the whole document.</summary>
public sealed partial class NamingTests(ApiHost api)
{
    // From RFC 7807 and RFC 7517.
    private static readonly string[] OfStandards = ["ProblemDetails", "PublicKey"];

    [Fact]
    public async Task A_status_is_called_status_and_a_type_type()
    {
        var names = (await PropertiesAsync()).Where(p => p.Name is "state" or "kind" || p.Name.EndsWith("State", StringComparison.Ordinal) || p.Name.EndsWith("Kind", StringComparison.Ordinal));

        names.Should().BeEmpty();
    }

    [Fact]
    public async Task Yes_or_no_reads_like_a_question()
    {
        var booleans = (await PropertiesAsync()).Where(p => p.Schema["type"]?.GetValue<string>() == "boolean").ToList();

        booleans.Should().HaveCountGreaterThan(20);
        booleans.Where(p => !Question().IsMatch(p.Name)).Select(p => p.ToString()).Should().BeEmpty();
    }

    [Fact]
    public async Task An_address_on_the_web_is_called_url()
    {
        var properties = await PropertiesAsync();

        properties.Where(p => p.Name is "address" or "link" or "href" || p.Name.EndsWith("Link", StringComparison.Ordinal) || p.Name.EndsWith("Uri", StringComparison.Ordinal))
            .Select(p => p.ToString()).Should().BeEmpty();
        properties.Where(p => p.Schema["format"]?.GetValue<string>() == "uri" && !p.Name.EndsWith("rl", StringComparison.Ordinal)).Select(p => p.ToString()).Should().BeEmpty();
    }

    [Fact]
    public async Task Names_and_values_are_spelled_the_American_way()
    {
        var document = await OpenApiDocument.ReadAsync(api);
        var values = document.Root["components"]!["schemas"]!.AsObject()
            .SelectMany(s => s.Value!["enum"]?.AsArray().Select(v => v!.GetValue<string>()) ?? []);
        var names = (await PropertiesAsync()).Select(p => p.Name).Concat(document.Operations.Select(o => o.Id)).Concat(values).Concat(document.Root["components"]!["schemas"]!.AsObject().Select(s => s.Key));

        names.Where(n => British().IsMatch(n)).Should().BeEmpty();
    }

    [Fact]
    public async Task What_has_an_id_says_when_it_was_made_and_last_changed()
    {
        // Audit entries and dead letters never change. Uploads belong to tus, and have an expiry. The items are parts of their containers.
        string[] others = ["AuditEntry", "DeadLetter", "Upload", "UploadBatch", "CartItem", "OrderItem", "StudioMembership", "GalleryFront", "CheckoutPayment", "ShippingMethod"];
        var document = await OpenApiDocument.ReadAsync(api);
        var answers = document.SchemasOf(requests: false).Where(s => s.Value["properties"]?["id"] is not null && !others.Contains(s.Key)).ToList();

        answers.Should().HaveCountGreaterThan(15);
        answers.Where(s => s.Value["properties"]!["createdAt"] is null || s.Value["properties"]!["updatedAt"] is null).Select(s => s.Key).Should().BeEmpty();
    }

    [Fact]
    public async Task A_change_moves_updatedAt_and_nothing_else_does()
    {
        var clock = DateTimeOffset.UtcNow;
        var studio = await api.StudioAsync();
        var made = (await studio.Api.PostAsync("/v1/watermarks", new { name = "Proof", type = "text", text = "PROOF" })).ShouldBe(201);
        var path = $"/v1/watermarks/{made["id"]}";

        (await studio.Api.GetAsync(path)).ShouldBe(200)["updatedAt"].Should().Be(made["updatedAt"]);
        var changed = (await studio.Api.PatchAsync(path, new { name = "Proof 2" })).ShouldBe(200);

        DateTimeOffset.Parse(made["updatedAt"]).Should().BeOnOrAfter(clock.AddSeconds(-1)).And.Be(DateTimeOffset.Parse(made["createdAt"]), "it was not changed yet");
        DateTimeOffset.Parse(changed["updatedAt"]).Should().BeAfter(DateTimeOffset.Parse(made["updatedAt"]));
        changed["createdAt"].Should().Be(made["createdAt"]);
    }

    [Fact]
    public async Task A_secret_is_called_secret()
    {
        var secrets = (await PropertiesAsync()).Where(p => p.Name.EndsWith("ecret", StringComparison.Ordinal)).Select(p => p.ToString());

        // A payment's secret is the provider's, for its script.
        secrets.Should().BeEquivalentTo("Key.secret", "OAuthClient.secret", "CheckoutPayment.clientSecret");
    }

    private async Task<List<Property>> PropertiesAsync()
    {
        var document = await OpenApiDocument.ReadAsync(api);
        return
        [
            .. from schema in document.Root["components"]!["schemas"]!.AsObject()
               where !OfStandards.Contains(schema.Key)
               from property in schema.Value!["properties"]?.AsObject() ?? []
               select new Property(schema.Key, property.Key, document.Resolve(property.Value!)),
        ];
    }

    private sealed record Property(string Owner, string Name, JsonNode Schema)
    {
        public override string ToString() => $"{Owner}.{Name}";
    }

    [GeneratedRegex("^(is|has|allows|requires)[A-Z]")]
    private static partial Regex Question();

    [GeneratedRegex("colour|cancelled|metre|licence|favourite|grey|centre|catalogue|organis|authoris|behaviour", RegexOptions.IgnoreCase)]
    private static partial Regex British();
}
