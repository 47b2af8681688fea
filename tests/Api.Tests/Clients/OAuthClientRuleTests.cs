using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Jose;
using Xunit;
using static Proofsheet.Api.Tests.Clients.ClientRequests;

namespace Proofsheet.Api.Tests.Clients;

/// <summary>What an OAuth client may be, who may create one, and from where it may call.</summary>
public sealed class OAuthClientRuleTests(ApiHost api)
{
    [Fact]
    public async Task Clients_with_keys_have_no_secret_and_never_show_a_private_one()
    {
        var studio = await api.StudioAsync();
        using var key = SigningKey.Create("ES256", "k1");
        var jwk = key.PublicKey.ToJson();

        var made = (await studio.Api.PostAsync("/v1/oauth-clients", Keyed(jwk))).ShouldBe(201);

        made.Body!["secret"].Should().BeNull();
        made["authMethod"].Should().Be("private_key_jwt");
        JsonNode.DeepEquals(api.Authority.Registered[made["clientId"]]["jwks"]!["keys"]![0], jwk).Should().BeTrue();
        var leaking = jwk.DeepClone().AsObject();
        leaking["d"] = "AAAA";
        (await studio.Api.PostAsync("/v1/oauth-clients", Keyed(leaking))).ShouldBeProblem(400, "unknown_field");
        var broken = jwk.DeepClone().AsObject();
        broken["x"] = broken["y"]!.DeepClone();
        (await studio.Api.PostAsync("/v1/oauth-clients", Keyed(broken))).ShouldBeProblem(422, "invalid_keys");
    }

    [Theory]
    [InlineData("https://shop.example/callback#x")]
    [InlineData("https://*.shop.example/callback")]
    [InlineData("http://shop.example/callback")]
    [InlineData("https://user@shop.example/callback")]
    [InlineData("javascript:alert(1)")]
    [InlineData("com.example.app:/callback")]
    [InlineData("/callback")]
    public async Task What_is_no_redirect_address_of_a_web_client_is_refused(string address)
    {
        var studio = await api.StudioAsync();

        (await studio.Api.PostAsync("/v1/oauth-clients", Web() with { RedirectUris = [address] })).ShouldBeProblem(422, "invalid_redirect_uri");
    }

    [Fact]
    public async Task Each_kind_has_its_rules()
    {
        var studio = await api.StudioAsync();

        (await studio.Api.PostAsync("/v1/oauth-clients", new ClientRequest("App", "native", ["com.example.app:/callback", "http://127.0.0.1/callback"], [], ["openid"]))).ShouldBe(201);
        (await studio.Api.PostAsync("/v1/oauth-clients", Web() with { RedirectUris = [] })).ShouldBeProblem(422, "invalid_redirect_uri");
        (await studio.Api.PostAsync("/v1/oauth-clients", Service("galleries:read") with { RedirectUris = ["https://x.example/"] })).ShouldBeProblem(422, "invalid_redirect_uri");
        (await studio.Api.PostAsync("/v1/oauth-clients", Web() with { Origins = ["https://x.example"] })).ShouldBeProblem(422, "invalid_origin");
        (await studio.Api.PostAsync("/v1/oauth-clients", Browser() with { Origins = ["https://x.example/path"] })).ShouldBeProblem(422, "invalid_origin");
        (await studio.Api.PostAsync("/v1/oauth-clients", Web() with { Scopes = ["platform:admin"] })).ShouldBeProblem(422, "unknown_scope");
        (await studio.Api.PostAsync("/v1/oauth-clients", Web() with { Scopes = ["clients:register"] })).ShouldBeProblem(422, "unknown_scope");
        (await studio.Api.PostAsync("/v1/oauth-clients", Service("studios:write"))).ShouldBeProblem(422, "unknown_scope");
    }

    [Fact]
    public async Task Only_owners_and_admins_do_it_and_none_gives_more_than_they_have()
    {
        var studio = await api.StudioAsync();
        var admin = await studio.MemberAsync("admin");
        var editor = await studio.MemberAsync("editor");
        var narrow = await studio.MemberAsync("owner", "settings:read settings:write");

        (await admin.Api.PostAsync("/v1/oauth-clients", Service("galleries:write"))).ShouldBe(201);
        (await editor.Api.PostAsync("/v1/oauth-clients", Browser())).ShouldBeProblem(403, "missing_scope");
        (await narrow.Api.PostAsync("/v1/oauth-clients", Service("galleries:write"))).ShouldBeProblem(403, "missing_scope");
    }

    [Fact]
    public async Task Another_studio_neither_sees_nor_changes_a_client()
    {
        var (anna, ben) = (await api.StudioAsync("anna"), await api.StudioAsync("ben"));
        var path = $"/v1/oauth-clients/{(await anna.Api.PostAsync("/v1/oauth-clients", Web())).ShouldBe(201)["id"]}";

        (await ben.Api.GetAsync(path)).ShouldBeProblem(404, "not_found");
        (await ben.Api.PostAsync($"{path}/rotate-secret")).ShouldBeProblem(404, "not_found");
        (await ben.Api.DeleteAsync(path)).ShouldBeProblem(404, "not_found");
        (await ben.Api.GetAsync("/v1/oauth-clients")).Body!["data"]!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task A_clients_origins_may_call_from_a_browser_until_it_is_removed()
    {
        var studio = await api.StudioAsync();
        var other = await (await api.StudioAsync("ben")).MemberAsync("owner");
        var member = await studio.MemberAsync("owner");
        var origin = $"https://{Guid.NewGuid():N}.example";
        var made = (await studio.Api.PostAsync("/v1/oauth-clients", Browser() with { Origins = [origin] })).ShouldBe(201);

        (await PreflightAsync(origin)).Headers["Access-Control-Allow-Origin"].Should().Be(origin);
        (await PreflightAsync("https://evil.example")).Headers.Should().NotContainKey("Access-Control-Allow-Origin");
        (await CallFromAsync(member, origin)).Headers["Access-Control-Allow-Origin"].Should().Be(origin);
        (await CallFromAsync(other, origin)).Headers.Should().NotContainKey("Access-Control-Allow-Origin", "it is an origin of another studio");

        (await studio.Api.DeleteAsync($"/v1/oauth-clients/{made["id"]}")).ShouldBe(204);
        (await PreflightAsync(origin)).Headers.Should().NotContainKey("Access-Control-Allow-Origin");
    }

    [Fact]
    public async Task The_installations_own_pages_may_call_for_every_studio()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Access:Origins:0"] = "https://app.example" });
        var member = await (await host.StudioAsync()).MemberAsync("owner");

        (await CallFromAsync(member, "https://app.example")).Headers["Access-Control-Allow-Origin"].Should().Be("https://app.example");
    }

    private Task<ApiAnswer> PreflightAsync(string origin) => api.Client(null, origin).SendAsync(HttpMethod.Options, "/v1/studio", null, request =>
    {
        request.Headers.Add("Access-Control-Request-Method", "GET");
        request.Headers.Add("Access-Control-Request-Headers", "authorization");
    });

    private static Task<ApiAnswer> CallFromAsync(MemberClient member, string origin) =>
        member.Api.SendAsync(HttpMethod.Get, "/v1/studio", null, request => request.Headers.Add("Origin", origin));

    private static object Keyed(JsonObject jwk) => new { name = "Job", type = "service", scopes = new[] { "galleries:read" }, keys = new[] { jwk } };
}
