using System.Net;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Sessions;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Xunit;

namespace Proofsheet.Identity.Tests.Users;

/// <summary>What users do in their account affects the tokens that were issued for their sessions.</summary>
[Trait("Database", "Provider")]
public sealed class TokensOfSessionsTests(IdentityHost identity)
{
    [Fact]
    public async Task The_claims_are_those_of_the_session_and_the_account()
    {
        using var person = await Person.SignedInAsync(identity);
        using var client = await ClientAsync(person.Browser, "openid profile email offline_access");
        await using var database = identity.Database();
        var session = await database.Db.Set<UserSession>().SingleAsync(s => s.UserId == person.UserId);

        var claims = await client.OAuth.VerifiedAsync(client.Tokens["access_token"], "at+jwt");
        claims["sub"]!.GetValue<string>().Should().Be(person.UserId);
        claims["sid"]!.GetValue<string>().Should().Be(session.Id.ToString());
        claims["auth_time"]!.GetValue<long>().Should().Be(session.AuthenticatedAt.ToUnixTimeSeconds());
        claims["amr"]!.AsArray().Select(m => m!.GetValue<string>()).Should().Equal("pwd");
        var info = await client.OAuth.UserInfoAsync(client.Tokens["access_token"]);
        info["email"].Should().Be(person.Email);
        info["name"].Should().Be("Anna Example");
    }

    [Fact]
    public async Task A_new_password_ends_the_tokens_of_other_sessions_and_keeps_ones_own()
    {
        using var person = await Person.SignedInAsync(identity);
        using var own = await ClientAsync(person.Browser);
        using var other = await ClientAsync(await person.AnotherBrowserAsync());

        (await person.Browser.SubmitAsync("/account/password", ("OldPassword", person.Password), ("Password", "Basalt-Trumpet-77-river"))).Status.Should().Be(HttpStatusCode.SeeOther);

        (await other.RefreshAsync()).ShouldFail("invalid_grant");
        (await own.RefreshAsync()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_password_that_was_reset_by_mail_ends_all_tokens()
    {
        using var person = await Person.SignedInAsync(identity);
        using var own = await ClientAsync(person.Browser);
        using var anywhere = new PageClient(identity);
        await anywhere.SubmitAsync("/forgot", ("Email", person.Email));
        await anywhere.SubmitAsync($"/reset?token={await identity.TokenOfMailAsync(person.Email, "/reset")}", ("Password", "Basalt-Trumpet-77-river"));

        (await own.RefreshAsync()).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task Ending_a_session_in_the_list_ends_its_tokens()
    {
        using var person = await Person.SignedInAsync(identity);
        using var own = await ClientAsync(person.Browser);
        using var other = await ClientAsync(await person.AnotherBrowserAsync());
        await person.Browser.PostAsync("/account/sessions?handler=Others", (await person.Browser.GetAsync("/account/sessions")).FormToken);

        (await other.RefreshAsync()).ShouldFail("invalid_grant");
        (await own.RefreshAsync()).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Signing_out_ends_the_tokens_of_the_session()
    {
        using var person = await Person.SignedInAsync(identity);
        using var own = await ClientAsync(person.Browser);

        await person.Browser.SubmitAsync("/sign-out");

        (await own.RefreshAsync()).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task A_deleted_or_closed_account_refreshes_nothing()
    {
        using var deleted = await Person.SignedInAsync(identity);
        using var ofDeleted = await ClientAsync(deleted.Browser);
        await deleted.Browser.SubmitAsync("/account/delete", ("Email", deleted.Email));
        (await ofDeleted.RefreshAsync()).ShouldFail("invalid_grant");

        using var closed = await Person.SignedInAsync(identity);
        using var ofClosed = await ClientAsync(closed.Browser);
        await using var database = identity.Database();
        DateTimeOffset? now = identity.Clock.GetUtcNow();
        await database.Db.Users.Where(u => u.Id == closed.UserId).ExecuteUpdateAsync(set => set.SetProperty(u => u.DisabledAt, now));
        (await ofClosed.RefreshAsync()).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task Someone_else_who_signs_in_to_the_browser_ends_the_tokens_of_the_session_before()
    {
        await using var host = await IdentityHost.StartAsync();
        using var first = await Person.SignedInAsync(host);
        using var second = await Person.SignedInAsync(host);
        using var client = await ClientAsync(first.Browser, host: host);
        host.Clock.Advance(TimeSpan.FromMinutes(12));

        await first.Browser.SubmitAsync("/sign-in?to=/account/email", ("Email", second.Email), ("Password", second.Password));

        (await client.RefreshAsync()).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task A_session_of_two_factors_says_so_and_one_of_a_password_is_asked_for_the_second()
    {
        using var person = await Person.SignedInAsync(identity);
        using var before = await ClientAsync(person.Browser);
        using var oauth = new OAuth(identity);
        Copy(person.Browser, oauth);
        (await oauth.AuthorizeAsync(null, OAuth.Request(TestClients.Web, ("acr_values", "mfa")))).Location.OriginalString.Should().StartWith("/sign-in?interaction=");

        await SecondFactorTests.App.SetUpAsync(identity, person);

        using var after = await ClientAsync(person.Browser, acr: "mfa");
        (await after.OAuth.VerifiedAsync(after.Tokens["access_token"], "at+jwt"))["amr"]!.AsArray().Select(m => m!.GetValue<string>()).Should().Equal("pwd", "otp", "mfa");
    }

    private async Task<TokenHolder> ClientAsync(PageClient browser, string scope = "openid offline_access", IdentityHost? host = null, string? acr = null)
    {
        var oauth = new OAuth(host ?? identity);
        Copy(browser, oauth);
        var answer = await oauth.AuthorizeAsync(null, OAuth.Request(TestClients.Web, ("scope", scope), ("acr_values", acr)));
        var code = answer.Redirected("code");
        code.Should().NotBeNull("the browser is signed in; it was sent to {0}", answer.Headers.Location);
        return new TokenHolder(oauth, (await oauth.TokenAsync(TestClients.Web, OAuth.CodeForm(TestClients.Web, code!))).ShouldBe(HttpStatusCode.OK));
    }

    private static void Copy(PageClient browser, OAuth oauth)
    {
        foreach (var (name, value) in browser.Cookies)
        {
            oauth.Cookies[name] = value;
        }
    }

    private sealed record TokenHolder(OAuth OAuth, Answer Tokens) : IDisposable
    {
        public Task<Answer> RefreshAsync() => OAuth.TokenAsync(TestClients.Web, OAuth.RefreshForm(Tokens["refresh_token"]));

        public void Dispose() => OAuth.Dispose();
    }
}
