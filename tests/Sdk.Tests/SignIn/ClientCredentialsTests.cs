using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FluentAssertions;
using Xunit;

namespace Proofsheet.Sdk.Tests.SignIn;

public sealed class ClientCredentialsTests
{
    private readonly StubAuthority _authority = new();

    [Fact]
    public async Task A_secret_is_sent_as_Basic_with_each_half_encoded_and_the_scope_asked_for()
    {
        var tokens = new ClientCredentialsTokens(_authority.Client(o => o with { Authentication = ClientAuthentication.Secret("s:e c/r+et") }));

        (await tokens.GetTokenAsync()).Should().Be("access-1");

        var (_, form, authorization) = _authority.Asked.Single(a => a.Path == "/connect/token");
        form.Should().Equal(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["scope"] = "galleries:read" });
        Encoding.ASCII.GetString(Convert.FromBase64String(authorization!["Basic ".Length..])).Should().Be("client%3A1:s%3Ae%20c%2Fr%2Bet");
    }

    [Fact]
    public async Task A_key_signs_a_short_statement_for_this_authority_each_time_another()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var tokens = new ClientCredentialsTokens(_authority.Client(o => o with { Authentication = ClientAuthentication.PrivateKey(key, "kid-1") }));
        await tokens.GetTokenAsync();
        _authority.Now += TimeSpan.FromHours(1);
        await tokens.GetTokenAsync();

        var asked = _authority.Asked.Where(a => a.Path == "/connect/token").Select(a => a.Form).ToList();
        asked.Should().HaveCount(2);
        foreach (var form in asked)
        {
            form.Should().Contain("client_id", "client:1").And.Contain("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
            var parts = form["client_assertion"].Split('.');
            key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Encoding64.Bytes(parts[2]), HashAlgorithmName.SHA256).Should().BeTrue();
            Encoding.UTF8.GetString(Encoding64.Bytes(parts[0])).Should().Be("""{"alg":"ES256","typ":"JWT","kid":"kid-1"}""");
        }

        var claims = asked.Select(f => JsonDocument.Parse(Encoding64.Bytes(f["client_assertion"].Split('.')[1])).RootElement).ToList();
        claims[0].GetProperty("iss").GetString().Should().Be("client:1").And.Be(claims[0].GetProperty("sub").GetString());
        claims[0].GetProperty("aud").GetString().Should().Be(StubAuthority.Issuer);
        (claims[0].GetProperty("exp").GetInt64() - claims[0].GetProperty("iat").GetInt64()).Should().Be(60);
        claims.Select(c => c.GetProperty("jti").GetString()).Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData(true, "PS256")]
    [InlineData(false, "RS256")]
    public async Task An_RSA_key_signs_with_PSS_where_the_authority_takes_it(bool takes, string algorithm)
    {
        using var key = RSA.Create(2048);
        _authority.Metadata = m => m["token_endpoint_auth_signing_alg_values_supported"] = takes ? new[] { "ES256", "PS256", "RS256" } : null;

        await new ClientCredentialsTokens(_authority.Client(o => o with { Authentication = ClientAuthentication.PrivateKey(key) })).GetTokenAsync();

        var parts = _authority.Asked[^1].Form["client_assertion"].Split('.');
        Encoding.UTF8.GetString(Encoding64.Bytes(parts[0])).Should().Be($$"""{"alg":"{{algorithm}}","typ":"JWT"}""");
        key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Encoding64.Bytes(parts[2]), HashAlgorithmName.SHA256, takes ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1).Should().BeTrue();
    }

    [Theory]
    [InlineData(-7200)]
    [InlineData(7200)]
    public async Task A_clock_that_is_wrong_dates_its_statements_by_the_authoritys(int seconds)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _authority.Ahead = TimeSpan.FromSeconds(seconds);

        await new ClientCredentialsTokens(_authority.Client(o => o with { Authentication = ClientAuthentication.PrivateKey(key) })).GetTokenAsync();

        var claims = JsonDocument.Parse(Encoding64.Bytes(_authority.Asked[^1].Form["client_assertion"].Split('.')[1])).RootElement;
        claims.GetProperty("iat").GetInt64().Should().Be((_authority.Now + _authority.Ahead).ToUnixTimeSeconds());
    }

    [Fact]
    public async Task Twenty_at_once_make_one_request_and_it_lasts_until_a_minute_before_the_end()
    {
        var tokens = new ClientCredentialsTokens(_authority.Client());

        var got = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () => await tokens.GetTokenAsync())));

        got.Distinct().Should().Equal("access-1");
        _authority.TokenRequests.Should().Be(1);
        _authority.Now += TimeSpan.FromSeconds(900 - 61);
        (await tokens.GetTokenAsync()).Should().Be("access-1");
        _authority.Now += TimeSpan.FromSeconds(2);
        (await tokens.GetTokenAsync()).Should().Be("access-2");
    }

    [Fact]
    public async Task A_token_that_the_API_refuses_is_replaced_and_the_request_tried_once_more()
    {
        using var api = new StubServer((_, request) => request.Headers.Authorization!.Parameter == "access-1" ? StubServer.Problem(401, "invalid_credential") : StubServer.Json(200, "{}"));
        using var client = await ClientAsync(api);

        await client.Studio.GetAsync();

        api.Asked.Select(a => a.Authorization).Should().Equal("Bearer access-1", "Bearer access-2");
        await client.Studio.GetAsync();
        api.Asked[^1].Authorization.Should().Be("Bearer access-2");
        _authority.TokenRequests.Should().Be(2);
    }

    [Fact]
    public async Task An_API_that_refuses_every_token_is_asked_twice_and_the_authority_not_again_and_again()
    {
        using var api = new StubServer((_, _) => StubServer.Problem(401, "invalid_credential"));
        using var client = await ClientAsync(api);

        await client.Invoking(c => c.Studio.GetAsync()).Should().ThrowAsync<ProofsheetUnauthorizedException>();
        api.Asked.Should().HaveCount(2);
        await client.Invoking(c => c.Studio.GetAsync()).Should().ThrowAsync<ProofsheetUnauthorizedException>();

        // The second token is only seconds old, so a new one would be rejected for the same reason.
        api.Asked.Should().HaveCount(3);
        _authority.TokenRequests.Should().Be(2);
    }

    [Fact]
    public async Task A_handler_does_the_same_for_an_HttpClient_of_ones_own_and_sends_the_body_again()
    {
        using var api = new StubServer((number, _) => new HttpResponseMessage(number == 0 ? HttpStatusCode.Unauthorized : HttpStatusCode.NoContent));
        var source = new ClientCredentialsTokens(_authority.Client());
        await source.GetTokenAsync();
        _authority.Now += TimeSpan.FromMinutes(1);
        using var http = new HttpClient(new TokenHandler(source) { InnerHandler = api });

        (await http.PostAsync("https://api.example/v1/x", new StreamContent(new MemoryStream("once"u8.ToArray())))).StatusCode.Should().Be(HttpStatusCode.NoContent);

        api.Asked.Select(a => (a.Authorization, a.Body)).Should().Equal(("Bearer access-1", "once"), ("Bearer access-2", "once"));
    }

    [Theory]
    [InlineData("http://id.example")]
    [InlineData("ftp://id.example")]
    public void An_authority_without_TLS_elsewhere_is_refused(string address) =>
        FluentActions.Invoking(() => _authority.Client(o => o with { Authority = new Uri(address) })).Should().Throw<ArgumentException>();

    [Fact]
    public async Task Metadata_of_another_issuer_or_with_an_endpoint_without_TLS_are_refused_and_nothing_is_sent_there()
    {
        _authority.Metadata = m => m["issuer"] = "https://other.example";
        (await Refused()).Should().Be("bad_answer");
        _authority.Metadata = m => m["token_endpoint"] = "http://id.example/connect/token";
        (await Refused()).Should().Be("bad_answer");
        _authority.TokenRequests.Should().Be(0);
    }

    [Theory]
    [InlineData("""{"access_token":"a","token_type":"DPoP"}""")]
    [InlineData("""{"token_type":"Bearer"}""")]
    [InlineData("""["access_token"]""")]
    [InlineData("<html>")]
    public async Task An_answer_that_is_no_bearer_token_is_refused(string answer)
    {
        _authority.Token = _ => Task.FromResult<HttpResponseMessage?>(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer) });

        (await Refused()).Should().Be("bad_answer");
    }

    [Fact]
    public async Task What_the_authority_refuses_is_told_in_its_words()
    {
        _authority.Token = _ => Task.FromResult<HttpResponseMessage?>(StubAuthority.Refusal("invalid_client"));

        (await Refused()).Should().Be("invalid_client");
    }

    [Fact]
    public void Nothing_secret_is_in_texts()
    {
        _authority.SignedIn().ToString().Should().NotContain("access-").And.NotContain("refresh-");
        var options = new AuthorityOptions { Authority = new(StubAuthority.Issuer), ClientId = "c", Authentication = ClientAuthentication.Secret("hidden") };
        options.ToString().Should().NotContain("hidden");
    }

    private async Task<string> Refused() =>
        (await FluentActions.Awaiting(async () => await new ClientCredentialsTokens(_authority.Client()).GetTokenAsync()).Should().ThrowAsync<AuthorityException>()).Which.Error;

    /// <summary>A client whose token is old enough that a rejection may be due to its age.</summary>
    private async Task<ProofsheetClient> ClientAsync(StubServer api)
    {
        var source = new ClientCredentialsTokens(_authority.Client());
        await source.GetTokenAsync();
        _authority.Now += TimeSpan.FromMinutes(1);
        return api.Client(o => o with { Key = null, Tokens = source });
    }
}
