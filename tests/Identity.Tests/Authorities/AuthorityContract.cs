using System.Text.Json;
using FluentAssertions;
using Proofsheet.Jose;
using Xunit;

namespace Proofsheet.Identity.Tests.Authorities;

/// <summary>
/// What the product requires of any authority. Each test drives the authority with a third-party client, and validates its tokens with the library that
/// the API uses.
/// </summary>
public abstract class AuthorityContract(ContractAuthority authority) : IAsyncLifetime
{
    /// <summary>The rules by which the API accepts access tokens (RFC 9068 section 4).</summary>
    private JwtRules Rules => new()
    {
        Type = "at+jwt", Issuer = authority.Issuer, Audiences = [ContractAuthority.Audience], RequireIssuedAt = true, RequiredTexts = ["sub", "client_id", "jti"],
    };

    public ValueTask InitializeAsync()
    {
        Node.RequireInstalled();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task It_describes_itself_under_its_own_name()
    {
        var facts = await authority.DriveAsync("discovery", authority.Page);
        var metadata = facts.GetProperty("openid");

        metadata.GetProperty("issuer").GetString().Should().Be(authority.Issuer);
        foreach (var name in new[] { "authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint", "revocation_endpoint",
            "introspection_endpoint", "device_authorization_endpoint", "pushed_authorization_request_endpoint" })
        {
            metadata.GetProperty(name).GetString().Should().StartWith(authority.Issuer, name);
        }

        Texts(metadata, "code_challenge_methods_supported").Should().Equal("S256");
        Texts(metadata, "response_types_supported").Should().Contain("code");
        Texts(metadata, "grant_types_supported").Should().Contain(["authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code"]);
        Texts(metadata, "id_token_signing_alg_values_supported").Should().Contain("ES256").And.NotContain("none");
        metadata.GetProperty("authorization_response_iss_parameter_supported").GetBoolean().Should().BeTrue("mix-up attacks end there (RFC 9207)");
    }

    [Fact]
    public async Task Its_keys_are_public_named_and_of_kinds_that_the_api_reads()
    {
        var facts = await authority.DriveAsync("discovery", authority.Page);
        var published = facts.GetProperty("keys");

        JsonWebKeySet.TryParse(JsonSerializer.SerializeToUtf8Bytes(published), out var set).Should().BeTrue();
        set!.Keys.Should().HaveCount(published.GetProperty("keys").GetArrayLength(), "each of them is understood").And.NotBeEmpty();
        set.Keys.Should().OnlyContain(key => key.Kid != null && !key.HasPrivateMembers && (key.Use == null || key.Use == "sig"));
        set.Keys.Select(key => key.Kid).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task A_persons_token_is_one_that_the_api_takes()
    {
        var tokens = await authority.DriveAsync("code", authority.Page, tenant: "harbor");

        var claims = await VerifyAsync(tokens);
        claims.GetProperty("client_id").GetString().Should().Be("page");
        Scopes(claims).Should().Contain("galleries:read");
        claims.GetProperty("tenant").GetString().Should().Be("harbor", "the studio that was asked for is selected");
        claims.GetProperty("sub").GetString().Should().Be(tokens.GetProperty("idClaims").GetProperty("sub").GetString());
        claims.TryGetProperty("cnf", out _).Should().BeFalse();
        tokens.GetProperty("tokenType").GetString().Should().BeEquivalentTo("bearer");
        tokens.GetProperty("callback").GetProperty("iss").GetString().Should().Be(authority.Issuer);
    }

    [Fact]
    public async Task A_programs_token_names_the_program_and_no_person()
    {
        var tokens = await authority.DriveAsync("clientCredentials", authority.Server, scope: "galleries:read");

        var claims = await VerifyAsync(tokens);
        claims.GetProperty("client_id").GetString().Should().Be(authority.Server.Id);
        claims.GetProperty("sub").GetString().Should().Be(authority.Server.Id, "RFC 9068 section 2.2");
        Scopes(claims).Should().Equal("galleries:read");
        tokens.TryGetProperty("refreshToken", out _).Should().BeFalse();
        tokens.GetProperty("idClaims").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_refreshed_token_is_of_the_same_person_and_a_used_one_ends_them_all()
    {
        var facts = await authority.DriveAsync("refresh", authority.Page, tenant: "harbor");

        var first = await VerifyAsync(facts.GetProperty("first"));
        var third = await VerifyAsync(facts.GetProperty("third"));
        third.GetProperty("sub").GetString().Should().Be(first.GetProperty("sub").GetString());
        third.GetProperty("tenant").GetString().Should().Be("harbor");
        third.GetProperty("jti").GetString().Should().NotBe(first.GetProperty("jti").GetString());
        Refused(facts, "replay").Should().Be("invalid_grant");
        Refused(facts, "afterReplay").Should().Be("invalid_grant", "who replayed may be a thief, so the newest one is dead too");
    }

    [Fact]
    public async Task A_code_works_once_and_only_for_who_began()
    {
        Refused(await authority.DriveAsync("replayedCode", authority.Page), "replay").Should().Be("invalid_grant");
        Refused(await authority.DriveAsync("wrongVerifier", authority.Page), "refused").Should().Be("invalid_grant");
    }

    [Fact]
    public async Task A_request_can_be_pushed_ahead()
    {
        var tokens = await authority.DriveAsync("pushed", authority.Page, tenant: "harbor");

        tokens.GetProperty("asked").EnumerateArray().Select(name => name.GetString()).Should().BeEquivalentTo("client_id", "request_uri");
        (await VerifyAsync(tokens)).GetProperty("tenant").GetString().Should().Be("harbor");
    }

    [Fact]
    public async Task A_device_waits_until_its_person_agreed()
    {
        var facts = await authority.DriveAsync("device", authority.Page);

        Refused(facts, "early").Should().Be("authorization_pending");
        (await VerifyAsync(facts)).GetProperty("client_id").GetString().Should().Be("page");
    }

    [Fact]
    public async Task A_token_can_be_bound_to_a_key()
    {
        var facts = await authority.DriveAsync("dpop", authority.Page, scope: "openid offline_access galleries:read");

        var claims = await VerifyAsync(facts);
        claims.GetProperty("cnf").GetProperty("jkt").GetString().Should().Be(facts.GetProperty("thumbprint").GetString());
        facts.GetProperty("tokenType").GetString().Should().BeEquivalentTo("dpop");
    }

    [Fact]
    public async Task A_revoked_refresh_token_refreshes_nothing()
    {
        var facts = await authority.DriveAsync("revocation", authority.Page);

        Refused(facts, "refreshed").Should().Be("invalid_grant");
    }

    [Fact]
    public async Task Ending_the_session_ends_it_and_leads_back()
    {
        var facts = await authority.DriveAsync("endSession", authority.Page);

        facts.GetProperty("end").GetString().Should().Be($"{ContractAuthority.SignedOutUri}?state=bye");
        facts.GetProperty("silent").GetString().Should().Be(facts.GetProperty("tokens").GetProperty("claims").GetProperty("sub").GetString());
        Refused(facts, "after").Should().Be("login_required");
    }

    protected async Task<JsonElement> VerifyAsync(JsonElement tokens)
    {
        var facts = await authority.DriveAsync("discovery", authority.Page);
        JsonWebKeySet.TryParse(JsonSerializer.SerializeToUtf8Bytes(facts.GetProperty("keys")), out var set).Should().BeTrue();
        var signed = Jws.Verify(tokens.GetProperty("accessToken").GetString()!, new HashSet<string> { "ES256", "RS256" }, header => set!.Keys.Where(key => key.Kid == header.KeyId));
        var result = Jwt.Validate(signed, Rules, TimeProvider.System.GetUtcNow());
        result.Failure.Should().Be(JwtFailure.None);
        return result.Claims;
    }

    protected static string? Refused(JsonElement facts, string name)
    {
        var outcome = facts.GetProperty(name);
        outcome.GetProperty("refused").GetBoolean().Should().BeTrue($"{name}: {outcome}");
        return outcome.GetProperty("error").GetString();
    }

    /// <summary>A string with spaces, or an array.</summary>
    private static string[] Scopes(JsonElement claims) =>
        claims.GetProperty("scope").ValueKind == JsonValueKind.String ? claims.GetProperty("scope").GetString()!.Split(' ') : Texts(claims, "scope");

    private static string[] Texts(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
}
