using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Orders;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Kernel;

/// <summary>A studio's metadata on its resources is stored key by key, and only the studio sees it.</summary>
[Trait("Database", "Provider")]
public sealed class MetadataTests(ApiHost api)
{
    public static TheoryData<string, string> Creations => new()
    {
        { "/v1/galleries", """{"title":"Clara & Jonas"}""" },
        { "/v1/products", """{"name":"Print","type":"print"}""" },
        { "/v1/price-sheets", """{"name":"Summer"}""" },
        { "/v1/discounts", """{"code":"ABC","type":"percent","percent":5}""" },
        { "/v1/watermarks", """{"name":"Proof","type":"text","text":"PROOF"}""" },
    };

    [Theory]
    [MemberData(nameof(Creations))]
    public async Task A_patch_merges_it_key_by_key_and_null_takes_one_away(string path, string creation)
    {
        var studio = await api.StudioAsync();
        var body = JsonNode.Parse(creation)!;
        body["metadata"] = new JsonObject { ["crm.id"] = "17", ["note"] = "first" };
        var made = (await studio.Api.PostAsync(path, body)).ShouldBe(201);

        Pairs(made).Should().Equal(("crm.id", "17"), ("note", "first"));
        var changed = (await studio.Api.PatchAsync(made.Headers["Location"], new { metadata = new { note = (string?)null, more = "second" } })).ShouldBe(200);
        Pairs(changed).Should().Equal(("crm.id", "17"), ("more", "second"));
        Pairs((await studio.Api.GetAsync(made.Headers["Location"])).ShouldBe(200)).Should().Equal(("crm.id", "17"), ("more", "second"));
        Pairs((await studio.Api.PatchAsync(made.Headers["Location"], new { })).ShouldBe(200)).Should().HaveCount(2, "what a patch does not name stays");
    }

    [Fact]
    public async Task Photos_and_orders_have_it_and_visitors_do_not_see_it()
    {
        var shop = await Shop.OpenAsync(api);
        var photo = await shop.PhotoAsync();
        var order = await shop.OrderAsync(shop.Web);
        foreach (var path in new[] { $"/v1/photos/{photo}", $"/v1/orders/{order}" })
        {
            var read = (await shop.Studio.Api.GetAsync(path)).ShouldBe(200);
            var changed = (await shop.Studio.Api.PatchAsync(path, new { metadata = new { secret = "of the studio" } }, read.ETag)).ShouldBe(200);

            Pairs(changed).Should().Equal(("secret", "of the studio"));
            (await shop.Studio.Api.PatchAsync(path, new { metadata = new { secret = "x" } }, read.ETag)).ShouldBeProblem(412, "version_mismatch");
            var seen = (await shop.Api.GetAsync(path)).ShouldBe(200);
            seen.Body!["metadata"].Should().BeNull();
            seen.Text.Should().NotContain("of the studio");
        }

        (await shop.Api.GetAsync($"{shop.Gallery.Path}/photos")).ShouldBe(200).Text.Should().NotContain("of the studio");
        (await shop.Api.GetAsync("/v1/orders")).ShouldBe(200).Text.Should().NotContain("of the studio");
        (await shop.Api.PatchAsync($"/v1/orders/{order}", new { metadata = new { a = "b" } })).ShouldBeProblem(403, "missing_scope");
        (await shop.Studio.Api.GetAsync("/v1/audit")).ShouldBe(200).Text.Should().NotContain("of the studio");
    }

    [Fact]
    public async Task Sections_have_it_and_visitors_do_not_see_it()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var studio = gallery.Studio.Api;
        var made = (await studio.PostAsync($"{gallery.Path}/sections", new { title = "Ceremony", metadata = new { secret = "of the studio", more = "x" } })).ShouldBe(201);

        Pairs(made).Should().Equal(("more", "x"), ("secret", "of the studio"));
        Pairs((await studio.PatchAsync(made.Headers["Location"], new { metadata = new { more = (string?)null } })).ShouldBe(200)).Should().Equal(("secret", "of the studio"));
        (await studio.GetAsync($"{gallery.Path}/sections")).ShouldBe(200).Body!["data"]![0]!["metadata"]!["secret"]!.GetValue<string>().Should().Be("of the studio");
        var seen = (await (await gallery.VisitorAsync()).Api.GetAsync($"{gallery.Path}/sections")).ShouldBe(200);
        seen.Body!["data"]![0]!["metadata"].Should().BeNull();
        seen.Text.Should().NotContain("of the studio");
    }

    [Fact]
    public async Task Its_limits_are_told()
    {
        var studio = await api.StudioAsync();
        foreach (var (metadata, isTaken) in new (JsonObject, bool)[]
        {
            (Of(20, "x"), true), (Of(21, "x"), false), (Of(1, new string('x', 500)), true), (Of(1, new string('x', 501)), false),
            (new() { [new string('k', 40)] = "" }, true), (new() { [new string('k', 41)] = "" }, false), (new() { [""] = "x" }, false),
            (new() { ["a b"] = "x" }, false), (new() { ["a\n"] = "x" }, false), (new() { ["é"] = "x" }, false),
        })
        {
            var answer = await studio.Api.PostAsync("/v1/galleries", new JsonObject { ["title"] = "x", ["metadata"] = metadata.DeepClone() });
            if (isTaken)
            {
                answer.ShouldBe(201);
            }
            else
            {
                answer.ShouldBeProblem(400, "validation_failed").Body!["errors"]!["metadata"].Should().NotBeNull();
            }
        }

        (await studio.Api.PostAsync("/v1/galleries", """{"title":"x","metadata":{"a":1}}""")).ShouldBeProblem(400, "malformed_json");
        (await studio.Api.PostAsync("/v1/galleries", """{"title":"x","metadata":["a"]}""")).ShouldBeProblem(400, "malformed_json");
    }

    private static JsonObject Of(int keys, string value) => new(Enumerable.Range(0, keys).Select(i => KeyValuePair.Create<string, JsonNode?>($"k{i}", value)));

    private static List<(string, string)> Pairs(ApiAnswer answer) =>
        [.. answer.Body!["metadata"]!.AsObject().Select(p => (p.Key, p.Value!.GetValue<string>())).OrderBy(p => p.Key, StringComparer.Ordinal)];
}
