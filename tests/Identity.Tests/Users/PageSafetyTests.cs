using System.Net;
using FluentAssertions;
using Proofsheet.Identity.Tests.Support;
using Xunit;

namespace Proofsheet.Identity.Tests.Users;

public sealed class PageSafetyTests(IdentityHost identity)
{
    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/register")]
    [InlineData("/forgot")]
    [InlineData("/confirm?token=nonsense")]
    [InlineData("/sign-out")]
    [InlineData("/error?reason=gone")]
    [InlineData("/nowhere")]
    [InlineData("/account")]
    public async Task Nobody_frames_a_page_and_nothing_inline_or_foreign_runs_in_it(string path)
    {
        using var person = await Person.SignedInAsync(identity);

        var answer = await person.Browser.GetAsync(path);

        var policy = answer.Headers["Content-Security-Policy"].Split("; ").Select(d => d.Split(' ', 2)).ToDictionary(p => p[0], p => p[1]);
        policy["default-src"].Should().Be("'none'");
        policy["script-src"].Should().Be("'self'");
        policy["style-src"].Should().Be("'self'");
        policy["form-action"].Should().Be("'self'");
        policy["frame-ancestors"].Should().Be("'none'");
        policy["base-uri"].Should().Be("'none'");
        answer.Headers["X-Frame-Options"].Should().Be("DENY");
        answer.Headers["X-Content-Type-Options"].Should().Be("nosniff");
        answer.Headers["Referrer-Policy"].Should().Be("no-referrer");
        answer.Headers["Cache-Control"].Should().Contain("no-store");
        answer.Headers.Should().NotContainKey("Server");
        answer.Body.Should().NotMatchRegex(@"<script(?![^>]* src=""/assets/)").And.NotMatchRegex(@"\s(style|on[a-z]+)=""");
    }

    [Theory]
    [InlineData("/sign-in", false)]
    [InlineData("/register", false)]
    [InlineData("/forgot", false)]
    [InlineData("/register/sent", false)]
    [InlineData("/confirm?token=nonsense", false)]
    [InlineData("/reset?token=nonsense", false)]
    [InlineData("/confirm-email?token=nonsense", false)]
    [InlineData("/sign-out", true)]
    [InlineData("/device", true)]
    [InlineData("/account", true)]
    [InlineData("/account/password", true)]
    [InlineData("/account/email", true)]
    [InlineData("/account/second-factor?handler=Begin", true)]
    [InlineData("/account/second-factor?handler=Off", true)]
    [InlineData("/account/passkeys?handler=Options", true)]
    [InlineData("/account/passkeys?handler=Remove", true)]
    [InlineData("/account/sessions", true)]
    [InlineData("/account/sessions?handler=Others", true)]
    [InlineData("/account/logins?handler=Disconnect", true)]
    [InlineData("/account/delete", true)]
    public async Task A_form_from_elsewhere_is_refused(string path, bool signedIn)
    {
        using var person = signedIn ? await Person.SignedInAsync(identity) : null;
        using var stranger = new PageClient(identity);
        var browser = person?.Browser ?? stranger;
        var foreign = (await new PageClient(identity).GetAsync("/sign-in")).FormToken;

        (await browser.PostAsync(path, null, ("Email", "a@example.com"))).Status.Should().Be(HttpStatusCode.BadRequest, "it carries no token");
        (await browser.PostAsync(path, foreign, ("Email", "a@example.com"))).Status.Should().Be(HttpStatusCode.BadRequest, "its token is another browser's");
        (await browser.PostAsync(path, "nonsense", ("Email", "a@example.com"))).Status.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_forms_token_from_before_the_sign_in_is_worth_nothing_after_it()
    {
        using var person = await Person.SignedInAsync(identity);
        using var browser = new PageClient(identity);
        var before = (await browser.GetAsync("/sign-in")).FormToken;
        await browser.PostAsync("/sign-in", before, ("Email", person.Email), ("Password", person.Password));

        (await browser.PostAsync("/account/sessions?handler=Others", before)).Status.Should().Be(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/account//evil.example")]
    [InlineData("/account/../../evil")]
    [InlineData("/account\\@evil.example")]
    [InlineData("/account@evil.example")]
    [InlineData("/account.evil.example")]
    [InlineData("/accountevil")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/account\r\nLocation: https://evil.example")]
    [InlineData("\t/account")]
    [InlineData("/connect/authorize?client_id=x")]
    public async Task A_sign_in_leads_back_to_pages_of_ours_and_nowhere_else(string to)
    {
        using var person = await Person.SignedInAsync(identity);
        using var browser = new PageClient(identity);

        var answer = await browser.SubmitAsync($"/sign-in?to={Uri.EscapeDataString(to)}", ("Email", person.Email), ("Password", person.Password));

        answer.Status.Should().Be(HttpStatusCode.SeeOther);
        answer.Location.Should().Be("/account");
        answer.Headers.Should().NotContainKey("Refresh");
    }

    [Theory]
    [InlineData("/account/sessions")]
    [InlineData("/device?user_code=ABCD-EFGH")]
    public async Task A_sign_in_leads_back_to_where_it_was_asked_for(string to)
    {
        using var person = await Person.SignedInAsync(identity);
        using var browser = new PageClient(identity);
        var sentTo = (await browser.GetAsync(to)).Location!;

        (await browser.SubmitAsync(sentTo, ("Email", person.Email), ("Password", person.Password))).Location.Should().Be(to);
    }

    [Fact]
    public async Task An_interaction_that_is_none_ends_on_a_page_that_says_so()
    {
        using var browser = new PageClient(identity);

        var answer = await browser.GetAsync("/sign-in?interaction=nonsense");

        answer.Location.Should().Be("/error?reason=gone");
        (await browser.GetAsync(answer.Location!)).Text.Should().Contain("This sign-in has ended");
    }

    [Fact]
    public async Task Texts_of_an_address_are_never_shown()
    {
        using var browser = new PageClient(identity);

        foreach (var path in new[] { "/error?reason=Call+0900-EVIL", "/account?done=Call+0900-EVIL", "/sign-in?social=Call+0900-EVIL", "/device?outcome=Call+0900-EVIL" })
        {
            (await browser.GetAsync(path)).Body.Should().NotContain("0900-EVIL");
        }
    }

    [Fact]
    public async Task The_pages_own_files_are_kept_for_good_under_addresses_that_change_with_them()
    {
        using var browser = new PageClient(identity);
        var page = await browser.GetAsync("/sign-in");
        var css = System.Text.RegularExpressions.Regex.Match(page.Body, @"/assets/site\.css\?v=[0-9a-f]{16}").Value;

        var file = await browser.GetAsync(css);

        file.Headers["Cache-Control"].Should().Be("public, max-age=31536000, immutable");
        file.Headers["Content-Type"].Should().StartWith("text/css");
        (await browser.GetAsync("/assets/site.css")).Headers["Cache-Control"].Should().Be("no-cache");
        (await browser.GetAsync("/assets/..%2fappsettings.json")).Status.Should().Be(HttpStatusCode.NotFound);
    }
}
