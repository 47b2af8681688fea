using System.Text.Json;
using System.Web;
using FluentAssertions;
using Xunit;

namespace Proofsheet.Sdk.Tests.SignIn;

public sealed class CodeSignInTests
{
    private static readonly Uri Back = new("https://app.example/signed-in");
    private readonly StubAuthority _authority = new();
    private CodeRequest? _request;

    [Fact]
    public async Task Asks_with_PKCE_state_nonce_and_the_studio()
    {
        var request = await new CodeSignIn(Client()).StartAsync(Back, new() { Tenant = "anna", Prompt = "login" });

        var asked = HttpUtility.ParseQueryString(request.Address.Query);
        request.Address.GetLeftPart(UriPartial.Path).Should().Be("https://id.example/connect/authorize");
        asked["client_id"].Should().Be("client:1");
        asked["response_type"].Should().Be("code");
        asked["redirect_uri"].Should().Be(Back.OriginalString);
        asked["scope"].Should().Be("openid galleries:read");
        asked["acr_values"].Should().Be("tenant:anna");
        asked["prompt"].Should().Be("login");
        asked["code_challenge_method"].Should().Be("S256");
        asked["code_challenge"].Should().Be(Encoding64.Sha256(request.CodeVerifier));
        new[] { asked["state"], asked["nonce"], request.CodeVerifier }.Should().OnlyHaveUniqueItems().And.OnlyContain(v => v!.Length == 43);
        request.ToString().Should().NotContain(request.CodeVerifier);
    }

    // RFC 7636, appendix B.
    [Fact]
    public void The_challenge_is_the_verifiers_hash_as_the_standard_has_it() =>
        Encoding64.Sha256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").Should().Be("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");

    [Fact]
    public async Task Pushes_the_request_where_the_authority_takes_that_and_shows_the_browser_only_its_name()
    {
        _authority.Metadata = m => m["pushed_authorization_request_endpoint"] = $"{StubAuthority.Issuer}/connect/par";

        var request = await new CodeSignIn(Client()).StartAsync(Back);

        request.Address.Query.Should().Be("?client_id=client%3A1&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3A1");
        var (_, form, authorization) = _authority.Asked.Single(a => a.Path == "/connect/par");
        form.Should().Contain("state", request.State).And.Contain("code_challenge_method", "S256");
        authorization.Should().StartWith("Basic ");
    }

    [Fact]
    public async Task Comes_back_with_tokens_and_who_it_is()
    {
        var answer = await CompleteAsync();

        answer.Tokens.AccessToken.Should().Be("access-1");
        answer.Who.Should().BeEquivalentTo(new { Subject = "anna", SessionId = "sid-1", Name = "Anna" });
        _authority.Asked[^1].Form.Should().Contain("code", "code-1").And.Contain("code_verifier", _request!.CodeVerifier).And.Contain("redirect_uri", Back.OriginalString);
    }

    [Fact]
    public async Task An_answer_with_another_state_or_none_is_refused_before_anything_else()
    {
        (await Refused(q => q["state"] = "another")).Should().Be("bad_answer");
        (await Refused(q => q.Remove("state"))).Should().Be("bad_answer");
        (await Refused(q => (q["state"], q["error"]) = ("another", "access_denied"))).Should().Be("bad_answer");
        _authority.TokenRequests.Should().Be(0);
    }

    [Fact]
    public async Task An_answer_of_another_authority_is_refused_and_the_code_not_sent()
    {
        (await Refused(q => q["iss"] = "https://other.example")).Should().Be("bad_answer");
        (await Refused(q => q.Remove("iss"))).Should().Be("bad_answer");
        _authority.TokenRequests.Should().Be(0);
    }

    [Fact]
    public async Task An_answer_that_says_something_twice_is_refused()
    {
        var sign = new CodeSignIn(Client());
        var request = await sign.StartAsync(Back);

        await sign.Invoking(s => s.CompleteAsync(request, [new("state", request.State), new("code", "1"), new("code", "2"), new("iss", StubAuthority.Issuer)])).Should().ThrowAsync<AuthorityException>();
    }

    [Fact]
    public async Task What_the_person_refused_is_told() => (await Refused(q => q["error"] = "access_denied")).Should().Be("access_denied");

    [Theory]
    [InlineData("nonce", "another")]
    [InlineData("nonce", null)]
    [InlineData("iss", "https://other.example")]
    [InlineData("aud", "another")]
    [InlineData("sub", "")]
    [InlineData("exp", null)]
    public async Task An_ID_token_that_is_of_something_else_is_refused(string claim, string? value) =>
        (await Refused(claims: c => c[claim] = value)).Should().Be("bad_answer");

    [Fact]
    public async Task An_ID_token_that_ended_or_is_to_come_is_refused_by_the_authoritys_clock()
    {
        (await Refused(claims: c => c["exp"] = _authority.Now.AddSeconds(-31).ToUnixTimeSeconds())).Should().Be("bad_answer");
        (await Refused(claims: c => c["iat"] = _authority.Now.AddSeconds(31).ToUnixTimeSeconds())).Should().Be("bad_answer");

        _authority.Ahead = TimeSpan.FromHours(3);
        (await CompleteAsync(claims: c => (c["iat"], c["exp"]) = ((_authority.Now + _authority.Ahead).ToUnixTimeSeconds(), (_authority.Now + _authority.Ahead).AddMinutes(5).ToUnixTimeSeconds()))).Who.Subject.Should().Be("anna");
    }

    [Fact]
    public async Task An_ID_token_for_several_names_the_one()
    {
        (await Refused(claims: c => c["aud"] = new[] { "client:1", "another" })).Should().Be("bad_answer");
        (await CompleteAsync(claims: c => (c["aud"], c["azp"]) = (new[] { "client:1", "another" }, "client:1"))).Who.Subject.Should().Be("anna");
    }

    private AuthorityClient Client() => _authority.Client(o => o with { Scope = "openid galleries:read", Authentication = ClientAuthentication.Secret("s") });

    private async Task<string> Refused(Action<Dictionary<string, string>>? query = null, Action<Dictionary<string, object?>>? claims = null) =>
        (await FluentActions.Awaiting(() => CompleteAsync(query, claims)).Should().ThrowAsync<AuthorityException>()).Which.Error;

    private async Task<CodeAnswer> CompleteAsync(Action<Dictionary<string, string>>? query = null, Action<Dictionary<string, object?>>? claims = null)
    {
        var sign = new CodeSignIn(Client());
        var request = _request = await sign.StartAsync(Back);
        var said = new Dictionary<string, object?>
        {
            ["iss"] = StubAuthority.Issuer,
            ["aud"] = "client:1",
            ["sub"] = "anna",
            ["sid"] = "sid-1",
            ["name"] = "Anna",
            ["nonce"] = request.Nonce,
            ["iat"] = _authority.Now.ToUnixTimeSeconds(),
            ["exp"] = _authority.Now.AddMinutes(5).ToUnixTimeSeconds(),
        };
        claims?.Invoke(said);
        _authority.Token = _ =>
        {
            var tokens = _authority.Tokens();
            tokens["id_token"] = $"e30.{Encoding64.Of(JsonSerializer.Serialize(said))}.e30";
            return Task.FromResult<HttpResponseMessage?>(StubAuthority.Json(200, tokens));
        };
        var answer = new Dictionary<string, string> { ["code"] = "code-1", ["state"] = request.State, ["iss"] = StubAuthority.Issuer };
        query?.Invoke(answer);
        return await sign.CompleteAsync(request, answer);
    }
}
