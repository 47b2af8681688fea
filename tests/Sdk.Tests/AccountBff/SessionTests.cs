using System.Net;
using FluentAssertions;
using Xunit;

namespace Proofsheet.Sdk.Tests.AccountBff;

public sealed class SessionTests : IAsyncLifetime
{
    private BffStage _stage = null!;

    public async ValueTask InitializeAsync() => _stage = await BffStage.StartAsync();

    public async ValueTask DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public async Task Signing_in_pushes_the_request_and_shows_the_browser_nothing_of_it()
    {
        var browser = _stage.NewBrowser();

        var start = await browser.GetAsync("/bff/sign-in?returnTo=/&studio=anna-lindqvist&prompt=create");

        start.StatusCode.Should().Be(HttpStatusCode.Redirect);
        System.Web.HttpUtility.ParseQueryString(start.Headers.Location!.Query).AllKeys.Should().BeEquivalentTo("client_id", "request_uri");
        var pushed = _stage.Authority.PushedFor(start.Headers.Location!);
        pushed.Should().Contain("code_challenge_method", "S256").And.Contain("acr_values", "tenant:anna-lindqvist").And.Contain("prompt", "create")
            .And.Contain("redirect_uri", new Uri(_stage.Address, "/bff/signed-in").AbsoluteUri);
        browser.SetCookies.Should().ContainSingle().Which.Should().NotContain(pushed["state"]).And.NotContain(pushed["nonce"]);
    }

    [Fact]
    public async Task Cookies_are_the_hosts_alone_out_of_reach_of_scripts_and_hold_no_token()
    {
        var browser = await _stage.SignedInAsync(returnTo: "/inside?page=2");

        var session = browser.SetCookies.Last(c => c.StartsWith("__Host-account.session=", StringComparison.Ordinal)).Split("; ");
        session.Should().Contain("path=/").And.Contain("secure").And.Contain("httponly").And.Contain("samesite=lax").And.NotContain(p => p.StartsWith("domain", StringComparison.OrdinalIgnoreCase));
        browser.Session.Should().MatchRegex("^[A-Za-z0-9_-]{43}$");
        browser.Cookies.Keys.Should().Equal(["__Host-account.session"], "what belonged to the sign-in alone is gone");
        browser.SetCookies.Should().OnlyContain(c => c.StartsWith("__Host-", StringComparison.Ordinal) && c.Contains("secure") && c.Contains("httponly") && c.Contains("samesite=lax"));
        string.Join('\n', browser.SetCookies).Should().NotContain("access-").And.NotContain("refresh-");
    }

    [Fact]
    public async Task Signing_in_goes_back_to_where_one_came_from_on_this_site_only()
    {
        var browser = _stage.NewBrowser();
        (await _stage.SignInAsync(browser, "anna", "sid-1", "/inside?page=2")).Headers.Location!.OriginalString.Should().Be("/inside?page=2");
        foreach (var trick in new[] { "https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nSet-Cookie: x=y", "\\/evil.example" })
        {
            (await _stage.SignInAsync(browser, "anna", "sid-1", trick)).Headers.Location!.OriginalString.Should().Be("/", trick);
        }
    }

    [Fact]
    public async Task Who_is_signed_in_is_told_to_own_scripts()
    {
        var browser = await _stage.SignedInAsync();

        (await browser.UserAsync())!.Value.GetProperty("subject").GetString().Should().Be("anna");
        (await _stage.NewBrowser().UserAsync()).Should().BeNull();
    }

    [Fact]
    public async Task A_session_brought_along_is_not_the_one_that_is_signed_in_Fixation()
    {
        var mallory = await _stage.SignedInAsync("mallory", "sid-m");
        var victim = _stage.NewBrowser();
        victim.Cookies["__Host-account.session"] = mallory.Session!;

        await _stage.SignInAsync(victim, "anna", "sid-1");

        victim.Session.Should().NotBe(mallory.Session);
        (await victim.UserAsync())!.Value.GetProperty("subject").GetString().Should().Be("anna");
        (await mallory.UserAsync()).Should().BeNull("the session that it replaced has ended");
    }

    [Fact]
    public async Task A_made_up_session_stays_made_up()
    {
        var browser = _stage.NewBrowser();
        browser.Cookies["__Host-account.session"] = new string('A', 43);
        (await browser.UserAsync()).Should().BeNull();
        await _stage.SignInAsync(browser, "anna", "sid-1");
        browser.Session.Should().NotBe(new string('A', 43));
    }

    [Fact]
    public async Task A_sign_in_begun_elsewhere_cannot_be_ended_here_Login_CSRF()
    {
        var mallory = _stage.NewBrowser();
        var start = await mallory.GetAsync("/bff/sign-in");
        var back = _stage.Authority.SignIn(start.Headers.Location!, "mallory", "sid-m");
        var victim = _stage.NewBrowser();

        (await victim.GetAsync(back)).Headers.Location!.OriginalString.Should().Be("/?failed=unknown_state");
        victim.Session.Should().BeNull();
        _stage.Authority.Count("POST /connect/token").Should().Be(0);
    }

    [Fact]
    public async Task An_answer_of_another_authority_or_a_changed_seal_is_refused()
    {
        var browser = _stage.NewBrowser();
        var start = await browser.GetAsync("/bff/sign-in");
        var back = _stage.Authority.SignIn(start.Headers.Location!, "anna", "sid-1");
        (await browser.GetAsync(back.Replace(Uri.EscapeDataString(_stage.Authority.Issuer), "https%3A%2F%2Fother.example", StringComparison.Ordinal))).Headers.Location!.OriginalString.Should().Be("/?failed=bad_answer");

        start = await browser.GetAsync("/bff/sign-in");
        var pending = browser.Cookies.Single(c => c.Key.StartsWith("__Host-account.sign-in.", StringComparison.Ordinal));
        browser.Cookies[pending.Key] = pending.Value[..20] + (pending.Value[20] == 'A' ? 'B' : 'A') + pending.Value[21..];
        (await browser.GetAsync(_stage.Authority.SignIn(start.Headers.Location!, "anna", "sid-1"))).Headers.Location!.OriginalString.Should().Be("/?failed=unknown_state");
        browser.Session.Should().BeNull();
    }

    [Fact]
    public async Task Sign_ins_of_several_tabs_do_not_disturb_each_other_and_old_ones_do_not_pile_up()
    {
        var browser = _stage.NewBrowser();
        var first = await browser.GetAsync("/bff/sign-in?returnTo=/first");
        var second = await browser.GetAsync("/bff/sign-in?returnTo=/second");
        (await browser.GetAsync(_stage.Authority.SignIn(second.Headers.Location!, "anna", "sid-1"))).Headers.Location!.OriginalString.Should().Be("/second");
        (await browser.GetAsync(_stage.Authority.SignIn(first.Headers.Location!, "anna", "sid-1"))).Headers.Location!.OriginalString.Should().Be("/first");

        for (var i = 0; i < 12; i++)
        {
            await browser.GetAsync("/bff/sign-in");
        }

        browser.Cookies.Keys.Count(k => k.StartsWith("__Host-account.sign-in.", StringComparison.Ordinal)).Should().BeInRange(1, 4);
    }

    [Fact]
    public async Task A_session_ends_when_nobody_uses_it_and_at_last_in_any_case()
    {
        var idle = await _stage.SignedInAsync();
        _stage.Clock.Advance(TimeSpan.FromHours(12));
        (await idle.UserAsync()).Should().BeNull();

        var busy = await _stage.SignedInAsync();
        for (var hours = 11; hours < 7 * 24; hours += 11)
        {
            _stage.Clock.Advance(TimeSpan.FromHours(11));
            (await busy.UserAsync()).Should().NotBeNull("after {0} hours", hours);
        }

        _stage.Clock.Advance(TimeSpan.FromHours(11));
        (await busy.UserAsync()).Should().BeNull();
    }

    [Fact]
    public async Task Pages_run_nothing_foreign_are_framed_by_nobody_and_kept_by_no_cache()
    {
        var browser = await _stage.SignedInAsync();
        var page = await browser.GetAsync("/");
        var text = await page.Content.ReadAsStringAsync();

        page.StatusCode.Should().Be(HttpStatusCode.OK);
        page.Headers.GetValues("Content-Security-Policy").Single().Should().StartWith("default-src 'none'").And.Contain("frame-ancestors 'none'").And.NotContain("unsafe");
        page.Headers.GetValues("X-Frame-Options").Single().Should().Be("DENY");
        page.Headers.GetValues("Referrer-Policy").Single().Should().Be("no-referrer");
        page.Headers.CacheControl!.NoStore.Should().BeTrue();
        text.Should().Contain("Name of anna").And.NotContain("access-").And.NotContain("refresh-").And.NotContain("<style").And.NotMatchRegex("<script(?![^>]*src=)").And.NotMatchRegex(" on[a-z]+=");
        foreach (var asset in new[] { "/account.css", "/account.js", "/icon.svg" })
        {
            text.Should().Contain($"\"{asset}\"");
            (await browser.GetAsync(asset)).StatusCode.Should().Be(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task The_page_shows_the_studios_and_what_is_to_be_done_and_nothing_of_it_as_markup()
    {
        var text = await (await (await _stage.SignedInAsync()).GetAsync("/")).Content.ReadAsStringAsync();

        text.Should().Contain("Anna &amp; &lt;b&gt;Lindqvist&lt;/b&gt;").And.Contain("/bff/sign-in?returnTo=/&amp;studio=anna").And.Contain("Make the first gallery").And.Contain("It holds the photographs of one session.");
        text.Should().NotContain("/v1/").And.NotMatchRegex(@"\b(GET|POST|PUT|PATCH|DELETE)\b", "photographers do not call operations");
        _stage.Authority.ApiAsked.Select(a => (a.Line, a.Authorization)).Should().Equal(("GET /v1/studios?limit=50", "Bearer access-1"), ("GET /v1/onboarding", "Bearer access-1"));
    }

    [Fact]
    public async Task An_API_that_is_away_or_says_no_is_told_in_a_sentence()
    {
        var browser = await _stage.SignedInAsync();
        _stage.Authority.Api = http =>
        {
            http.Response.StatusCode = 403;
            return Task.CompletedTask;
        };

        (await (await browser.GetAsync("/")).Content.ReadAsStringAsync()).Should().Contain("Your account has no access to this studio");
    }

    [Fact]
    public async Task What_the_address_says_is_not_shown()
    {
        var text = await (await _stage.NewBrowser().GetAsync("/?failed=%3Cscript%3Ealert(1)%3C/script%3E")).Content.ReadAsStringAsync();

        text.Should().Contain("Signing in did not work").And.NotContain("alert(1)");
    }
}
