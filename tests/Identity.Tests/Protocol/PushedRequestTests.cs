using System.Net;
using FluentAssertions;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Xunit;

namespace Proofsheet.Identity.Tests.Protocol;

[Trait("Database", "Provider")]
public sealed class PushedRequestTests(IdentityHost identity) : ProtocolTests(identity)
{
    [Fact] // fapi2-security-profile-final-par-...
    public async Task A_pushed_request_is_carried_out_by_its_reference_alone()
    {
        var requestUri = await PushAsync();

        var answer = await VisitAsync(requestUri, SignIn(), ("scope", "openid galleries:write"), ("redirect_uri", "https://evil.example"));

        answer.Location.OriginalString.Should().StartWith(TestClients.Callback + "?code=");
        answer.Redirected("state").Should().Be("the-state");
        var tokens = await OAuth.TokenAsync(TestClients.Pushed, Support.OAuth.CodeForm(TestClients.Pushed, answer.Redirected("code")!));
        tokens["scope"].Should().Be("openid offline_access galleries:read", "what is sent along with the reference does not count");
    }

    [Fact] // Trap 8; fapi2-security-profile-final-par-attempt-reuse-request_uri
    public async Task A_request_uri_is_used_up_at_completion_and_not_at_the_first_visit()
    {
        var requestUri = await PushAsync();
        (await VisitAsync(requestUri, null)).Location.OriginalString.Should().StartWith("/sign-in?");
        var interaction = (await VisitAsync(requestUri, null)).Redirected("interaction");

        (await OAuth.GetAsync($"/connect/authorize/resume?interaction={interaction}", SignIn())).Redirected("code").Should().NotBeNull();

        (await VisitAsync(requestUri, SignIn())).ShouldBe(HttpStatusCode.BadRequest).Headers.Location.Should().BeNull();
    }

    [Fact]
    public async Task Two_interactions_of_one_pushed_request_give_one_code()
    {
        var requestUri = await PushAsync();
        var (one, two) = ((await VisitAsync(requestUri, null)).Redirected("interaction"), (await VisitAsync(requestUri, null)).Redirected("interaction"));
        var session = SignIn();

        var answers = await Task.WhenAll(new[] { one, two, one, two }.Select(i => OAuth.GetAsync($"/connect/authorize/resume?interaction={i}", session)));

        answers.Where(a => a.Redirected("code") is not null).Should().ContainSingle();
    }

    [Fact]
    public async Task A_request_uri_runs_out_and_belongs_to_its_client()
    {
        await using var host = await IdentityHost.StartAsync();
        using var oauth = new OAuth(host);
        var pushed = (await oauth.PostAsync("/connect/par", Support.OAuth.Request(TestClients.Pushed), TestClients.Pushed)).ShouldBe(HttpStatusCode.Created);
        pushed["expires_in"].Should().Be("300");
        var session = host.Sessions.Begin(host.Clock.GetUtcNow());
        var parameters = new Dictionary<string, string?> { ["client_id"] = "web", ["request_uri"] = pushed["request_uri"] };

        (await oauth.AuthorizeAsync(session, parameters)).ShouldBe(HttpStatusCode.BadRequest);
        host.Clock.Advance(TimeSpan.FromSeconds(301));
        parameters["client_id"] = "pushed";
        (await oauth.AuthorizeAsync(session, parameters)).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact] // fapi2-security-profile-final-par-without-...
    public async Task A_client_that_pushes_its_requests_may_not_do_without() =>
        (await OAuth.AuthorizeAsync(SignIn(), Support.OAuth.Request(TestClients.Pushed))).Redirected("error").Should().Be("invalid_request");

    [Fact]
    public async Task What_is_pushed_is_checked_at_once_and_only_for_its_own_client()
    {
        (await OAuth.PostAsync("/connect/par", Support.OAuth.Request(TestClients.Pushed, ("redirect_uri", "https://evil.example")), TestClients.Pushed)).ShouldFail("invalid_request");
        (await OAuth.PostAsync("/connect/par", Support.OAuth.Request(TestClients.Pushed, ("code_challenge", null)), TestClients.Pushed)).ShouldFail("invalid_request");
        (await OAuth.PostAsync("/connect/par", Support.OAuth.Request(TestClients.Pushed, ("scope", "platform:admin")), TestClients.Pushed)).ShouldFail("invalid_scope");
        (await OAuth.PostAsync("/connect/par", Support.OAuth.Request(TestClients.Pushed, ("request_uri", "urn:x")), TestClients.Pushed)).ShouldFail("invalid_request");
        (await OAuth.PostAsync("/connect/par", Support.OAuth.Request(TestClients.Pushed))).ShouldFail("invalid_client", HttpStatusCode.Unauthorized);
        (await OAuth.PostAsync("/connect/par", Support.OAuth.Request(TestClients.Spa), TestClients.Web)).ShouldFail("invalid_request");
    }

    [Theory]
    [InlineData("urn:ietf:params:oauth:request_uri:unknown")]
    [InlineData("https://evil.example/request.jwt")]
    [InlineData("http://127.0.0.1:1/")]
    public async Task A_reference_that_is_not_ours_is_not_followed(string requestUri) =>
        (await VisitAsync(requestUri, SignIn())).ShouldBe(HttpStatusCode.BadRequest).Headers.Location.Should().BeNull();

    private async Task<string> PushAsync() =>
        (await OAuth.PostAsync("/connect/par", Support.OAuth.Request(TestClients.Pushed), TestClients.Pushed)).ShouldBe(HttpStatusCode.Created)["request_uri"]!;

    private Task<Answer> VisitAsync(string requestUri, Proofsheet.Identity.Protocol.Ports.SignedIn? session, params (string Name, string? Value)[] more)
    {
        var parameters = new Dictionary<string, string?> { ["client_id"] = "pushed", ["request_uri"] = requestUri };
        foreach (var (name, value) in more)
        {
            parameters[name] = value;
        }

        return OAuth.AuthorizeAsync(session, parameters);
    }
}
