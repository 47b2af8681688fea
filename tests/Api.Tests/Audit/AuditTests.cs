using System.Text.Json.Nodes;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Audit;
using Proofsheet.Api.Data;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Audit;

[Trait("Database", "Provider")]
public sealed class AuditTests(ApiHost api)
{
    private static async Task<JsonObject[]> EntriesAsync(StudioClient studio, string query = "") =>
        [.. (await studio.Api.GetAsync($"/v1/audit?limit=200{query}")).ShouldBe(200).Body!["data"]!.AsArray().Select(e => e!.AsObject())];

    private static JsonNode? Field(JsonObject entry, string field) => entry["changes"]!.AsArray().SingleOrDefault(c => c!["field"]!.GetValue<string>() == field);

    [Fact]
    public async Task A_change_tells_who_what_before_and_after()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync(title: "Before");
        (await studio.Api.PatchAsync(gallery.Path, new { title = "After" })).ShouldBe(200);

        var entries = await EntriesAsync(studio, $"&entity=gallery&entityId={gallery.Id}");

        entries.Select(e => e["action"]!.GetValue<string>()).Should().Equal("updated", "updated", "created");
        entries[0]["changes"]!.AsArray().Should().HaveCount(1);
        Field(entries[0], "title")!["before"]!.GetValue<string>().Should().Be("Before");
        Field(entries[0], "title")!["after"]!.GetValue<string>().Should().Be("After");
        entries[0]["actorType"]!.GetValue<string>().Should().Be("secret");
        entries[0]["actor"]!.GetValue<string>().Should().StartWith("key_");
        Field(entries[1], "stage")!["after"]!.GetValue<string>().Should().Be("published");
    }

    [Fact]
    public async Task Secrets_and_personal_values_are_withheld()
    {
        var studio = await api.StudioAsync();
        var gallery = await studio.GalleryAsync("918273");
        var visitor = await gallery.VisitorAsync("Clara Example", "clara@example.com");
        (await visitor.Api.PatchAsync("/v1/visitor", new { email = "other@example.com" })).ShouldBe(200);
        (await studio.Api.PutAsync($"{gallery.Path}/access", new { requires = "pin", pin = "564738" })).ShouldBe(200);

        var entries = await EntriesAsync(studio);

        var all = string.Concat(entries.Select(e => e.ToJsonString()));
        all.Should().NotContain("918273").And.NotContain("564738").And.NotContain("p512.").And.NotContain("Clara Example").And.NotContain("example.com");
        var locked = entries.First(e => Field(e, "accessVersion") is not null);
        Field(locked, "secretHash")!["isWithheld"]!.GetValue<bool>().Should().BeTrue();
        Field(locked, "secretHash")!["after"].Should().BeNull();
        entries.Should().Contain(e => e["entity"]!.GetValue<string>() == "visitor" && e["actorType"]!.GetValue<string>() == "visitor" && e["actor"]!.GetValue<string>() == visitor.Id);
        var keys = entries.Where(e => e["entity"]!.GetValue<string>() == "api_key").ToArray();
        keys.Should().NotBeEmpty();
        keys.Should().OnlyContain(k => Field(k, "hash")!["isWithheld"]!.GetValue<bool>());
    }

    [Fact]
    public async Task A_refused_change_leaves_no_entry_and_a_retried_one_leaves_one()
    {
        var studio = await api.StudioAsync();
        (await studio.Api.PostAsync("/v1/galleries", new { title = "x", slug = "taken", isListed = true })).ShouldBe(201);
        (await studio.Api.PostAsync("/v1/galleries", new { title = "x", slug = "taken", isListed = true })).ShouldBeProblem(409, "slug_taken");
        (await studio.Api.PostAsync("/v1/galleries", new { title = "Taken", isListed = true })).ShouldBe(201);

        var made = (await EntriesAsync(studio, "&entity=gallery")).ToArray();

        made.Should().HaveCount(2);
        Field(made[0], "slug")!["after"]!.GetValue<string>().Should().MatchRegex("^taken-[0-9a-z]{4}$");
    }

    [Fact]
    public async Task A_studio_reads_its_own_trail_in_pages()
    {
        var (anna, ben) = (await api.StudioAsync("anna"), await api.StudioAsync("ben"));
        var gallery = await anna.GalleryAsync();

        (await EntriesAsync(ben)).Should().NotContain(e => e["entityId"]!.GetValue<string>() == gallery.Id);
        var first = (await anna.Api.GetAsync("/v1/audit?limit=2")).ShouldBe(200);
        var second = (await anna.Api.GetAsync($"/v1/audit?limit=2&cursor={first["nextCursor"]}")).ShouldBe(200);
        second.Body!["data"]![0]!["id"]!.GetValue<string>().Should().NotBe(first.Body!["data"]![1]!["id"]!.GetValue<string>());
        (await anna.Api.GetAsync($"/v1/audit?entity=gallery&cursor={first["nextCursor"]}")).ShouldBeProblem(400, "invalid_cursor");
        (await ben.Api.GetAsync($"/v1/audit?cursor={first["nextCursor"]}")).ShouldBeProblem(400, "invalid_cursor");
        (await anna.Api.GetAsync("/v1/audit?limit=201")).ShouldBeProblem(400, "validation_failed");
        (await gallery.Storefront.GetAsync("/v1/audit")).ShouldBeProblem(403, "missing_scope");
    }

    [Fact]
    public async Task No_audited_column_that_is_called_a_secret_is_told()
    {
        var studio = await api.StudioAsync();
        var names = await api.InScopeAsync(studio.Id, services => Task.FromResult(services.GetRequiredService<ProofsheetDb>().Model.GetEntityTypes()
            .Where(e => e.ClrType.IsAssignableTo(typeof(IAudited)))
            .SelectMany(e => e.GetProperties().Select(p => (Name: $"{e.ClrType.Name}.{p.Name}", Told: !AuditInterceptor.IsWithheld(p.PropertyInfo, p.Name))))
            .ToList()));

        names.Should().Contain(n => n.Name == "Gallery.SecretHash" && !n.Told);
        names.Where(n => n.Told).Select(n => n.Name).Should().NotContain(n =>
            n.Contains("Hash") && !n.Contains("Blur") || n.Contains("Secret") || n.Contains("Password") || n.EndsWith("Token") || n.EndsWith("Pin"));
    }
}
