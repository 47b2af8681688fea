using System.Net;
using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Proofsheet.Jose;
using Xunit;

namespace Proofsheet.Identity.Tests.Protocol;

[Trait("Database", "Provider")]
public sealed class DpopTests(IdentityHost identity) : ProtocolTests(identity)
{
    private const string Token = "/connect/token";
    private readonly SigningKey _key = SigningKey.Create("ES256");

    private string Thumbprint => _key.PublicKey.Thumbprint();

    [Fact]
    public async Task A_token_is_bound_to_the_key_that_asked_for_it()
    {
        var answer = await OAuth.TokensAsync(TestClients.Spa, SignIn(), OAuth.Proof(_key, "POST", Token));

        answer["token_type"].Should().Be("DPoP");
        var access = answer["access_token"];
        (await OAuth.VerifiedAsync(access, "at+jwt"))["cnf"]!["jkt"]!.ToString().Should().Be(Thumbprint);
        (await OAuth.UserInfoAsync(access, "DPoP", OAuth.Proof(_key, "GET", "/connect/userinfo", access))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_bound_token_is_nothing_without_its_key()
    {
        var access = (await OAuth.TokensAsync(TestClients.Spa, SignIn(), OAuth.Proof(_key, "POST", Token)))["access_token"];
        using var other = SigningKey.Create("ES256");
        const string path = "/connect/userinfo";

        (await OAuth.UserInfoAsync(access)).ShouldBe(HttpStatusCode.Unauthorized);
        (await OAuth.UserInfoAsync(access, "DPoP")).ShouldBe(HttpStatusCode.Unauthorized);
        (await OAuth.UserInfoAsync(access, "DPoP", OAuth.Proof(other, "GET", path, access))).ShouldBe(HttpStatusCode.Unauthorized);
        (await OAuth.UserInfoAsync(access, "DPoP", OAuth.Proof(_key, "GET", path))).ShouldBe(HttpStatusCode.Unauthorized);
        (await OAuth.UserInfoAsync(access, "DPoP", OAuth.Proof(_key, "GET", path, access + "x"))).ShouldBe(HttpStatusCode.Unauthorized);
        (await OAuth.UserInfoAsync(access, "DPoP", OAuth.Proof(_key, "POST", path, access))).ShouldBe(HttpStatusCode.Unauthorized);
        var proof = OAuth.Proof(_key, "GET", path, access);
        (await OAuth.UserInfoAsync(access, "DPoP", proof)).ShouldBe(HttpStatusCode.OK);
        (await OAuth.UserInfoAsync(access, "DPoP", proof)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_bearer_token_is_not_taken_as_a_bound_one()
    {
        var access = (await OAuth.TokensAsync(TestClients.Spa, SignIn()))["access_token"];

        (await OAuth.UserInfoAsync(access, "DPoP", OAuth.Proof(_key, "GET", "/connect/userinfo", access))).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact] // fapi2-security-profile-final-dpop-negative-tests
    public async Task A_replayed_proof_is_refused_also_when_20_come_at_once()
    {
        var proof = OAuth.Proof(_key, "POST", Token);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CredentialsAsync(proof)));

        answers.Where(a => a.Status == HttpStatusCode.OK).Should().ContainSingle();
        answers.Where(a => a.Error == "invalid_dpop_proof").Should().HaveCount(19);
    }

    [Fact]
    public async Task A_proof_of_another_request_time_key_or_kind_is_refused()
    {
        using var rsa = SigningKey.Create("RS256");
        using var other = SigningKey.Create("ES256");
        var now = Identity.Clock.GetUtcNow().ToUnixTimeSeconds();
        var withPrivate = _key.PublicKey.ToJson();
        withPrivate["d"] = withPrivate["x"]!.DeepClone();
        string[] proofs =
        [
            OAuth.Proof(_key, "GET", Token),
            OAuth.Proof(_key, "POST", "/connect/par"),
            OAuth.Proof(_key, "POST", Token, change: c => c["htu"] = "https://evil.example/connect/token"),
            OAuth.Proof(_key, "POST", Token, change: c => c["htu"] = "connect/token"),
            OAuth.Proof(_key, "POST", Token, change: c => c["iat"] = now - 120),
            OAuth.Proof(_key, "POST", Token, change: c => c["iat"] = now + 120),
            OAuth.Proof(_key, "POST", Token, change: c => c.Remove("iat")),
            OAuth.Proof(_key, "POST", Token, change: c => c.Remove("jti")),
            OAuth.Proof(_key, "POST", Token, change: c => c["jti"] = new string('j', 300)),
            OAuth.Proof(_key, "POST", Token, type: "JWT"),
            OAuth.Proof(_key, "POST", Token, jwk: other.PublicKey.ToJson()),
            OAuth.Proof(_key, "POST", Token, jwk: withPrivate),
            OAuth.Proof(_key, "POST", Token, jwk: new JsonObject { ["kty"] = "oct", ["k"] = "AAAA" }),
            OAuth.Proof(rsa, "POST", Token),
            "x",
            "a.b.c",
        ];

        foreach (var proof in proofs)
        {
            (await CredentialsAsync(proof)).ShouldFail("invalid_dpop_proof");
        }

        (await CredentialsAsync(OAuth.Proof(_key, "POST", Token, change: c => c["htu"] = Identity.Issuer + Token + "?x=1#y"))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Two_proofs_in_one_request_are_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Token) { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) };
        request.Headers.Authorization = Support.OAuth.Basic("service", TestClients.Secret);
        request.Headers.TryAddWithoutValidation("DPoP", [OAuth.Proof(_key, "POST", Token), OAuth.Proof(_key, "POST", Token)]);

        (await OAuth.SendAsync(request)).ShouldFail("invalid_dpop_proof");
    }

    [Fact]
    public async Task A_code_bound_to_a_key_is_for_that_key_alone()
    {
        using var thief = SigningKey.Create("ES256");
        var code = await OAuth.CodeAsync(TestClients.Spa, SignIn(), ("dpop_jkt", Thumbprint));

        (await OAuth.TokenAsync(TestClients.Spa, Support.OAuth.CodeForm(TestClients.Spa, code))).ShouldFail("invalid_grant");
        (await OAuth.TokenAsync(TestClients.Spa, Support.OAuth.CodeForm(TestClients.Spa, code), OAuth.Proof(thief, "POST", Token))).ShouldFail("invalid_grant");
        (await OAuth.TokenAsync(TestClients.Spa, Support.OAuth.CodeForm(TestClients.Spa, code), OAuth.Proof(_key, "POST", Token))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_refresh_token_is_bound_to_the_key_too_and_a_thief_ends_nothing()
    {
        using var thief = SigningKey.Create("ES256");
        var tokens = await OAuth.TokensAsync(TestClients.Spa, SignIn(), OAuth.Proof(_key, "POST", Token));
        var form = Support.OAuth.RefreshForm(tokens["refresh_token"]);

        (await OAuth.TokenAsync(TestClients.Spa, form)).ShouldFail("invalid_grant");
        (await OAuth.TokenAsync(TestClients.Spa, form, OAuth.Proof(thief, "POST", Token))).ShouldFail("invalid_grant");
        var second = (await OAuth.TokenAsync(TestClients.Spa, form, OAuth.Proof(_key, "POST", Token))).ShouldBe(HttpStatusCode.OK);

        // Within seconds the same key gets the same answer; without it, or with another one, there is nothing, and nothing ends.
        (await OAuth.TokenAsync(TestClients.Spa, form)).ShouldFail("invalid_grant");
        (await OAuth.TokenAsync(TestClients.Spa, form, OAuth.Proof(thief, "POST", Token))).ShouldFail("invalid_grant");
        (await OAuth.TokenAsync(TestClients.Spa, form, OAuth.Proof(_key, "POST", Token))).ShouldBe(HttpStatusCode.OK)["refresh_token"].Should().Be(second["refresh_token"]);
        (await OAuth.TokenAsync(TestClients.Spa, Support.OAuth.RefreshForm(second["refresh_token"]), OAuth.Proof(_key, "POST", Token))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_client_may_be_held_to_bound_tokens()
    {
        var code = await OAuth.CodeAsync(TestClients.Bound, SignIn());

        (await OAuth.TokenAsync(TestClients.Bound, Support.OAuth.CodeForm(TestClients.Bound, code))).ShouldFail("invalid_dpop_proof");
        (await OAuth.TokenAsync(TestClients.Bound, Support.OAuth.CodeForm(TestClients.Bound, code), OAuth.Proof(_key, "POST", Token))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_pushed_request_binds_its_code_by_the_proof_that_came_with_it()
    {
        const string path = "/connect/par";
        var request = Support.OAuth.Request(TestClients.Pushed, ("dpop_jkt", SigningKeyOfOthers()));
        (await OAuth.PostAsync(path, request, TestClients.Pushed, OAuth.Proof(_key, "POST", path))).ShouldFail("invalid_dpop_proof");

        var pushed = (await OAuth.PostAsync(path, Support.OAuth.Request(TestClients.Pushed), TestClients.Pushed, OAuth.Proof(_key, "POST", path))).ShouldBe(HttpStatusCode.Created);
        var answer = await OAuth.GetAsync(Support.OAuth.Address(new Dictionary<string, string?> { ["client_id"] = "pushed", ["request_uri"] = pushed["request_uri"] }), SignIn());
        var form = Support.OAuth.CodeForm(TestClients.Pushed, answer.Redirected("code")!);

        (await OAuth.TokenAsync(TestClients.Pushed, form)).ShouldFail("invalid_grant");
        (await OAuth.TokenAsync(TestClients.Pushed, form, OAuth.Proof(_key, "POST", Token))).ShouldBe(HttpStatusCode.OK);
    }

    private static string SigningKeyOfOthers()
    {
        using var key = SigningKey.Create("ES256");
        return key.PublicKey.Thumbprint();
    }

    private Task<Answer> CredentialsAsync(string proof) => OAuth.TokenAsync(TestClients.Service, [new("grant_type", GrantTypes.ClientCredentials)], proof);
}
