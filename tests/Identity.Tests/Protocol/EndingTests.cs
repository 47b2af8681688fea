using System.Net;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Protocol.Web;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Xunit;

namespace Proofsheet.Identity.Tests.Protocol;

/// <summary>Revocation, introspection, userinfo and the end of sessions.</summary>
[Trait("Database", "Provider")]
public sealed class EndingTests(IdentityHost identity) : ProtocolTests(identity)
{
    [Fact]
    public async Task Userinfo_tells_what_the_scopes_allow()
    {
        var session = SignIn();
        var all = await OAuth.TokensAsync(TestClients.Web, session, null, ("scope", "openid profile email"));
        var little = await OAuth.TokensAsync(TestClients.Web, session, null, ("scope", "openid"));
        var none = await OAuth.TokensAsync(TestClients.Web, session, null, ("scope", "galleries:read"));

        var told = (await OAuth.UserInfoAsync(all["access_token"])).ShouldBe(HttpStatusCode.OK);
        told["sub"].Should().Be(session.Subject);
        told["name"].Should().Be("Anna Example");
        told["email"].Should().Be($"{session.Subject}@example.com");
        told["email_verified"].Should().Be("true");
        (await OAuth.UserInfoAsync(little["access_token"])).Json!.AsObject().Select(p => p.Key).Should().Equal("sub");
        var refused = await OAuth.UserInfoAsync(none["access_token"]);
        refused.ShouldBe(HttpStatusCode.Forbidden).Headers.WwwAuthenticate.Single().Parameter.Should().Contain("insufficient_scope");
    }

    [Fact] // oidcc-userinfo-post-header, oidcc-userinfo-post-body
    public async Task Userinfo_takes_a_token_in_the_header_or_the_body_and_not_in_both_or_in_the_address()
    {
        var token = (await OAuth.TokensAsync(TestClients.Web, SignIn()))["access_token"]!;
        using var both = new HttpRequestMessage(HttpMethod.Post, "/connect/userinfo") { Content = new FormUrlEncodedContent([new("access_token", token)]) };
        both.Headers.Authorization = new("Bearer", token);
        using var header = new HttpRequestMessage(HttpMethod.Post, "/connect/userinfo");
        header.Headers.Authorization = new("Bearer", token);

        (await OAuth.PostAsync("/connect/userinfo", [new("access_token", token)])).ShouldBe(HttpStatusCode.OK);
        (await OAuth.SendAsync(header)).ShouldBe(HttpStatusCode.OK);
        (await OAuth.SendAsync(both)).ShouldBe(HttpStatusCode.BadRequest);
        (await OAuth.GetAsync($"/connect/userinfo?access_token={token}")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Userinfo_refuses_what_is_no_access_token_of_ours()
    {
        var tokens = await OAuth.TokensAsync(TestClients.Web, SignIn());
        var parts = tokens["access_token"]!.Split('.');
        using var foreign = Proofsheet.Jose.SigningKey.Create("ES256");
        Proofsheet.Jose.StrictBase64Url.TryDecode(parts[1], out var payload);

        foreach (var token in new[]
        {
            tokens["id_token"]!, tokens["refresh_token"]!, "x", "a.b.c", $"{parts[0]}.{parts[1]}.{new string('A', 86)}", tokens["access_token"] + "=", new string('a', 9000),
            Proofsheet.Jose.Jws.Sign(foreign, "at+jwt", payload),
        })
        {
            var answer = await OAuth.UserInfoAsync(token);
            answer.ShouldBe(HttpStatusCode.Unauthorized).Headers.WwwAuthenticate.Single().Parameter.Should().Contain("invalid_token");
        }

        var without = await OAuth.GetAsync("/connect/userinfo");
        without.ShouldBe(HttpStatusCode.Unauthorized).Headers.WwwAuthenticate.Single().Parameter.Should().NotContain("error");
    }

    [Fact]
    public async Task An_access_token_has_run_out_after_15_minutes()
    {
        await using var host = await IdentityHost.StartAsync();
        using var oauth = new OAuth(host);
        var tokens = await oauth.TokensAsync(TestClients.Web, host.Sessions.Begin(host.Clock.GetUtcNow()));

        host.Clock.Advance(TimeSpan.FromSeconds(14 * 60));
        (await oauth.UserInfoAsync(tokens["access_token"])).ShouldBe(HttpStatusCode.OK);
        host.Clock.Advance(TimeSpan.FromSeconds(66));
        (await oauth.UserInfoAsync(tokens["access_token"])).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_revoked_refresh_token_ends_its_family_and_a_revoked_access_token_only_itself()
    {
        var session = SignIn();
        var (one, two) = (await OAuth.TokensAsync(TestClients.Web, session), await OAuth.TokensAsync(TestClients.Web, session));

        (await RevokeAsync(one["refresh_token"], TestClients.Web)).ShouldBe(HttpStatusCode.OK);
        (await RevokeAsync(two["access_token"], TestClients.Web)).ShouldBe(HttpStatusCode.OK);

        (await OAuth.UserInfoAsync(one["access_token"])).ShouldBe(HttpStatusCode.Unauthorized);
        (await OAuth.TokenAsync(TestClients.Web, Support.OAuth.RefreshForm(one["refresh_token"]))).ShouldFail("invalid_grant");
        (await OAuth.UserInfoAsync(two["access_token"])).ShouldBe(HttpStatusCode.Unauthorized);
        (await OAuth.TokenAsync(TestClients.Web, Support.OAuth.RefreshForm(two["refresh_token"]))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Revoking_needs_the_tokens_own_client_and_an_unknown_token_is_no_error()
    {
        var tokens = await OAuth.TokensAsync(TestClients.Web, SignIn());

        (await RevokeAsync(tokens["refresh_token"], TestClients.Spa)).ShouldFail("invalid_grant");
        (await RevokeAsync(tokens["access_token"], TestClients.Spa)).ShouldFail("invalid_grant");
        (await RevokeAsync(tokens["refresh_token"], null)).ShouldFail("invalid_client", HttpStatusCode.Unauthorized);
        (await RevokeAsync("unknown", TestClients.Web)).ShouldBe(HttpStatusCode.OK);
        (await RevokeAsync(null, TestClients.Web)).ShouldFail("invalid_request");

        (await OAuth.UserInfoAsync(tokens["access_token"])).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Introspection_tells_a_client_that_may_ask_what_a_token_is_now()
    {
        var tokens = await OAuth.TokensAsync(TestClients.Web, SignIn());

        var answer = (await IntrospectAsync(tokens["access_token"], TestClients.Service)).ShouldBe(HttpStatusCode.OK);
        answer["active"].Should().Be("true");
        answer["client_id"].Should().Be("web");
        answer["token_type"].Should().Be("Bearer");
        (await IntrospectAsync(tokens["refresh_token"], TestClients.Service))["active"].Should().Be("true");
        await RevokeAsync(tokens["refresh_token"], TestClients.Web);
        (await IntrospectAsync(tokens["access_token"], TestClients.Service)).Json!.AsObject().Should().HaveCount(1).And.ContainKey("active");
        (await IntrospectAsync(tokens["refresh_token"], TestClients.Service))["active"].Should().Be("false");
        (await IntrospectAsync("x", TestClients.Service))["active"].Should().Be("false");
        (await IntrospectAsync(tokens["id_token"], TestClients.Service))["active"].Should().Be("false");
    }

    [Fact]
    public async Task Introspection_is_for_nobody_else()
    {
        var tokens = await OAuth.TokensAsync(TestClients.Web, SignIn());

        (await IntrospectAsync(tokens["access_token"], TestClients.Web)).ShouldFail("unauthorized_client", HttpStatusCode.Forbidden);
        (await IntrospectAsync(tokens["access_token"], TestClients.Spa)).ShouldFail("unauthorized_client", HttpStatusCode.Forbidden);
        (await IntrospectAsync(tokens["access_token"], null)).ShouldFail("invalid_client", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_forced_logout_asks()
    {
        var session = SignIn();
        var tokens = await OAuth.TokensAsync(TestClients.Web, session);
        var others = (await OAuth.TokensAsync(TestClients.Web, SignIn()))["id_token"];
        const string bye = "post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye";

        foreach (var query in new[] { "", "?client_id=web", $"?client_id=web&{bye}&state=s", $"?id_token_hint={others}&{bye}", "?id_token_hint=nonsense", $"?id_token_hint={tokens["access_token"]}" })
        {
            var answer = await OAuth.GetAsync($"/connect/endsession{query}", session);
            answer.ShouldBe(HttpStatusCode.Redirect).Location.OriginalString.Should().StartWith("/sign-out?logout=");
        }

        (await OAuth.UserInfoAsync(tokens["access_token"])).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_asked_about_at_sign_out_is_known_to_the_browser_that_brought_it_alone()
    {
        var answer = await OAuth.GetAsync("/connect/endsession?client_id=web&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye&state=s", SignIn());
        await using var scope = Identity.Services.CreateAsyncScope();
        var requests = scope.ServiceProvider.GetRequiredService<ILogoutRequests>();
        var browser = new DefaultHttpContext();
        browser.Request.Headers.Cookie = $"{BrowserBinding.Cookie}={OAuth.Cookies[BrowserBinding.Cookie]}";

        var request = await requests.FindAsync(answer.Redirected("logout")!, browser, default);

        request!.ClientName.Should().Be("Studio");
        request.ReturnAddress.Should().Be("https://app.example/bye?state=s");
        (await requests.FindAsync(answer.Redirected("logout")!, new DefaultHttpContext(), default)).Should().BeNull();
    }

    [Fact]
    public async Task A_client_with_an_id_token_of_the_session_ends_it_and_all_its_tokens_are_dead()
    {
        var session = SignIn();
        var tokens = await OAuth.TokensAsync(TestClients.Web, session);
        var elsewhere = await OAuth.TokensAsync(TestClients.Spa, session);

        var answer = await OAuth.GetAsync($"/connect/endsession?id_token_hint={tokens["id_token"]}&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye&state=a%26b", session);

        answer.ShouldBe(HttpStatusCode.Redirect).Location.OriginalString.Should().Be("https://app.example/bye?state=a%26b");
        foreach (var (client, dead) in new[] { (TestClients.Web, tokens), (TestClients.Spa, elsewhere) })
        {
            (await OAuth.UserInfoAsync(dead["access_token"])).ShouldBe(HttpStatusCode.Unauthorized);
            (await OAuth.TokenAsync(client, Support.OAuth.RefreshForm(dead["refresh_token"]))).ShouldFail("invalid_grant");
        }

        (await OAuth.AuthorizeAsync(session, Support.OAuth.Request(TestClients.Web, ("prompt", "none")))).Redirected("error").Should().Be("login_required");
    }

    [Fact]
    public async Task A_logout_may_come_by_POST_and_goes_on_by_GET_where_the_session_is_known()
    {
        var session = SignIn();
        var tokens = await OAuth.TokensAsync(TestClients.Web, session);

        var answer = (await OAuth.PostAsync("/connect/endsession",
            [new("id_token_hint", tokens["id_token"]), new("post_logout_redirect_uri", "https://app.example/bye"), new("state", "a&b"), new("ui_locales", "x")])).ShouldBe(HttpStatusCode.SeeOther);

        (await OAuth.GetAsync(answer.Location.OriginalString, session)).Location.OriginalString.Should().Be("https://app.example/bye?state=a%26b");
        (await OAuth.UserInfoAsync(tokens["access_token"])).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("https://app.example/bye/")]
    [InlineData("https://app.example/callback")]
    [InlineData("//evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task An_address_that_is_not_registered_is_redirected_to_by_no_logout(string uri)
    {
        var session = SignIn();
        var hint = (await OAuth.TokensAsync(TestClients.Web, session))["id_token"];

        foreach (var query in new[] { $"id_token_hint={hint}", "client_id=web", "client_id=nobody", "x=y" })
        {
            var answer = await OAuth.GetAsync($"/connect/endsession?{query}&post_logout_redirect_uri={Uri.EscapeDataString(uri)}", session);
            answer.ShouldBe(HttpStatusCode.BadRequest).Headers.Location.Should().BeNull();
        }

        (await OAuth.AuthorizeAsync(session, Support.OAuth.Request(TestClients.Web, ("prompt", "none")))).Redirected("code").Should().NotBeNull("the session goes on");
    }

    [Fact]
    public async Task A_disconnected_application_has_neither_tokens_nor_consent()
    {
        var session = SignIn();
        await using var scope = Identity.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IConsentStore>().PutAsync(session.Subject, "third", ["openid", "offline_access", "galleries:read"], Identity.Clock.GetUtcNow(), default);
        var tokens = await OAuth.TokensAsync(TestClients.Third, session);
        var others = await OAuth.TokensAsync(TestClients.Web, session);
        var applications = scope.ServiceProvider.GetRequiredService<IConnectedApplications>();
        (await applications.ListAsync(session.Subject, default)).Should().ContainSingle().Which.Name.Should().Be("Somebody's");

        await applications.DisconnectAsync(session.Subject, "third", default);

        (await applications.ListAsync(session.Subject, default)).Should().BeEmpty();
        (await OAuth.TokenAsync(TestClients.Third, Support.OAuth.RefreshForm(tokens["refresh_token"]))).ShouldFail("invalid_grant");
        (await OAuth.UserInfoAsync(others["access_token"])).ShouldBe(HttpStatusCode.OK);
        (await OAuth.AuthorizeAsync(session, Support.OAuth.Request(TestClients.Third))).Location.OriginalString.Should().StartWith("/consent?");
    }

    private Task<Answer> RevokeAsync(string? token, Client? client) => OAuth.PostAsync("/connect/revocation", [new("token", token)], client);

    private Task<Answer> IntrospectAsync(string? token, Client? client) => OAuth.PostAsync("/connect/introspect", [new("token", token)], client);
}
