using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using FluentAssertions;
using Xunit;

namespace Proofsheet.Sdk.Tests.AccountBff;

public sealed class LogoutTests : IAsyncLifetime
{
    private BffStage _stage = null!;

    public async ValueTask InitializeAsync() => _stage = await BffStage.StartAsync();

    public async ValueTask DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public async Task Signing_out_ends_the_session_revokes_the_tokens_and_leads_to_the_authority()
    {
        var browser = await _stage.SignedInAsync();
        var secret = browser.Session!;

        var answer = await browser.PostAsync("/bff/sign-out", own: true);

        var location = new Uri(JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("location").GetString()!);
        location.GetLeftPart(UriPartial.Path).Should().Be($"{_stage.Authority.Issuer}/connect/endsession");
        var query = System.Web.HttpUtility.ParseQueryString(location.Query);
        query["post_logout_redirect_uri"].Should().Be(_stage.Address.AbsoluteUri);
        query["id_token_hint"].Should().NotBeNullOrEmpty();
        _stage.Authority.Count("POST /connect/revocation").Should().Be(1);
        browser.Session.Should().BeNull();

        browser.Cookies["__Host-account.session"] = secret;
        (await browser.UserAsync()).Should().BeNull("a cookie kept by somebody is worth nothing any more");
    }

    [Fact]
    public async Task Signing_out_twice_or_as_nobody_is_harmless()
    {
        var answer = await _stage.NewBrowser().PostAsync("/bff/sign-out", own: true);

        (await answer.Content.ReadAsStringAsync()).Should().Be("""{"location":"/"}""");
    }

    [Fact]
    public async Task A_logout_at_the_authority_ends_that_session_and_no_other()
    {
        var here = await _stage.SignedInAsync("anna", "sid-1");
        var there = await _stage.SignedInAsync("anna", "sid-2");
        var ben = await _stage.SignedInAsync("ben", "sid-3");

        (await NotifyAsync(_stage.Authority.Sign(_stage.Authority.LogoutClaims("sid-1", "anna")))).Should().Be(HttpStatusCode.OK);
        (await here.UserAsync()).Should().BeNull();
        (await there.UserAsync()).Should().NotBeNull();

        (await NotifyAsync(_stage.Authority.Sign(_stage.Authority.LogoutClaims(null, "anna")))).Should().Be(HttpStatusCode.OK);
        (await there.UserAsync()).Should().BeNull();
        (await ben.UserAsync()).Should().NotBeNull();
    }

    [Fact]
    public async Task A_logout_token_counts_once()
    {
        var token = _stage.Authority.Sign(_stage.Authority.LogoutClaims("sid-1", "anna"));
        (await NotifyAsync(token)).Should().Be(HttpStatusCode.OK);
        (await NotifyAsync(token)).Should().Be(HttpStatusCode.BadRequest);
    }

    public static TheoryData<string> Forgeries => new("another key", "none", "HS256", "type", "kid", "iss", "aud", "old", "future", "expired", "no expiry", "nonce", "no event", "another event", "no subject", "no jti", "crit", "padding", "empty",
        "audiences of others", "name given twice", "expiry in words", "not yet", "issuer in other case", "type in other case", "no kid", "symmetric key", "weak key", "key for encryption", "another curve", "key of another kind", "another hash", "spare bits", "blanks");

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_logout_token_that_is_not_quite_one_ends_nothing(string forgery)
    {
        var browser = await _stage.SignedInAsync();
        using var another = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var claims = _stage.Authority.LogoutClaims("sid-1", "anna");
        long Seconds(int minutes) => DateTimeOffset.UtcNow.AddMinutes(minutes).ToUnixTimeSeconds();
        switch (forgery)
        {
            case "iss": claims["iss"] = "https://other.example"; break;
            case "aud": claims["aud"] = "another-client"; break;
            case "old": (claims["iat"], claims["exp"]) = (Seconds(-11), Seconds(2)); break;
            case "future": (claims["iat"], claims["exp"]) = (Seconds(2), Seconds(4)); break;
            case "expired": (claims["iat"], claims["exp"]) = (Seconds(-5), Seconds(-1)); break;
            case "no expiry": claims.Remove("exp"); break;
            case "nonce": claims["nonce"] = "an ID token"; break;
            case "no event": claims.Remove("events"); break;
            case "another event": claims["events"] = new Dictionary<string, object> { ["urn:another"] = new { } }; break;
            case "no subject": claims["sid"] = claims["sub"] = null; break;
            case "no jti": claims.Remove("jti"); break;
            case "audiences of others": claims["aud"] = new[] { "another-client", "account-bff-2" }; break;
            case "expiry in words": claims["exp"] = "never"; break;
            case "not yet": claims["nbf"] = Seconds(2); break;
            case "issuer in other case": claims["iss"] = _stage.Authority.Issuer.ToUpperInvariant(); break;
        }

        var token = forgery switch
        {
            "another key" => _stage.Authority.Sign(claims, with: another),
            "none" => _stage.Authority.Sign(claims, algorithm: "none"),
            "HS256" => _stage.Authority.Sign(claims, algorithm: "HS256"),
            "type" => _stage.Authority.Sign(claims, type: "JWT"),
            "kid" => _stage.Authority.Sign(claims, kid: "key-2"),
            "padding" => _stage.Authority.Sign(claims) + "=",
            "crit" => _stage.Authority.Sign(claims, critical: ["exp"]),
            "empty" => "..",
            "name given twice" => _stage.Authority.SignText(JsonSerializer.Serialize(claims.Where(c => c.Value is not null).ToDictionary())[..^1] + ""","sub":"anna"}"""),
            "type in other case" => _stage.Authority.Sign(claims, type: "LOGOUT+JWT"),
            "no kid" => _stage.Authority.Sign(claims, kid: null),
            "symmetric key" => _stage.Authority.SignOtherwise(claims, "HS256", "key-symmetric"),
            "weak key" => _stage.Authority.SignOtherwise(claims, "RS256", "key-weak"),
            "key for encryption" => _stage.Authority.SignOtherwise(claims, "RS256", "key-encryption"),
            "another curve" => _stage.Authority.SignOtherwise(claims, "ES256", "key-p384"),
            "another hash" => _stage.Authority.SignOtherwise(claims, "RS512", "key-rsa"),
            "spare bits" => WithSpareBits(_stage.Authority.Sign(claims)),
            "blanks" => _stage.Authority.Sign(claims) + " ",
            "key of another kind" => _stage.Authority.SignOtherwise(claims, "RS256", "key-1"),
            _ => _stage.Authority.Sign(claims),
        };
        (await NotifyAsync(token)).Should().Be(HttpStatusCode.BadRequest);

        (await browser.UserAsync()).Should().NotBeNull();
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public async Task Keys_of_RSA_are_taken_with_both_of_their_algorithms(string algorithm)
    {
        var browser = await _stage.SignedInAsync("anna", "sid-1");

        (await NotifyAsync(_stage.Authority.SignOtherwise(_stage.Authority.LogoutClaims("sid-1", "anna"), algorithm, "key-rsa"))).Should().Be(HttpStatusCode.OK);

        (await browser.UserAsync()).Should().BeNull();
    }

    [Fact]
    public async Task A_token_for_several_audiences_counts_when_this_is_one_of_them()
    {
        var claims = _stage.Authority.LogoutClaims("sid-1", "anna");
        claims["aud"] = new[] { "another-client", "account-bff" };

        (await NotifyAsync(_stage.Authority.Sign(claims))).Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_of_an_unknown_key_makes_the_keys_be_read_once_and_not_for_each_of_a_flood()
    {
        for (var i = 0; i < 20; i++)
        {
            (await NotifyAsync(_stage.Authority.Sign(_stage.Authority.LogoutClaims("sid-1", "anna"), kid: $"unknown-{i}"))).Should().Be(HttpStatusCode.BadRequest);
        }

        _stage.Authority.Count("GET /jwks").Should().Be(1);
    }

    // Only two bits of the last of the signature's 86 characters are used.
    private static string WithSpareBits(string token)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return token[..^1] + Alphabet[Alphabet.IndexOf(token[^1], StringComparison.Ordinal) + 1];
    }

    private async Task<HttpStatusCode> NotifyAsync(string token)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", token)]);
        return (await _stage.NewBrowser().SendAsync(HttpMethod.Post, "/bff/back-channel-logout", false, form)).StatusCode;
    }
}
