using System.Net;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Identity.Tests.Support;
using Proofsheet.Identity.Users.Passwords;
using Xunit;

namespace Proofsheet.Identity.Tests.Users;

[Trait("Database", "Provider")]
public sealed class RegistrationTests(IdentityHost identity)
{
    [Fact]
    public async Task A_person_who_registers_and_confirms_is_signed_in()
    {
        using var person = await Person.SignedInAsync(identity, "Anna Example");

        var account = await person.Browser.GetAsync("/account");

        account.Status.Should().Be(HttpStatusCode.OK);
        account.Body.Should().Contain("Anna Example").And.Contain(person.Email);
    }

    [Fact]
    public async Task Before_the_address_is_confirmed_nobody_signs_in()
    {
        using var person = new Person(identity, Person.NewEmail(), Person.GoodPassword);
        await person.RegisterAsync();

        (await person.TryAsync(person.Browser)).Should().BeFalse();
    }

    [Fact]
    public async Task Opening_the_link_of_a_mail_uses_nothing_up_and_the_form_uses_it_up()
    {
        using var person = new Person(identity, Person.NewEmail(), Person.GoodPassword);
        await person.RegisterAsync();
        var link = $"/confirm?token={await identity.TokenOfMailAsync(person.Email, "/confirm")}";
        using var scanner = new PageClient(identity);
        for (var i = 0; i < 3; i++)
        {
            (await scanner.GetAsync(link)).Text.Should().Contain("Confirm your e-mail address");
        }

        (await person.Browser.SubmitAsync(link, ("Password", person.Password))).Status.Should().Be(HttpStatusCode.SeeOther);
        (await person.Browser.GetAsync(link)).Text.Should().Contain("This link no longer works");
    }

    [Fact]
    public async Task A_link_confirms_once_when_it_is_sent_from_four_browsers_at_once()
    {
        using var person = new Person(identity, Person.NewEmail(), Person.GoodPassword);
        await person.RegisterAsync();
        var link = $"/confirm?token={await identity.TokenOfMailAsync(person.Email, "/confirm")}";
        var browsers = Enumerable.Range(0, 4).Select(_ => new PageClient(identity)).ToList();
        var tokens = await Task.WhenAll(browsers.Select(async b => (await b.GetAsync(link)).FormToken));

        var answers = await Task.WhenAll(browsers.Zip(tokens, (b, t) => b.PostAsync(link, t, ("Password", person.Password))));

        answers.Count(a => a.Status == HttpStatusCode.SeeOther).Should().Be(1);
        browsers.Count(b => b.Session is not null).Should().Be(1);
    }

    [Fact]
    public async Task A_known_address_gets_the_same_page_the_same_hashes_and_a_mail_to_its_owner()
    {
        await using var host = await IdentityHost.StartAsync();
        using var known = await Person.SignedInAsync(host);
        var hashing = host.Services.GetRequiredService<PasswordHashing>();
        using var stranger = new PageClient(host);

        var before = hashing.Performed;
        var ofKnown = await stranger.SubmitAsync("/register", ("DisplayName", "Eve"), ("Email", known.Email), ("Password", "Another-Fine-77-password"));
        var forKnown = hashing.Performed - before;
        var ofNew = await stranger.SubmitAsync("/register", ("DisplayName", "Eve"), ("Email", Person.NewEmail()), ("Password", "Another-Fine-77-password"));
        var forNew = hashing.Performed - before - forKnown;

        (ofKnown.Status, ofKnown.Location, ofKnown.Body).Should().Be((ofNew.Status, ofNew.Location, ofNew.Body));
        forKnown.Should().Be(1);
        forNew.Should().Be(1);
        (await host.MailAsync(known.Email, "You have an account already")).Should().Contain("nothing was changed");
        (await known.TryAsync(new PageClient(host))).Should().BeTrue("the password stays as it was");
    }

    [Fact]
    public async Task Registering_someone_elses_address_beforehand_gains_nothing()
    {
        var email = Person.NewEmail("victim");
        using var attacker = new Person(identity, email, "Attackers-Own-99-secret");
        await attacker.RegisterAsync("Mallory");
        var first = await identity.TokenOfMailAsync(email, "/confirm");
        using var victim = new Person(identity, email, Person.GoodPassword);
        await victim.RegisterAsync("Victoria");
        await IdentityHost.EventuallyAsync(() => Task.FromResult(identity.MailsTo(email).Count == 2), "both mails");

        // The victim opens the attacker's mail and enters their own password, which does not match.
        var wrong = await victim.Browser.SubmitAsync($"/confirm?token={first}", ("Password", victim.Password));
        wrong.Status.Should().Be(HttpStatusCode.UnprocessableEntity);
        var own = identity.MailsTo(email).Select(Mailbox.TextOf).Single(m => m.Contains("Hello Victoria", StringComparison.Ordinal));
        var token = own.Split("token=")[1][..43];
        (await victim.Browser.SubmitAsync($"/confirm?token={token}", ("Password", victim.Password))).Status.Should().Be(HttpStatusCode.SeeOther);

        (await attacker.TryAsync(attacker.Browser)).Should().BeFalse("the attacker's password was never the account's");
        (await attacker.Browser.GetAsync($"/confirm?token={first}")).Text.Should().Contain("This link no longer works");
    }

    [Fact]
    public async Task The_mail_can_be_sent_again_and_nothing_is_sent_to_strangers()
    {
        using var person = new Person(identity, Person.NewEmail(), Person.GoodPassword);
        await person.RegisterAsync();
        await identity.TokenOfMailAsync(person.Email, "/confirm");

        (await person.Browser.SubmitAsync("/register/sent", ("Email", person.Email))).Status.Should().Be(HttpStatusCode.SeeOther);

        var second = await identity.TokenOfMailAsync(person.Email, "/confirm", count: 2);
        (await person.Browser.SubmitAsync($"/confirm?token={second}", ("Password", person.Password))).Status.Should().Be(HttpStatusCode.SeeOther);
    }

    [Theory]
    [InlineData("not an address")]
    [InlineData("anna@")]
    [InlineData("anna@example.com\r\nBcc: eve@example.com")]
    [InlineData("anna@exa mple.com")]
    [InlineData("<anna@example.com>")]
    [InlineData("")]
    public async Task An_address_that_cannot_be_written_to_is_refused(string email)
    {
        using var browser = new PageClient(identity);

        var answer = await browser.SubmitAsync("/register", ("DisplayName", "Anna"), ("Email", email), ("Password", Person.GoodPassword));

        answer.Status.Should().Be(HttpStatusCode.UnprocessableEntity);
        answer.Text.Should().Contain("not an e-mail address");
    }

    [Fact]
    public async Task Names_are_shown_as_text()
    {
        using var person = await Person.SignedInAsync(identity, "<img src=x onerror=alert(1)>");

        var account = await person.Browser.GetAsync("/account");

        account.Body.Should().Contain("&lt;img src=x").And.NotContain("<img src=x");
        identity.MailsTo(person.Email).Single().Should().NotContain("<img src=x");
    }

    [Fact]
    public async Task The_same_address_in_other_letters_is_the_same_account()
    {
        using var person = await Person.SignedInAsync(identity);
        await using var database = identity.Database();
        person.Email = person.Email.ToUpperInvariant();

        (await person.TryAsync(new PageClient(identity))).Should().BeTrue();
        await person.RegisterAsync();

        (await database.Db.Users.CountAsync(u => u.NormalizedEmail == person.Email)).Should().Be(1);
    }
}
