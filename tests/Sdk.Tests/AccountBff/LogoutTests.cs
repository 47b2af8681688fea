using System.Net;
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

        (await _stage.NotifyAsync(_stage.Authority.Sign(_stage.Authority.LogoutClaims("sid-1", "anna")))).Should().Be(HttpStatusCode.OK);
        (await here.UserAsync()).Should().BeNull();
        (await there.UserAsync()).Should().NotBeNull();

        (await _stage.NotifyAsync(_stage.Authority.Sign(_stage.Authority.LogoutClaims(null, "anna")))).Should().Be(HttpStatusCode.OK);
        (await there.UserAsync()).Should().BeNull();
        (await ben.UserAsync()).Should().NotBeNull();
    }

    [Fact]
    public async Task A_logout_token_counts_once()
    {
        var token = _stage.Authority.Sign(_stage.Authority.LogoutClaims("sid-1", "anna"));
        (await _stage.NotifyAsync(token)).Should().Be(HttpStatusCode.OK);
        (await _stage.NotifyAsync(token)).Should().Be(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public async Task Keys_of_RSA_are_taken_with_both_of_their_algorithms(string algorithm)
    {
        var browser = await _stage.SignedInAsync("anna", "sid-1");

        (await _stage.NotifyAsync(_stage.Authority.SignOtherwise(_stage.Authority.LogoutClaims("sid-1", "anna"), algorithm, "key-rsa"))).Should().Be(HttpStatusCode.OK);

        (await browser.UserAsync()).Should().BeNull();
    }

    [Fact]
    public async Task A_token_for_several_audiences_counts_when_this_is_one_of_them()
    {
        var claims = _stage.Authority.LogoutClaims("sid-1", "anna");
        claims["aud"] = new[] { "another-client", "account-bff" };

        (await _stage.NotifyAsync(_stage.Authority.Sign(claims))).Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_token_of_an_unknown_key_makes_the_keys_be_read_once_and_not_for_each_of_a_flood()
    {
        for (var i = 0; i < 20; i++)
        {
            (await _stage.NotifyAsync(_stage.Authority.Sign(_stage.Authority.LogoutClaims("sid-1", "anna"), kid: $"unknown-{i}"))).Should().Be(HttpStatusCode.BadRequest);
        }

        _stage.Authority.Count("GET /jwks").Should().Be(1);
    }
}
