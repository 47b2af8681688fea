using System.Net;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Identity.Tests.Support;
using Proofsheet.Identity.Users.Passwords;
using Proofsheet.Identity.Users.Tickets;
using Xunit;

namespace Proofsheet.Identity.Tests.Users;

[Trait("Database", "Provider")]
public sealed class PasswordChangeTests(IdentityHost identity)
{
    private const string NewPassword = "Basalt-Trumpet-77-river";

    [Fact]
    public async Task A_forgotten_password_is_set_by_the_mails_link_and_every_session_ends()
    {
        using var person = await Person.SignedInAsync(identity);
        using var other = new PageClient(identity);

        (await other.SubmitAsync("/forgot", ("Email", person.Email))).Location.Should().Be("/forgot?sent=1");
        var link = $"/reset?token={await identity.TokenOfMailAsync(person.Email, "/reset")}";
        (await other.SubmitAsync(link, ("Password", NewPassword))).Location.Should().Be("/reset?done=1");

        (await person.Browser.GetAsync("/account")).Location.Should().StartWith("/sign-in");
        (await person.TryAsync(new PageClient(identity))).Should().BeFalse();
        (await person.TryAsync(new PageClient(identity), NewPassword)).Should().BeTrue();
        await identity.MailAsync(person.Email, "Your password was reset");
    }

    [Fact]
    public async Task The_link_works_once_and_opening_it_uses_nothing_up()
    {
        using var person = await Person.SignedInAsync(identity);
        using var browser = new PageClient(identity);
        await browser.SubmitAsync("/forgot", ("Email", person.Email));
        var link = $"/reset?token={await identity.TokenOfMailAsync(person.Email, "/reset")}";
        var tokens = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => (await browser.GetAsync(link)).FormToken));

        var answers = await Task.WhenAll(tokens.Select((t, i) => browser.PostAsync(link, t, ("Password", $"{NewPassword}{i}"))));

        answers.Count(a => a.Location == "/reset?done=1").Should().Be(1);
        (await browser.GetAsync(link)).Text.Should().Contain("This link no longer works");
    }

    [Fact]
    public async Task A_weak_new_password_does_not_use_the_link_up()
    {
        using var person = await Person.SignedInAsync(identity);
        using var browser = new PageClient(identity);
        await browser.SubmitAsync("/forgot", ("Email", person.Email));
        var link = $"/reset?token={await identity.TokenOfMailAsync(person.Email, "/reset")}";

        (await browser.SubmitAsync(link, ("Password", "Password123!"))).Text.Should().Contain("many people use");

        (await browser.SubmitAsync(link, ("Password", NewPassword))).Location.Should().Be("/reset?done=1");
    }

    [Fact]
    public async Task The_link_ends_after_half_an_hour_and_when_a_newer_one_was_sent()
    {
        await using var host = await IdentityHost.StartAsync();
        using var person = await Person.SignedInAsync(host);
        using var browser = new PageClient(host);
        await browser.SubmitAsync("/forgot", ("Email", person.Email));
        var first = await host.TokenOfMailAsync(person.Email, "/reset");
        await browser.SubmitAsync("/forgot", ("Email", person.Email));
        string[] both = [];
        await IdentityHost.EventuallyAsync(
            () =>
            {
                both = [.. host.MailsTo(person.Email).Select(Mailbox.TextOf).Where(m => m.Contains("/reset?token=", StringComparison.Ordinal)).Select(m => m.Split("token=")[1][..43])];
                return Task.FromResult(both.Length == 2);
            },
            "two mails");
        var second = both.Single(t => t != first);

        (await browser.GetAsync($"/reset?token={first}")).Text.Should().Contain("This link no longer works");
        (await browser.GetAsync($"/reset?token={second}")).Text.Should().Contain("Choose a new password");
        host.Clock.Advance(TimeSpan.FromMinutes(30));
        (await browser.GetAsync($"/reset?token={second}")).Text.Should().Contain("This link no longer works");
    }

    [Fact]
    public async Task Known_and_unknown_addresses_get_the_same_answer_and_no_hash_and_only_one_a_mail()
    {
        await using var host = await IdentityHost.StartAsync();
        using var person = await Person.SignedInAsync(host);
        using var browser = new PageClient(host);
        var hashing = host.Services.GetRequiredService<PasswordHashing>();
        var (before, stranger) = (hashing.Performed, Person.NewEmail());

        var unknown = await browser.SubmitAsync("/forgot", ("Email", stranger));
        var known = await browser.SubmitAsync("/forgot", ("Email", person.Email));

        (known.Status, known.Location, known.Body).Should().Be((unknown.Status, unknown.Location, unknown.Body));
        hashing.Performed.Should().Be(before);
        await host.TokenOfMailAsync(person.Email, "/reset");
        host.MailsTo(stranger).Should().BeEmpty("the outbox works in order, and the other's mail is here");
    }

    [Fact]
    public async Task A_mailbox_gets_five_mails_an_hour_and_no_more()
    {
        await using var host = await IdentityHost.StartAsync();
        using var person = await Person.SignedInAsync(host);
        using var browser = new PageClient(host);
        for (var i = 0; i < 8; i++)
        {
            (await browser.SubmitAsync("/forgot", ("Email", person.Email))).Location.Should().Be("/forgot?sent=1");
        }

        await IdentityHost.EventuallyAsync(
            async () =>
            {
                await using var database = host.Database();
                return !await database.Db.Set<Proofsheet.Shared.Outbox.OutboxMessage>().AnyAsync(m => m.DoneAt == null);
            },
            "the outbox is empty");
        // One of the five was for the registration.
        host.SubjectsTo(person.Email).Count(s => s == "Choose a new password").Should().Be(4);
    }

    [Fact]
    public async Task Changing_the_password_keeps_this_session_and_ends_the_others()
    {
        using var person = await Person.SignedInAsync(identity);
        using var other = await person.AnotherBrowserAsync();

        var wrong = await person.Browser.SubmitAsync("/account/password", ("OldPassword", "Wrong-Password-1!"), ("Password", NewPassword));
        wrong.Status.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await person.Browser.SubmitAsync("/account/password", ("OldPassword", person.Password), ("Password", NewPassword))).Location.Should().Be("/account/password?done=password");

        (await person.Browser.GetAsync("/account")).Status.Should().Be(HttpStatusCode.OK);
        (await other.GetAsync("/account")).Location.Should().StartWith("/sign-in");
        (await person.TryAsync(new PageClient(identity))).Should().BeFalse();
        await identity.MailAsync(person.Email, "Your password was changed");
    }

    [Fact]
    public async Task The_old_password_cannot_be_guessed_here_either()
    {
        using var person = await Person.SignedInAsync(identity);
        for (var i = 0; i < 5; i++)
        {
            await person.Browser.SubmitAsync("/account/password", ("OldPassword", $"Wrong-Password-{i}!"), ("Password", NewPassword));
        }

        (await person.Browser.SubmitAsync("/account/password", ("OldPassword", person.Password), ("Password", NewPassword))).Status.Should().Be(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Tokens_of_mails_lie_in_the_database_only_as_hashes_and_sealed()
    {
        using var person = await Person.SignedInAsync(identity);
        await person.Browser.SubmitAsync("/forgot", ("Email", person.Email));
        var token = await identity.TokenOfMailAsync(person.Email, "/reset");
        await using var database = identity.Database();

        (await database.Db.Set<Ticket>().AnyAsync(t => t.UserId == person.UserId && t.Kind == TicketKind.ResetPassword)).Should().BeTrue();
        (await database.Db.Set<Ticket>().AnyAsync(t => t.Hash == token || t.Payload!.Contains(token))).Should().BeFalse();
        (await database.Db.Set<Proofsheet.Shared.Outbox.OutboxMessage>().AnyAsync(m => m.Payload.Contains(token))).Should().BeFalse();
    }

    [Fact]
    public async Task A_token_of_one_kind_of_mail_is_worth_nothing_for_another()
    {
        using var person = await Person.SignedInAsync(identity);
        await person.Browser.SubmitAsync("/forgot", ("Email", person.Email));
        var token = await identity.TokenOfMailAsync(person.Email, "/reset");
        using var browser = new PageClient(identity);

        (await browser.GetAsync($"/confirm?token={token}")).Text.Should().Contain("This link no longer works");
        (await browser.GetAsync($"/confirm-email?token={token}")).Text.Should().Contain("This link no longer works");
    }
}
