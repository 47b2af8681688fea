using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Proofsheet.Jose;
using Xunit;

namespace Proofsheet.Identity.Tests.Protocol;

public sealed class DiscoveryTests(IdentityHost identity)
{
    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    public async Task Discovery_names_the_issuer_and_endpoints_that_answer(string address)
    {
        using var oauth = new OAuth(identity);

        var document = (await oauth.GetAsync(address)).ShouldBe(HttpStatusCode.OK);

        document["issuer"].Should().Be(identity.Issuer);
        foreach (var name in new[] { "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint", "revocation_endpoint",
            "introspection_endpoint", "device_authorization_endpoint", "pushed_authorization_request_endpoint", "registration_endpoint" })
        {
            document[name].Should().StartWith(identity.Issuer);
            (await oauth.GetAsync(document[name]!)).Status.Should().NotBe(HttpStatusCode.NotFound, "{0} is there", name);
        }
    }

    [Fact]
    public async Task Discovery_offers_neither_implicit_nor_hybrid_nor_password_grants_nor_plain_challenges()
    {
        using var oauth = new OAuth(identity);

        var document = (await oauth.GetAsync("/.well-known/openid-configuration")).Json!;

        document["response_types_supported"]!.AsArray().Select(n => n!.ToString()).Should().Equal("code");
        document["code_challenge_methods_supported"]!.AsArray().Select(n => n!.ToString()).Should().Equal("S256");
        document["grant_types_supported"]!.AsArray().Select(n => n!.ToString()).Should().NotContain(["implicit", "password"]).And.HaveCount(4);
        document["id_token_signing_alg_values_supported"]!.AsArray().Select(n => n!.ToString()).Should().Equal("ES256", "RS256");
    }

    [Fact]
    public async Task Every_scope_of_the_api_is_one_that_can_be_asked_for_here()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "openapi", "api.json")))
        {
            folder = folder.Parent!;
        }

        var flows = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "openapi", "api.json")))!["components"]!["securitySchemes"]!["oauth"]!["flows"]!.AsObject();
        var scopes = flows.SelectMany(f => f.Value!["scopes"]!.AsObject().Select(s => s.Key)).ToHashSet();
        using var oauth = new OAuth(identity);

        var known = (await oauth.GetAsync("/.well-known/openid-configuration")).Json!["scopes_supported"]!.AsArray().Select(n => n!.ToString());

        scopes.Should().HaveCountGreaterThan(10).And.BeSubsetOf(known);
    }

    [Fact]
    public async Task The_key_set_has_public_keys_named_by_their_thumbprints()
    {
        using var oauth = new OAuth(identity);

        var answer = (await oauth.GetAsync("/.well-known/openid-configuration/jwks")).ShouldBe(HttpStatusCode.OK);

        JsonWebKeySet.TryParse(Encoding.UTF8.GetBytes(answer.Text), out var set).Should().BeTrue();
        set!.Keys.Select(k => k.Algorithm).Should().BeEquivalentTo("ES256", "RS256");
        foreach (var key in set.Keys)
        {
            key.Kid.Should().Be(key.Thumbprint());
            key.Use.Should().Be("sig");
            key.HasPrivateMembers.Should().BeFalse();
        }
    }

    [Fact]
    public async Task Discovery_and_keys_may_be_read_by_any_page_and_kept_for_a_while()
    {
        using var oauth = new OAuth(identity);
        foreach (var address in new[] { "/.well-known/openid-configuration", "/.well-known/openid-configuration/jwks" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Add("Origin", "https://anywhere.example");

            var answer = await oauth.SendAsync(request);

            answer.Headers.GetValues("Access-Control-Allow-Origin").Should().Equal("*");
            answer.Headers.CacheControl!.Public.Should().BeTrue();
        }
    }
}
