using System.Net;
using System.Text.Json.Nodes;
using FluentAssertions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Identity.Tests.Pages;
using Proofsheet.Identity.Tests.Support;
using Xunit;

namespace Proofsheet.Identity.Tests.Users;

/// <summary>Signing in with other providers, against our own provider in the style of Google, Facebook and Apple.</summary>
[Trait("Database", "Provider")]
public sealed class SocialTests(SocialStage stage, Chromium chromium) : IClassFixture<SocialStage>
{
    private readonly SocialProviderForTests _provider = stage.Provider;
    private readonly IdentityHost _identity = stage.Identity;

    [Fact]
    public async Task A_new_person_with_a_verified_address_gets_an_account_and_finds_it_again()
    {
        var email = Person.NewEmail();
        using var first = new PageClient(_identity);
        (await SignInAsync(first, "google", Google("g-1", email))).Should().Be("/account");
        (await first.GetAsync("/account")).Body.Should().Contain(email);

        using var second = new PageClient(_identity);
        (await SignInAsync(second, "google", Google("g-1", "changed-" + email))).Should().Be("/account");

        (await second.GetAsync("/account")).Body.Should().Contain(email, "the id counts, and not the address");
    }

    [Fact]
    public async Task The_button_leads_a_real_browser_to_the_provider_and_back_with_nothing_refused()
    {
        await using var window = await Window.OpenAsync(chromium, _identity, name: "identity-social");
        await window.RouteAsync($"{_provider.Address}/authorize**", route => route.FulfillAsync(new()
        {
            Status = 302,
            Headers = new Dictionary<string, string>
            {
                ["Location"] = QueryHelpers.AddQueryString($"{_identity.Issuer}/social/google/callback", _provider.Authorize(route.Request.Url, Google("g-0", Person.NewEmail()))!),
            },
        }));
        await window.GoAsync("/sign-in");
        await window.CheckAsync("sign-in");

        await window.PressAsync("Go on with Google");

        await window.SeeAsync("Your account");
        await window.GoAsync("/account/logins");
        await window.CheckAsync("logins");
    }

    [Fact]
    public async Task A_known_address_is_never_merged_and_its_owner_connects_the_two()
    {
        using var owner = await Person.SignedInAsync(_identity);
        using var stranger = new PageClient(_identity);

        (await SignInAsync(stranger, "google", Google("g-2", owner.Email))).Should().Be("/sign-in?social=known");
        stranger.Session.Should().BeNull();
        (await stranger.GetAsync("/sign-in?social=known")).Text.Should().Contain("Sign in to it here, and connect");
        (await ConnectAsync(owner.Browser, "google", Google("g-2", owner.Email))).Should().Be("/account/logins");

        (await SignInAsync(stranger, "google", Google("g-2", owner.Email))).Should().Be("/account");
        (await stranger.GetAsync("/account")).Body.Should().Contain(owner.Email);
        await _identity.MailAsync(owner.Email, "Another way to sign in was connected");
    }

    [Fact]
    public async Task An_unverified_address_makes_no_account_and_opens_none()
    {
        using var owner = await Person.SignedInAsync(_identity);
        using var stranger = new PageClient(_identity);
        var unverified = Google("g-3", owner.Email);
        unverified["email_verified"] = false;
        var missing = Google("g-4", Person.NewEmail());
        missing.Remove("email_verified");

        (await SignInAsync(stranger, "google", unverified)).Should().Be("/sign-in?social=unverified");
        (await SignInAsync(stranger, "google", missing)).Should().Be("/sign-in?social=unverified");
        (await SignInAsync(stranger, "facebook", new() { ["id"] = "f-1", ["name"] = "Eve", ["email"] = owner.Email, ["email_verified"] = true })).Should().Be("/sign-in?social=unverified", "Facebook does not say it");

        stranger.Session.Should().BeNull();
    }

    [Fact]
    public async Task An_account_of_Facebook_signs_in_once_it_is_connected()
    {
        using var owner = await Person.SignedInAsync(_identity);
        JsonObject claims = new() { ["id"] = "f-2", ["name"] = "Anna" };

        (await ConnectAsync(owner.Browser, "facebook", claims)).Should().Be("/account/logins");

        using var browser = new PageClient(_identity);
        (await SignInAsync(browser, "facebook", claims)).Should().Be("/account");
        (await browser.GetAsync("/account")).Body.Should().Contain(owner.Email);
    }

    [Fact]
    public async Task Apple_answers_by_a_form_and_takes_a_signed_secret()
    {
        var email = Person.NewEmail();
        using var browser = new PageClient(_identity);

        (await SignInAsync(browser, "apple", Apple("a-1", email), byForm: true)).Should().Be("/account");

        (await browser.GetAsync("/account")).Body.Should().Contain(email);
        _provider.Refusals.Should().NotContain(r => r.Contains($"client_id={SocialProviderForTests.AppleClient}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("iss", "https://evil.example")]
    [InlineData("aud", "another-client")]
    [InlineData("exp", "past")]
    public async Task An_id_token_for_someone_else_or_of_the_past_signs_nobody_in(string claim, string value)
    {
        var claims = Apple("a-2", Person.NewEmail());
        claims[claim] = value == "past" ? 1_000_000_000 : value;
        using var browser = new PageClient(_identity);

        (await SignInAsync(browser, "apple", claims, byForm: true)).Should().Be("/error?reason=social");

        browser.Session.Should().BeNull();
    }

    [Fact]
    public async Task An_answer_in_another_browser_or_twice_is_refused()
    {
        using var browser = new PageClient(_identity);
        using var victim = new PageClient(_identity);
        var query = await BeginAsync(browser, "google", Google("g-5", Person.NewEmail()));

        (await victim.GetAsync(query)).Location.Should().Be("/error?reason=social", "a planted answer would sign the victim in as the attacker");
        (await browser.GetAsync(query)).Location.Should().Be("/account");
        (await browser.GetAsync(query)).Location.Should().Be("/error?reason=social");
        victim.Session.Should().BeNull();
    }

    [Fact]
    public async Task A_state_that_was_not_made_here_is_refused()
    {
        using var browser = new PageClient(_identity);
        await BeginAsync(browser, "google", Google("g-6", Person.NewEmail()));

        (await browser.GetAsync("/social/google/callback?code=x&state=forged")).Location.Should().Be("/error?reason=social");
        (await browser.GetAsync("/social/google/callback?error=access_denied")).Location.Should().Be("/error?reason=social");
    }

    [Fact]
    public async Task Only_a_form_of_ours_begins_it()
    {
        using var browser = new PageClient(_identity);

        (await browser.GetAsync("/social/google")).Location.Should().Be("/sign-in");
        (await browser.PostAsync("/social/google", null)).Status.Should().Be(HttpStatusCode.BadRequest);
        (await browser.PostAsync("/social/nobody", (await browser.GetAsync("/sign-in")).FormToken)).Location.Should().Be("/error");
    }

    [Fact]
    public async Task Connecting_fails_when_someone_else_signed_in_meanwhile_or_it_is_someone_elses()
    {
        using var first = await Person.SignedInAsync(_identity);
        using var second = await Person.SignedInAsync(_identity);
        var query = await BeginAsync(first.Browser, "google", Google("g-7", first.Email), connect: true);
        first.Browser.Cookies["__Host-proofsheet.session"] = second.Browser.Session!;

        (await first.Browser.GetAsync(query)).Location.Should().Be("/account/logins?refused=1");

        using var owner = await Person.SignedInAsync(_identity);
        (await ConnectAsync(owner.Browser, "google", Google("g-8", owner.Email))).Should().Be("/account/logins");
        (await ConnectAsync(second.Browser, "google", Google("g-8", owner.Email))).Should().Be("/account/logins?refused=1");
    }

    [Fact]
    public async Task The_only_way_to_sign_in_is_not_disconnected_and_another_one_is()
    {
        var email = Person.NewEmail();
        using var browser = new PageClient(_identity);
        await SignInAsync(browser, "google", Google("g-9", email));
        var page = await browser.GetAsync("/account/logins");

        var refused = await browser.PostAsync("/account/logins?handler=Disconnect", page.FormToken, ("Provider", "google"), ("Key", "g-9"));
        refused.Text.Should().Contain("the only way you can sign in");

        (await browser.SubmitAsync("/account/password", ("Password", Person.GoodPassword))).Location.Should().Be("/account/password?done=password");
        (await browser.PostAsync("/account/logins?handler=Disconnect", page.FormToken, ("Provider", "google"), ("Key", "g-9"))).Location.Should().Be("/account/logins?done=disconnected");
        (await SignInAsync(new PageClient(_identity), "google", Google("g-9", email))).Should().Be("/sign-in?social=known");
        await _identity.MailAsync(email, "A way to sign in was disconnected");
    }

    [Fact]
    public async Task A_second_factor_is_asked_for_here_too()
    {
        using var owner = await Person.SignedInAsync(_identity);
        await ConnectAsync(owner.Browser, "google", Google("g-10", owner.Email));
        var app = await SecondFactorTests.App.SetUpAsync(_identity, owner);
        using var browser = new PageClient(_identity);

        (await SignInAsync(browser, "google", Google("g-10", owner.Email))).Should().Be("/sign-in/code");
        browser.Session.Should().BeNull();
        (await browser.SubmitAsync("/sign-in/code", ("Code", app.Code(1)))).Location.Should().Be("/account");
    }

    [Fact]
    public async Task An_unconfirmed_registration_does_not_keep_the_address_or_its_password()
    {
        var email = Person.NewEmail();
        using var attacker = new Person(_identity, email, "Attackers-Own-99-secret");
        await attacker.RegisterAsync();
        using var owner = new PageClient(_identity);

        (await SignInAsync(owner, "google", Google("g-11", email))).Should().Be("/account");

        await using var database = _identity.Database();
        (await database.Db.Users.SingleAsync(u => u.Email == email)).PasswordHash.Should().BeNull();
        (await attacker.TryAsync(attacker.Browser)).Should().BeFalse();
    }

    [Theory]
    [InlineData("Scheme", "Not Allowed")]
    [InlineData("ClientId", "")]
    [InlineData("TokenEndpoint", "http://elsewhere.example/token")]
    public async Task Settings_that_cannot_work_stop_the_start(string name, string value)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Social:Providers:0:Scheme"] = "google", ["Social:Providers:0:Kind"] = "Google", ["Social:Providers:0:ClientId"] = "x", ["Social:Providers:0:ClientSecret"] = "y",
            [$"Social:Providers:0:{name}"] = value,
        };

        var start = async () =>
        {
            await using var host = await IdentityHost.StartAsync(settings);
        };

        await start.Should().ThrowAsync<OptionsValidationException>();
    }

    private static JsonObject Google(string id, string email) => new() { ["sub"] = id, ["email"] = email, ["email_verified"] = true, ["name"] = "Anna Example" };

    private JsonObject Apple(string id, string email) => new()
    {
        ["iss"] = "https://appleid.apple.com", ["aud"] = SocialProviderForTests.AppleClient, ["exp"] = _identity.Clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds(),
        ["sub"] = id, ["email"] = email, ["email_verified"] = "true",
    };

    private Task<string?> ConnectAsync(PageClient browser, string scheme, JsonObject claims) => SignInAsync(browser, scheme, claims, connect: true);

    private async Task<string?> SignInAsync(PageClient browser, string scheme, JsonObject claims, bool byForm = false, bool connect = false)
    {
        var back = await BeginAsync(browser, scheme, claims, connect);
        if (!byForm)
        {
            return (await browser.GetAsync(back)).Location;
        }

        // A cross-site form does not send Lax cookies.
        using var withoutCookies = new PageClient(_identity);
        var fields = QueryHelpers.ParseQuery(back[back.IndexOf('?', StringComparison.Ordinal)..]).Select(p => (p.Key, p.Value.ToString()));
        var turned = await withoutCookies.PostAsync($"/social/{scheme}/callback", null, [.. fields, ("user", "{\"name\":{}}")]);
        turned.Status.Should().Be(HttpStatusCode.SeeOther);
        return (await browser.GetAsync(turned.Location!)).Location;
    }

    private async Task<string> BeginAsync(PageClient browser, string scheme, JsonObject claims, bool connect = false)
    {
        var page = await browser.GetAsync(connect ? "/account/logins" : "/sign-in");
        var leading = await browser.PostAsync($"/social/{scheme}", page.FormToken, ("Connect", connect ? "true" : "false"));
        leading.Onward.Should().StartWith(_provider.Address, leading.Text);
        return QueryHelpers.AddQueryString($"/social/{scheme}/callback", _provider.Authorize(leading.Onward!, claims)!);
    }
}
