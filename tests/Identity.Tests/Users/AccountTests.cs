using System.Net;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Identity.Protocol;
using Proofsheet.Identity.Sessions;
using Proofsheet.Identity.Tests.Support;
using Proofsheet.Identity.Users.Tickets;
using Xunit;

namespace Proofsheet.Identity.Tests.Users;

[Trait("Database", "Provider")]
public sealed class AccountTests(IdentityHost identity)
{
    [Fact]
    public async Task A_new_address_counts_when_it_is_confirmed_and_the_old_one_is_told()
    {
        using var person = await Person.SignedInAsync(identity);
        var (old, wanted) = (person.Email, Person.NewEmail("new"));

        (await person.Browser.SubmitAsync("/account/email", ("Email", wanted))).Location.Should().Be("/account/email?done=email");
        await identity.MailAsync(old, "Your e-mail address is to be changed");
        var link = $"/confirm-email?token={await identity.TokenOfMailAsync(wanted, "/confirm-email")}";
        (await person.TryAsync(new PageClient(identity))).Should().BeTrue("nothing has changed yet");
        using var elsewhere = new PageClient(identity);
        (await elsewhere.GetAsync(link)).Text.Should().Contain(wanted);
        (await elsewhere.SubmitAsync(link)).Text.Should().Contain("Your address is changed");

        (await person.TryAsync(new PageClient(identity))).Should().BeFalse("the old address is nobody's now");
        person.Email = wanted;
        (await person.TryAsync(new PageClient(identity))).Should().BeTrue();
        await identity.MailAsync(old, "Your e-mail address was changed");
        (await elsewhere.GetAsync(link)).Text.Should().Contain("This link no longer works");
    }

    [Fact]
    public async Task Changing_to_a_known_address_tells_its_owner_and_nobody_else()
    {
        using var person = await Person.SignedInAsync(identity);
        using var owner = await Person.SignedInAsync(identity);

        (await person.Browser.SubmitAsync("/account/email", ("Email", owner.Email))).Location.Should().Be("/account/email?done=email");

        await identity.MailAsync(owner.Email, "You have an account already");
        identity.MailsTo(owner.Email).Select(Mailbox.TextOf).Should().NotContain(m => m.Contains("/confirm-email", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_two_who_confirm_the_same_address_one_gets_it()
    {
        using var first = await Person.SignedInAsync(identity);
        using var second = await Person.SignedInAsync(identity);
        var wanted = Person.NewEmail("both");
        await first.Browser.SubmitAsync("/account/email", ("Email", wanted));
        await second.Browser.SubmitAsync("/account/email", ("Email", wanted));
        await identity.TokenOfMailAsync(wanted, "/confirm-email", count: 2);
        var links = identity.MailsTo(wanted).Select(Mailbox.TextOf).Select(m => $"/confirm-email?token={m.Split("token=")[1][..43]}").ToList();
        using var browser = new PageClient(identity);
        var tokens = await Task.WhenAll(links.Select(async l => (await browser.GetAsync(l)).FormToken));

        var answers = await Task.WhenAll(links.Zip(tokens, (l, t) => browser.PostAsync(l, t)));

        answers.Count(a => a.Text.Contains("Your address is changed", StringComparison.Ordinal)).Should().Be(1);
        await using var database = identity.Database();
        (await database.Db.Users.CountAsync(u => u.Email == wanted)).Should().Be(1);
    }

    [Theory]
    [InlineData("/account/email")]
    [InlineData("/account/second-factor")]
    [InlineData("/account/passkeys")]
    [InlineData("/account/logins")]
    [InlineData("/account/delete")]
    public async Task What_decides_who_signs_in_wants_a_sign_in_of_the_last_minutes(string path)
    {
        await using var host = await IdentityHost.StartAsync();
        using var person = await Person.SignedInAsync(host);
        (await person.Browser.GetAsync(path)).Status.Should().Be(HttpStatusCode.OK);
        var token = (await person.Browser.GetAsync("/account")).FormToken;
        host.Clock.Advance(TimeSpan.FromMinutes(11));

        (await person.Browser.GetAsync(path)).Location.Should().StartWith("/sign-in?to=");
        (await person.Browser.PostAsync(path, token, ("Email", person.Email))).Location.Should().StartWith("/sign-in?to=");
        (await person.AgainAsync()).Should().BeTrue();
        (await person.Browser.GetAsync(path)).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_deleted_account_is_gone_with_all_that_hung_on_it()
    {
        using var person = await Person.SignedInAsync(identity);
        using var other = await person.AnotherBrowserAsync();

        (await person.Browser.SubmitAsync("/account/delete", ("Email", "somebody@example.com"))).Status.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await person.Browser.SubmitAsync("/account/delete", ("Email", person.Email))).Location.Should().Be("/sign-out");

        (await other.GetAsync("/account")).Location.Should().StartWith("/sign-in");
        (await person.TryAsync(new PageClient(identity))).Should().BeFalse();
        await identity.MailAsync(person.Email, "Your account was deleted");
        await using var database = identity.Database();
        (await database.Db.Users.AnyAsync(u => u.Id == person.UserId)).Should().BeFalse();
        await person.RegisterAsync();
        (await database.Db.Users.Where(u => u.Email == person.Email).Select(u => u.Id).SingleAsync()).Should().NotBe(person.UserId, "a subject is never used again");
    }

    [Fact]
    public async Task What_has_run_out_is_swept_and_what_has_not_stays()
    {
        await using var host = await IdentityHost.StartAsync();
        using var person = await Person.SignedInAsync(host);
        using var unconfirmed = new Person(host, Person.NewEmail(), Person.GoodPassword);
        await unconfirmed.RegisterAsync();
        var sweeper = host.Services.GetRequiredService<Sweeper>();
        await sweeper.SweepAsync(default);
        (await CountsAsync()).Should().Be((2, 1, 1), "nothing has run out yet");

        host.Clock.Advance(TimeSpan.FromDays(8));
        await sweeper.SweepAsync(default);

        (await CountsAsync()).Should().Be((1, 0, 0), "only the account that was confirmed stays");
        (await person.TryAsync(new PageClient(host))).Should().BeTrue();

        async Task<(int Users, int Sessions, int Tickets)> CountsAsync()
        {
            await using var database = host.Database();
            return (await database.Db.Users.CountAsync(), await database.Db.Set<UserSession>().CountAsync(), await database.Db.Set<Ticket>().CountAsync());
        }
    }

    [Fact]
    public async Task The_name_is_changed()
    {
        using var person = await Person.SignedInAsync(identity);

        (await person.Browser.SubmitAsync("/account", ("DisplayName", "Anna Maria"))).Location.Should().Be("/account?done=profile");

        (await person.Browser.GetAsync("/account?done=profile")).Body.Should().Contain("Anna Maria").And.Contain("Your profile is saved.");
    }
}
