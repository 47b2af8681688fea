using System.Text.Json;
using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Storefront.Tests.Stage;
using Xunit;

namespace Proofsheet.Identity.Tests.Authorities;

/// <summary>The contract for our own authority, and what only ours promises, driven by npm's openid-client and jose.</summary>
[Trait("Suite", "Ci")]
public sealed class OwnAuthorityTests(OwnAuthority authority) : AuthorityContract(authority), IClassFixture<OwnAuthority>
{
    [Fact]
    public async Task The_metadata_is_the_same_by_openid_connect_and_by_rfc_8414()
    {
        var facts = await authority.DriveAsync("discovery", authority.Page);

        var names = facts.GetProperty("openid").EnumerateObject().Select(m => m.Name).ToList();
        facts.GetProperty("oauth").EnumerateObject().Select(m => m.Name).Should().BeEquivalentTo(names);
        facts.GetProperty("oauth").GetProperty("issuer").GetString().Should().Be(authority.Issuer);
    }

    [Fact]
    public async Task Every_scope_of_the_published_api_can_be_asked_for()
    {
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Checkout.Root, "openapi", "api.json")));
        var flows = document.RootElement.GetProperty("components").GetProperty("securitySchemes").GetProperty("oauth").GetProperty("flows");
        var asked = flows.EnumerateObject().SelectMany(f => f.Value.GetProperty("scopes").EnumerateObject()).Select(s => s.Name).Distinct().ToList();
        var facts = await authority.DriveAsync("discovery", authority.Page);

        asked.Should().HaveCountGreaterThan(10);
        facts.GetProperty("openid").GetProperty("scopes_supported").EnumerateArray().Select(s => s.GetString()).Should().Contain(asked);
    }

    [Fact]
    public async Task A_persons_token_carries_all_that_the_design_says()
    {
        var tokens = await authority.DriveAsync("code", authority.Page, tenant: "harbor");

        var claims = await VerifyAsync(tokens);
        claims.EnumerateObject().Select(c => c.Name).Should().BeEquivalentTo(
            "iss", "sub", "aud", "client_id", "scope", "sid", "jti", "family", "tenant", "sub_type", "auth_time", "amr", "iat", "exp");
        claims.GetProperty("sub_type").GetString().Should().Be("user");
        claims.GetProperty("amr").EnumerateArray().Select(m => m.GetString()).Should().Equal("pwd");
        (claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()).Should().Be(15 * 60);
        tokens.GetProperty("header").GetProperty("alg").GetString().Should().Be("ES256");
        tokens.GetProperty("expiresIn").GetInt32().Should().BeInRange(890, 900);
        var id = tokens.GetProperty("idClaims");
        id.GetProperty("aud").GetString().Should().Be("page");
        id.GetProperty("sid").GetString().Should().Be(claims.GetProperty("sid").GetString());
    }

    [Fact]
    public async Task The_answer_can_come_as_a_form()
    {
        var tokens = await authority.DriveAsync("formPost", authority.Page);

        (await VerifyAsync(tokens)).GetProperty("client_id").GetString().Should().Be("page");
        tokens.GetProperty("callback").GetProperty("iss").GetString().Should().Be(authority.Issuer);
    }

    [Fact]
    public async Task A_program_proves_itself_in_each_way_that_the_metadata_names()
    {
        foreach (var client in new[] { authority.Server, authority.Poster, authority.Signer })
        {
            var claims = await VerifyAsync(await authority.DriveAsync("clientCredentials", client, scope: "galleries:read"));
            claims.GetProperty("client_id").GetString().Should().Be(client.Id);
            claims.GetProperty("sub_type").GetString().Should().Be("client");
        }
    }

    [Fact]
    public async Task A_bound_refresh_token_is_no_use_to_another_key()
    {
        var facts = await authority.DriveAsync("dpop", authority.Page, scope: "openid offline_access galleries:read");

        Refused(facts, "refreshByAnotherKey").Should().BeOneOf("invalid_grant", "invalid_dpop_proof");
    }

    [Fact]
    public async Task Userinfo_tells_what_was_allowed_and_of_whom()
    {
        var facts = await authority.DriveAsync("userInfo", authority.Page, scope: "openid email");

        var info = facts.GetProperty("userInfo");
        info.GetProperty("email").GetString().Should().Be(authority.Person.Email);
        info.GetProperty("email_verified").GetBoolean().Should().BeTrue();
        info.TryGetProperty("name", out _).Should().BeFalse("profile was not asked for");
    }

    [Fact]
    public async Task Introspection_tells_of_live_tokens_and_nothing_of_others()
    {
        var facts = await authority.DriveAsync("introspection", authority.Page, more: new JsonObject { ["asker"] = authority.Asker.ToJson() });

        var access = facts.GetProperty("ofAccess");
        access.GetProperty("active").GetBoolean().Should().BeTrue();
        access.GetProperty("client_id").GetString().Should().Be("page");
        access.GetProperty("sub").GetString().Should().Be(facts.GetProperty("tokens").GetProperty("claims").GetProperty("sub").GetString());
        facts.GetProperty("ofRefresh").GetProperty("active").GetBoolean().Should().BeTrue();
        foreach (var dead in new[] { "afterRevocation", "ofNonsense" })
        {
            facts.GetProperty(dead).EnumerateObject().Should().ContainSingle().Which.Name.Should().Be("active");
            facts.GetProperty(dead).GetProperty("active").GetBoolean().Should().BeFalse();
        }
    }
}
