using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Sessions;
using Proofsheet.Identity.Tests.Support;
using Proofsheet.Identity.Users.SecondFactors;
using Xunit;

namespace Proofsheet.Identity.Tests.Users;

[Trait("Database", "Provider")]
public sealed partial class SecondFactorTests(IdentityHost identity)
{
    // RFC 6238, appendix B, the SHA-1 column.
    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void Codes_are_those_of_RFC_6238(long seconds, string code) =>
        Totp.CodeOf("12345678901234567890"u8.ToArray(), Totp.StepOf(DateTimeOffset.FromUnixTimeSeconds(seconds)), digits: 8).Should().Be(code);

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Secrets_are_written_as_RFC_4648_says(string text, string base32) => Totp.ToBase32(Encoding.ASCII.GetBytes(text)).Should().Be(base32);

    [Fact]
    public async Task With_an_app_the_password_alone_signs_nobody_in()
    {
        using var person = await Person.SignedInAsync(identity);
        var app = await App.SetUpAsync(identity, person);
        using var browser = new PageClient(identity);

        var first = await browser.SubmitAsync("/sign-in?to=/account", ("Email", person.Email), ("Password", person.Password));
        first.Location.Should().Be("/sign-in/code?to=%2Faccount");
        browser.Session.Should().BeNull();
        (await browser.GetAsync("/account")).Location.Should().StartWith("/sign-in?");

        (await browser.SubmitAsync(first.Location!, ("Code", app.Code(1)))).Location.Should().Be("/account");
        (await browser.GetAsync("/account")).Status.Should().Be(HttpStatusCode.OK);
        await using var database = identity.Database();
        (await database.Db.Set<UserSession>().Where(s => s.UserId == person.UserId).Select(s => s.Methods).ToListAsync()).Should().Contain("pwd otp mfa");
        await identity.MailAsync(person.Email, "Codes from an app are on");
    }

    [Fact]
    public async Task A_code_is_taken_once_even_of_several_at_once()
    {
        using var person = await Person.SignedInAsync(identity);
        var app = await App.SetUpAsync(identity, person);
        var code = app.Code(1);
        var browsers = Enumerable.Range(0, 4).Select(_ => new PageClient(identity)).ToList();
        foreach (var browser in browsers)
        {
            await browser.SubmitAsync("/sign-in", ("Email", person.Email), ("Password", person.Password));
        }

        var tokens = await Task.WhenAll(browsers.Select(async b => (await b.GetAsync("/sign-in/code")).FormToken));
        var answers = await Task.WhenAll(browsers.Zip(tokens, (b, t) => b.PostAsync("/sign-in/code", t, ("Code", code))));

        answers.Count(a => a.Status == HttpStatusCode.SeeOther).Should().Be(1);
        browsers.Count(b => b.Session is not null).Should().Be(1);
    }

    [Fact]
    public async Task The_code_that_turned_it_on_and_earlier_ones_are_used_up()
    {
        using var person = await Person.SignedInAsync(identity);
        var app = await App.SetUpAsync(identity, person);
        using var browser = new PageClient(identity);
        await browser.SubmitAsync("/sign-in", ("Email", person.Email), ("Password", person.Password));

        (await browser.SubmitAsync("/sign-in/code", ("Code", app.Code(0)))).Status.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await browser.SubmitAsync("/sign-in/code", ("Code", app.Code(-1)))).Status.Should().Be(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void One_step_to_either_side_is_taken_and_no_more(int steps, bool taken)
    {
        var (secret, now) = ("12345678901234567890"u8.ToArray(), DateTimeOffset.UnixEpoch.AddYears(60));
        var step = Totp.StepOf(now) + steps;

        Totp.Match(secret, Totp.CodeOf(secret, step), now).Should().Be(taken ? step : null);
    }

    // Once in a million steps two neighbors have the same code; accepted for the first, it would be valid again for the second.
    [Fact]
    public void A_code_of_two_neighboring_steps_uses_up_both()
    {
        var (secret, step) = ("12345678901234567890"u8.ToArray(), 62_075_368L);
        var code = Totp.CodeOf(secret, step);
        Totp.CodeOf(secret, step + 1).Should().Be(code);

        Totp.Match(secret, code, DateTimeOffset.FromUnixTimeSeconds(step * 30)).Should().Be(step + 1);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("12345é")]
    [InlineData("\u0661\u0662\u0663\u0664\u0665\u0666")]
    public void What_is_no_code_matches_nothing(string? typed) => Totp.Match("12345678901234567890"u8.ToArray(), typed, DateTimeOffset.UnixEpoch.AddYears(60)).Should().BeNull();

    [Fact]
    public void The_address_for_apps_holds_nothing_that_ends_a_part_early()
    {
        var address = Totp.AddressOf("12345678901234567890"u8.ToArray(), "Studio & Söhne: x", "anna+a&b?secret=x@example.com");

        address.Should().Be("otpauth://totp/Studio%20%26%20S%C3%B6hne%3A%20x:anna%2Ba%26b%3Fsecret%3Dx%40example.com"
            + "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Studio%20%26%20S%C3%B6hne%3A%20x&algorithm=SHA1&digits=6&period=30");
    }

    [Fact]
    public async Task Codes_cannot_be_guessed_and_the_password_buys_no_more_of_them()
    {
        using var person = await Person.SignedInAsync(identity);
        var app = await App.SetUpAsync(identity, person);
        using var browser = new PageClient(identity);
        for (var i = 0; i < 5; i++)
        {
            // The password again before each code, like someone who knows it.
            (await browser.SubmitAsync("/sign-in", ("Email", person.Email), ("Password", person.Password))).Location.Should().StartWith("/sign-in/code");
            (await browser.SubmitAsync("/sign-in/code", ("Code", "000000"))).Status.Should().Be(HttpStatusCode.UnprocessableEntity);
        }

        (await browser.SubmitAsync("/sign-in/code", ("Code", app.Code(1)))).Status.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await person.TryAsync(new PageClient(identity))).Should().BeFalse();
    }

    [Fact]
    public async Task A_recovery_code_signs_in_once_and_its_owner_is_told()
    {
        using var person = await Person.SignedInAsync(identity);
        var app = await App.SetUpAsync(identity, person);
        app.Recovery.Should().HaveCount(10).And.OnlyHaveUniqueItems();
        using var browser = new PageClient(identity);
        await browser.SubmitAsync("/sign-in", ("Email", person.Email), ("Password", person.Password));

        (await browser.SubmitAsync("/sign-in/code?way=recovery", ("Code", app.Recovery[3].ToUpperInvariant()))).Status.Should().Be(HttpStatusCode.SeeOther);

        await identity.MailAsync(person.Email, "A recovery code was used");
        using var second = new PageClient(identity);
        await second.SubmitAsync("/sign-in", ("Email", person.Email), ("Password", person.Password));
        (await second.SubmitAsync("/sign-in/code?way=recovery", ("Code", app.Recovery[3]))).Status.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await browser.GetAsync("/account/second-factor")).Text.Should().Contain("9 recovery codes are left");
    }

    [Fact]
    public async Task New_recovery_codes_make_the_old_ones_worthless()
    {
        using var person = await Person.SignedInAsync(identity);
        var app = await App.SetUpAsync(identity, person);
        var page = await person.Browser.GetAsync("/account/second-factor");

        var renewed = App.RecoveryOf(await person.Browser.PostAsync("/account/second-factor?handler=Codes", page.FormToken));

        renewed.Should().HaveCount(10);
        using var browser = new PageClient(identity);
        await browser.SubmitAsync("/sign-in", ("Email", person.Email), ("Password", person.Password));
        (await browser.SubmitAsync("/sign-in/code?way=recovery", ("Code", app.Recovery[0]))).Status.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await browser.SubmitAsync("/sign-in/code?way=recovery", ("Code", renewed[0]))).Status.Should().Be(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Turned_off_the_password_is_enough_again_and_the_owner_is_told()
    {
        using var person = await Person.SignedInAsync(identity);
        await App.SetUpAsync(identity, person);
        var page = await person.Browser.GetAsync("/account/second-factor");

        await person.Browser.PostAsync("/account/second-factor?handler=Off", page.FormToken);

        using var browser = new PageClient(identity);
        (await person.TryAsync(browser)).Should().BeTrue();
        browser.Session.Should().NotBeNull();
        await identity.MailAsync(person.Email, "Codes from an app are off");
    }

    [Fact]
    public async Task A_password_reset_does_not_get_around_the_second_factor()
    {
        using var person = await Person.SignedInAsync(identity);
        await App.SetUpAsync(identity, person);
        using var browser = new PageClient(identity);
        await browser.SubmitAsync("/forgot", ("Email", person.Email));
        await browser.SubmitAsync($"/reset?token={await identity.TokenOfMailAsync(person.Email, "/reset")}", ("Password", "Basalt-Trumpet-77-river"));

        (await browser.SubmitAsync("/sign-in", ("Email", person.Email), ("Password", "Basalt-Trumpet-77-river"))).Location.Should().Be("/sign-in/code");
        browser.Session.Should().BeNull();
    }

    [Fact]
    public async Task The_step_between_password_and_code_ends_after_ten_minutes()
    {
        await using var host = await IdentityHost.StartAsync();
        using var person = await Person.SignedInAsync(host);
        var app = await App.SetUpAsync(host, person);
        using var browser = new PageClient(host);
        await browser.SubmitAsync("/sign-in", ("Email", person.Email), ("Password", person.Password));
        var page = await browser.GetAsync("/sign-in/code");
        host.Clock.Advance(TimeSpan.FromMinutes(10));

        (await browser.PostAsync("/sign-in/code", page.FormToken, ("Code", app.Code(0)))).Location.Should().Be("/sign-in");
        browser.Session.Should().BeNull();
    }

    [Fact]
    public async Task The_secret_lies_sealed_in_the_database()
    {
        using var person = await Person.SignedInAsync(identity);
        var app = await App.SetUpAsync(identity, person);
        await using var database = identity.Database();

        var stored = (await database.Db.Set<SecondFactor>().SingleAsync(f => f.UserId == person.UserId)).SealedSecret;

        Convert.ToHexString(stored).Should().NotContain(Convert.ToHexString(app.Secret));
    }

    internal sealed partial class App(IdentityHost host, byte[] secret, IReadOnlyList<string> recovery)
    {
        public byte[] Secret => secret;

        public IReadOnlyList<string> Recovery => recovery;

        public string Code(int steps) => Totp.CodeOf(secret, Totp.StepOf(host.Clock.GetUtcNow()) + steps);

        public static async Task<App> SetUpAsync(IdentityHost host, Person person)
        {
            var page = await person.Browser.GetAsync("/account/second-factor");
            var setup = await person.Browser.PostAsync("/account/second-factor?handler=Begin", page.FormToken);
            setup.Body.Should().Contain("<svg");
            var secret = FromBase32(Typed().Match(setup.Body).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal));
            var wrong = await person.Browser.PostAsync("/account/second-factor?handler=Confirm", setup.FormToken, ("Code", "000000"));
            wrong.Status.Should().Be(HttpStatusCode.UnprocessableEntity);
            var code = Totp.CodeOf(secret, Totp.StepOf(host.Clock.GetUtcNow()));
            return new App(host, secret, RecoveryOf(await person.Browser.PostAsync("/account/second-factor?handler=Confirm", setup.FormToken, ("Code", code))));
        }

        public static IReadOnlyList<string> RecoveryOf(PageAnswer page) => [.. Shown().Matches(page.Body).Select(m => m.Groups[1].Value)];

        private static byte[] FromBase32(string text)
        {
            var bits = string.Concat(text.Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
            return [.. bits.Chunk(8).Where(b => b.Length == 8).Select(b => Convert.ToByte(new string(b), 2))];
        }

        [GeneratedRegex("""type this into it: <strong class="code">([A-Z2-7 ]+)<""")]
        private static partial Regex Typed();

        [GeneratedRegex("<li>([0-9a-z]{4}(?:-[0-9a-z]{4}){3})</li>")]
        private static partial Regex Shown();
    }
}
