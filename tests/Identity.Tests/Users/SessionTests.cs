using System.Net;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Sessions;
using Proofsheet.Identity.Tests.Support;
using Xunit;

namespace Proofsheet.Identity.Tests.Users;

[Trait("Database", "Provider")]
public sealed class SessionTests(IdentityHost identity)
{
    [Fact]
    public async Task The_cookie_is_only_this_hosts_over_TLS_and_out_of_reach_of_scripts()
    {
        using var person = await Person.SignedInAsync(identity);
        using var browser = new PageClient(identity);

        var answer = await browser.SubmitAsync("/sign-in", ("Email", person.Email), ("Password", person.Password));

        var cookie = answer.SetCookies.Single(c => c.StartsWith("__Host-proofsheet.session=", StringComparison.Ordinal));
        cookie.ToLowerInvariant().Split("; ").Skip(1).Should().Contain(["path=/", "secure", "httponly", "samesite=lax"]).And.NotContain(a => a.StartsWith("domain", StringComparison.Ordinal));
        browser.Session.Should().HaveLength(43);
    }

    [Fact]
    public async Task A_planted_cookie_that_never_was_a_session_is_not_the_one_after_the_sign_in()
    {
        using var person = await Person.SignedInAsync(identity);
        var planted = new string('A', 43);
        using var browser = new PageClient(identity) { Cookies = { ["__Host-proofsheet.session"] = planted } };

        (await person.TryAsync(browser)).Should().BeTrue();

        browser.Session.Should().NotBe(planted);
        using var attacker = new PageClient(identity) { Cookies = { ["__Host-proofsheet.session"] = planted } };
        (await attacker.GetAsync("/account")).Location.Should().StartWith("/sign-in");
    }

    [Fact]
    public async Task Signing_in_in_a_browser_of_someone_else_ends_their_session_and_takes_a_new_id()
    {
        await using var host = await IdentityHost.StartAsync();
        using var first = await Person.SignedInAsync(host);
        using var second = await Person.SignedInAsync(host);
        var planted = first.Browser.Session!;
        host.Clock.Advance(TimeSpan.FromMinutes(20));

        // The page asks for a new sign-in because the last one is too old, and another user signs in.
        (await first.Browser.SubmitAsync("/sign-in?to=/account/email", ("Email", second.Email), ("Password", second.Password))).Status.Should().Be(HttpStatusCode.SeeOther);

        first.Browser.Session.Should().NotBe(planted);
        (await first.Browser.GetAsync("/account")).Body.Should().Contain(second.Email);
        using var old = new PageClient(host) { Cookies = { ["__Host-proofsheet.session"] = planted } };
        (await old.GetAsync("/account")).Location.Should().StartWith("/sign-in");
    }

    [Fact]
    public async Task Signing_in_again_changes_the_secret_keeps_the_session_and_moves_auth_time()
    {
        await using var host = await IdentityHost.StartAsync();
        using var person = await Person.SignedInAsync(host);
        var (before, secret) = (await RowAsync(host, person), person.Browser.Session!);
        host.Clock.Advance(TimeSpan.FromMinutes(20));

        (await person.AgainAsync()).Should().BeTrue();

        var after = await RowAsync(host, person);
        after.Id.Should().Be(before.Id);
        after.AuthenticatedAt.Should().BeAfter(before.AuthenticatedAt.AddMinutes(19));
        person.Browser.Session.Should().NotBe(secret);
        using var old = new PageClient(host) { Cookies = { ["__Host-proofsheet.session"] = secret } };
        (await old.GetAsync("/account")).Location.Should().StartWith("/sign-in", "the old secret is worth nothing");
    }

    [Fact]
    public async Task Using_a_session_never_moves_auth_time()
    {
        await using var host = await IdentityHost.StartAsync();
        using var person = await Person.SignedInAsync(host);
        var before = await RowAsync(host, person);
        for (var hour = 0; hour < 5; hour++)
        {
            host.Clock.Advance(TimeSpan.FromHours(1));
            (await person.Browser.GetAsync("/account")).Status.Should().Be(HttpStatusCode.OK);
        }

        var after = await RowAsync(host, person);
        after.AuthenticatedAt.Should().Be(before.AuthenticatedAt);
        after.LastSeenAt.Should().BeAfter(before.LastSeenAt.AddHours(4));
    }

    [Fact]
    public async Task A_session_ends_after_a_day_without_use()
    {
        await using var host = await IdentityHost.StartAsync();
        using var person = await Person.SignedInAsync(host);
        host.Clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));

        (await person.Browser.GetAsync("/account")).Location.Should().StartWith("/sign-in");
    }

    [Fact]
    public async Task A_session_ends_after_seven_days_however_much_it_is_used()
    {
        await using var host = await IdentityHost.StartAsync();
        using var person = await Person.SignedInAsync(host);
        for (var half = 0; half < 13; half++)
        {
            host.Clock.Advance(TimeSpan.FromHours(12));
            (await person.Browser.GetAsync("/account")).Status.Should().Be(HttpStatusCode.OK);
        }

        host.Clock.Advance(TimeSpan.FromHours(12) + TimeSpan.FromSeconds(5));
        (await person.Browser.GetAsync("/account")).Location.Should().StartWith("/sign-in");
    }

    [Fact]
    public async Task Sessions_are_listed_by_device_and_ended_one_by_one()
    {
        using var person = await Person.SignedInAsync(identity);
        using var phone = await person.AnotherBrowserAsync("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1");
        await using var database = identity.Database();

        var list = await person.Browser.GetAsync("/account/sessions");
        list.Text.Should().Contain("Firefox on Linux").And.Contain("Safari on iPhone").And.Contain("127.0.0.1");
        var id = (await database.Db.Set<UserSession>().SingleAsync(s => s.UserId == person.UserId && s.Device == "Safari on iPhone")).Id.ToString();
        (await person.Browser.PostAsync("/account/sessions", list.FormToken, ("Id", id))).Status.Should().Be(HttpStatusCode.SeeOther);

        (await phone.GetAsync("/account")).Location.Should().StartWith("/sign-in");
        (await person.Browser.GetAsync("/account")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nobody_ends_a_session_of_someone_else()
    {
        using var person = await Person.SignedInAsync(identity);
        using var other = await Person.SignedInAsync(identity);
        using var second = await person.AnotherBrowserAsync();
        await using var database = identity.Database();
        var id = (await database.Db.Set<UserSession>().SingleAsync(s => s.UserId == other.UserId)).Id.ToString();

        await person.Browser.PostAsync("/account/sessions", (await person.Browser.GetAsync("/account/sessions")).FormToken, ("Id", id));

        (await other.Browser.GetAsync("/account")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task All_other_sessions_end_at_once()
    {
        using var person = await Person.SignedInAsync(identity);
        using var second = await person.AnotherBrowserAsync();
        using var third = await person.AnotherBrowserAsync();

        await person.Browser.PostAsync("/account/sessions?handler=Others", (await person.Browser.GetAsync("/account/sessions")).FormToken);

        (await second.GetAsync("/account")).Location.Should().StartWith("/sign-in");
        (await third.GetAsync("/account")).Location.Should().StartWith("/sign-in");
        (await person.Browser.GetAsync("/account")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Signing_out_asks_first_and_ends_the_session_on_the_server()
    {
        using var person = await Person.SignedInAsync(identity);
        var secret = person.Browser.Session!;

        var page = await person.Browser.GetAsync("/sign-out");
        page.Text.Should().Contain("Sign out?");
        (await person.Browser.GetAsync("/account")).Status.Should().Be(HttpStatusCode.OK, "a link signs nobody out");
        await person.Browser.PostAsync("/sign-out", page.FormToken);

        person.Browser.Session.Should().BeNull();
        using var old = new PageClient(identity) { Cookies = { ["__Host-proofsheet.session"] = secret } };
        (await old.GetAsync("/account")).Location.Should().StartWith("/sign-in");
    }

    [Fact]
    public async Task The_database_holds_no_secret_that_a_browser_holds()
    {
        using var person = await Person.SignedInAsync(identity);

        (await RowAsync(identity, person)).SecretHash.Should().NotBe(person.Browser.Session).And.MatchRegex("^[0-9a-f]{64}$");
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_cookie_of_nonsense_is_nobody(string value)
    {
        using var browser = new PageClient(identity) { Cookies = { ["__Host-proofsheet.session"] = value } };

        (await browser.GetAsync("/account")).Location.Should().StartWith("/sign-in");
    }

    private static async Task<UserSession> RowAsync(IdentityHost host, Person person)
    {
        await using var database = host.Database();
        return await database.Db.Set<UserSession>().AsNoTracking().SingleAsync(s => s.UserId == person.UserId);
    }
}
