using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FluentAssertions;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Proofsheet.Jose;
using Xunit;

namespace Proofsheet.Identity.Tests.Protocol;

[Trait("Database", "Provider")]
public sealed class ClientAuthenticationTests(IdentityHost identity) : ProtocolTests(identity)
{
    private static readonly KeyValuePair<string, string?>[] Credentials = [new("grant_type", "client_credentials")];

    [Fact]
    public async Task A_client_gets_a_token_for_itself_by_its_secret_in_the_header_or_the_body()
    {
        var byHeader = (await OAuth.TokenAsync(TestClients.Service, Credentials)).ShouldBe(HttpStatusCode.OK);
        var byBody = (await OAuth.TokenAsync(TestClients.Service with { AuthMethod = AuthMethods.Post }, Credentials)).ShouldBe(HttpStatusCode.OK);

        foreach (var answer in new[] { byHeader, byBody })
        {
            var token = await OAuth.VerifiedAsync(answer["access_token"], "at+jwt");
            token["sub"]!.ToString().Should().Be("service");
            token["sub_type"]!.ToString().Should().Be("client");
            token["scope"]!.ToString().Should().Be("clients:register galleries:read");
            token["sid"].Should().BeNull();
            answer["refresh_token"].Should().BeNull();
            answer["id_token"].Should().BeNull();
        }
    }

    [Theory]
    [InlineData("service", "wrong")]
    [InlineData("service", "")]
    [InlineData("service", TestClients.Secret + "x")]
    [InlineData("nobody", TestClients.Secret)]
    [InlineData("spa", TestClients.Secret)]
    [InlineData("keyed", TestClients.Secret)]
    [InlineData("web", TestClients.ExpiredSecret)]
    [InlineData("ser\0vice", TestClients.Secret)]
    [InlineData("service\n", TestClients.Secret)]
    public async Task Whatever_is_wrong_with_a_secret_the_answer_is_the_same(string clientId, string secret)
    {
        using var request = Request("client_credentials");
        request.Headers.Authorization = Support.OAuth.Basic(clientId, secret);

        var answer = (await OAuth.SendAsync(request)).ShouldFail("invalid_client", HttpStatusCode.Unauthorized);

        answer["error_description"].Should().Be("The client could not be authenticated.");
        answer.Headers.WwwAuthenticate.Single().Scheme.Should().Be("Basic");
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic !!!")]
    [InlineData("Basic c2VydmljZQ==")]
    [InlineData("Basic OnNlY3JldA==")]
    [InlineData("Bearer abc")]
    [InlineData("Digest username=service")]
    public async Task An_authorization_header_that_is_no_basic_one_is_refused(string header)
    {
        using var request = Request("client_credentials");
        request.Headers.TryAddWithoutValidation("Authorization", header);

        (await OAuth.SendAsync(request)).ShouldFail("invalid_client", HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("client_secret", TestClients.Secret)]
    [InlineData("client_assertion", "x.y.z")]
    public async Task Two_methods_at_once_are_refused(string name, string value)
    {
        using var request = Request("client_credentials", (name, value));
        request.Headers.Authorization = Support.OAuth.Basic("service", TestClients.Secret);

        (await OAuth.SendAsync(request)).ShouldFail("invalid_request");
    }

    [Fact]
    public async Task A_secret_and_an_assertion_at_once_are_refused()
    {
        using var request = Request("client_credentials", ("client_secret", TestClients.Secret), ("client_assertion", OAuth.Assertion("keyed")), ("client_assertion_type", ClientAssertions.Type));

        (await OAuth.SendAsync(request)).ShouldFail("invalid_request");
    }

    [Fact]
    public async Task A_client_id_in_addition_to_the_authentication_must_be_the_same()
    {
        using var request = Request("client_credentials", ("client_id", "web"));
        request.Headers.Authorization = Support.OAuth.Basic("service", TestClients.Secret);

        (await OAuth.SendAsync(request)).ShouldFail("invalid_request");
    }

    [Fact]
    public async Task A_confidential_client_does_not_pass_as_a_public_one()
    {
        using var request = Request("client_credentials", ("client_id", "service"));

        (await OAuth.SendAsync(request)).ShouldFail("invalid_client", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_client_with_a_key_proves_it_by_an_assertion()
    {
        var answer = (await OAuth.TokenAsync(TestClients.Keyed, Credentials)).ShouldBe(HttpStatusCode.OK);

        (await OAuth.VerifiedAsync(answer["access_token"], "at+jwt"))["client_id"]!.ToString().Should().Be("keyed");
    }

    [Fact] // fapi2-security-profile-final-ensure-client-assertion-in-token-endpoint
    public async Task A_replayed_assertion_is_refused()
    {
        var assertion = OAuth.Assertion("keyed");

        (await AssertAsync(assertion)).ShouldBe(HttpStatusCode.OK);
        (await AssertAsync(assertion)).ShouldFail("invalid_client", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Of_20_times_the_same_assertion_at_once_one_counts()
    {
        var assertion = OAuth.Assertion("keyed");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AssertAsync(assertion)));

        answers.Where(a => a.Status == HttpStatusCode.OK).Should().ContainSingle();
    }

    [Theory]
    [InlineData("aud", "https://another.example")] // fapi2-security-profile-final-client-assertion-aud...
    [InlineData("aud", null)]
    [InlineData("iss", "service")]
    [InlineData("sub", "service")]
    [InlineData("sub", null)]
    [InlineData("jti", null)]
    [InlineData("exp", null)]
    public async Task An_assertion_with_a_wrong_claim_is_refused(string claim, string? value) =>
        (await AssertAsync(OAuth.Assertion("keyed", claims => claims[claim] = value))).ShouldFail("invalid_client", HttpStatusCode.Unauthorized);

    [Theory]
    [InlineData(-60)]
    [InlineData(3600)]
    public async Task An_assertion_that_has_run_out_or_lives_too_long_is_refused(int seconds)
    {
        var assertion = OAuth.Assertion("keyed", claims => claims["exp"] = Identity.Clock.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds());

        (await AssertAsync(assertion)).ShouldFail("invalid_client", HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("/connect/token", true)]
    [InlineData("", true)]
    [InlineData("/", false)]
    [InlineData("/connect/authorize", false)]
    public async Task The_audience_of_an_assertion_is_the_issuer_or_the_endpoint(string path, bool isAccepted)
    {
        var answer = await AssertAsync(OAuth.Assertion("keyed", claims => claims["aud"] = Identity.Issuer + path));

        answer.Status.Should().Be(isAccepted ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_assertion_by_another_key_or_algorithm_is_refused()
    {
        using var other = SigningKey.Create("ES256");
        using var sameName = SigningKey.Create("ES256", TestClients.Key.Kid);
        var parts = OAuth.Assertion("keyed").Split('.');
        var none = $"{StrictBase64Url.Encode("{\"alg\":\"none\"}"u8)}.{parts[1]}.";
        var hmac = $"{StrictBase64Url.Encode("{\"alg\":\"HS256\"}"u8)}.{parts[1]}.{StrictBase64Url.Encode(System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(TestClients.Keyed.Jwks!), Encoding.ASCII.GetBytes("x")))}";

        foreach (var assertion in new[] { OAuth.Assertion("keyed", key: other), OAuth.Assertion("keyed", key: sameName), none, hmac, "x", "a.b.c", "" + new string('a', 15000) })
        {
            (await AssertAsync(assertion)).ShouldFail("invalid_client", HttpStatusCode.Unauthorized);
        }
    }

    [Theory]
    [InlineData("password", "unsupported_grant_type")]
    [InlineData("implicit", "unsupported_grant_type")]
    [InlineData("refresh_token", "unauthorized_client")]
    [InlineData("authorization_code", "unauthorized_client")]
    [InlineData(null, "invalid_request")]
    public async Task Other_grants_are_refused(string? grantType, string error) =>
        (await OAuth.TokenAsync(TestClients.Service, [new("grant_type", grantType), new("username", "anna"), new("password", "x")])).ShouldFail(error);

    [Theory]
    [InlineData("platform:admin")]
    [InlineData("openid")]
    [InlineData("galleries:read offline_access")]
    [InlineData("galleries:write")]
    [InlineData(" ")]
    public async Task A_client_gets_no_scope_that_is_not_its_own(string scope) =>
        (await OAuth.TokenAsync(TestClients.Service, [.. Credentials, new("scope", scope)])).ShouldFail("invalid_scope");

    [Theory]
    [InlineData("https://another.example")]
    [InlineData("proofsheet-api-2")]
    public async Task Another_resource_is_an_invalid_target(string resource)
    {
        (await OAuth.TokenAsync(TestClients.Service, [.. Credentials, new("resource", resource)])).ShouldFail("invalid_target");
        (await OAuth.TokenAsync(TestClients.Service, [.. Credentials, new("resource", "proofsheet-api"), new("resource", resource)])).ShouldFail("invalid_target");
        (await OAuth.TokenAsync(TestClients.Service, [.. Credentials, new("resource", "proofsheet-api")])).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_parameter_that_is_there_twice_is_refused() =>
        (await OAuth.TokenAsync(TestClients.Service, [.. Credentials, new("scope", "galleries:read"), new("scope", "galleries:read")])).ShouldFail("invalid_request");

    [Fact]
    public async Task Only_forms_are_read()
    {
        using var json = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = new StringContent("{\"grant_type\":\"client_credentials\"}", Encoding.UTF8, "application/json") };
        json.Headers.Authorization = Support.OAuth.Basic("service", TestClients.Secret);
        using var inQuery = new HttpRequestMessage(HttpMethod.Post, "/connect/token?grant_type=client_credentials") { Content = new FormUrlEncodedContent([]) };
        inQuery.Headers.Authorization = Support.OAuth.Basic("service", TestClients.Secret);
        using var get = new HttpRequestMessage(HttpMethod.Get, "/connect/token?grant_type=client_credentials");

        (await OAuth.SendAsync(json)).ShouldFail("invalid_request");
        (await OAuth.SendAsync(inQuery)).ShouldFail("invalid_request");
        (await OAuth.SendAsync(get)).ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task Oversize_and_malformed_requests_are_refused()
    {
        foreach (var body in new[] { "grant_type=%00", "grant_type=client_credentials&x=" + new string('x', 20_000), string.Join('&', Enumerable.Range(0, 60).Select(n => $"p{n}=1")), "%", "=" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded") };
            request.Headers.Authorization = Support.OAuth.Basic("service", TestClients.Secret);

            (await OAuth.SendAsync(request)).ShouldFail("invalid_request");
        }

        using var huge = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = new StringContent("x=" + new string('x', 300_000), new MediaTypeHeaderValue("application/x-www-form-urlencoded")) };
        (await OAuth.SendAsync(huge)).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    private Task<Answer> AssertAsync(string assertion) => OAuth.PostAsync("/connect/token", [.. Credentials, new("client_assertion_type", ClientAssertions.Type), new("client_assertion", assertion)]);

    private static HttpRequestMessage Request(string grantType, params (string Name, string Value)[] fields) =>
        new(HttpMethod.Post, "/connect/token") { Content = new FormUrlEncodedContent([new("grant_type", grantType), .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))]) };
}
