using System.Diagnostics;
using System.Net;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Identity.Tests.Support;
using Proofsheet.Identity.Users.Passwords;
using Xunit;

namespace Proofsheet.Identity.Tests.Users;

[Trait("Database", "Provider")]
public sealed class SignInTests(IdentityHost identity)
{
    [Fact]
    public async Task Unknown_locked_unconfirmed_and_known_accounts_answer_alike_by_text()
    {
        using var known = await Person.SignedInAsync(identity);
        using var locked = await Person.SignedInAsync(identity);
        await LockAsync(locked);
        using var unconfirmed = new Person(identity, Person.NewEmail(), Person.GoodPassword);
        await unconfirmed.RegisterAsync();
        using var browser = new PageClient(identity);

        var texts = new List<string>();
        foreach (var (email, password) in new[]
                 {
                     (known.Email, "Wrong-Password-1!"), (locked.Email, locked.Password), (unconfirmed.Email, unconfirmed.Password),
                     (Person.NewEmail(), Person.GoodPassword), ("nonsense", "x"),
                 })
        {
            var answer = await browser.SubmitAsync("/sign-in", ("Email", email), ("Password", password));
            answer.Status.Should().Be(HttpStatusCode.UnprocessableEntity);
            answer.Headers.Should().NotContainKey("Set-Cookie");
            texts.Add(answer.Text.Replace(email, "EMAIL", StringComparison.Ordinal));
        }

        texts.Distinct().Should().HaveCount(1);
    }

    [Fact]
    public async Task Every_attempt_costs_one_hash_known_or_not_locked_or_not()
    {
        await using var host = await IdentityHost.StartAsync();
        using var known = await Person.SignedInAsync(host);
        using var locked = await Person.SignedInAsync(host);
        await LockAsync(locked, host);
        var hashing = host.Services.GetRequiredService<PasswordHashing>();
        using var browser = new PageClient(host);
        var token = (await browser.GetAsync("/sign-in")).FormToken;

        foreach (var (email, password) in new[]
                 {
                     (known.Email, known.Password), (known.Email, "Wrong-Password-1!"), (locked.Email, locked.Password), (locked.Email, "Wrong-Password-1!"),
                     (Person.NewEmail(), Person.GoodPassword), ("nonsense", ""), ("", "x"),
                 })
        {
            var before = hashing.Performed;
            await browser.PostAsync("/sign-in", token, ("Email", email), ("Password", password));
            (hashing.Performed - before).Should().Be(1, "{0} is one attempt", email);
            browser.Cookies.Remove("__Host-proofsheet.session");
        }
    }

    [Fact]
    public async Task Unknown_and_known_accounts_answer_alike_by_time()
    {
        await using var host = await IdentityHost.StartAsync(new() { ["Passwords:Cost"] = "12" });
        using var known = await Person.SignedInAsync(host);
        using var browser = new PageClient(host);
        var token = (await browser.GetAsync("/sign-in")).FormToken;
        var times = new List<(double Known, double Unknown)>();
        for (var i = 0; i < 4; i++)
        {
            // In alternation, so that other load on the machine affects both alike; never a fifth wrong attempt.
            times.Add((await TimeAsync(known.Email), await TimeAsync(Person.NewEmail())));
        }

        // A missing hash would take a twentieth of the time.
        var (ofKnown, ofUnknown) = (times.Select(t => t.Known).Min(), times.Select(t => t.Unknown).Min());
        (ofUnknown / ofKnown).Should().BeInRange(0.4, 2.5, "known {0} ms, unknown {1} ms", ofKnown, ofUnknown);

        async Task<double> TimeAsync(string email)
        {
            var began = Stopwatch.GetTimestamp();
            (await browser.PostAsync("/sign-in", token, ("Email", email), ("Password", "Wrong-Password-1!"))).Status.Should().Be(HttpStatusCode.UnprocessableEntity);
            return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }
    }

    [Fact]
    public async Task After_five_wrong_passwords_the_account_rests_until_exactly_fifteen_minutes_later()
    {
        await using var host = await IdentityHost.StartAsync();
        using var person = await Person.SignedInAsync(host);
        await LockAsync(person, host);
        using var browser = new PageClient(host);

        host.Clock.Advance(TimeSpan.FromMinutes(14) + TimeSpan.FromSeconds(50));
        (await person.TryAsync(browser)).Should().BeFalse("it is not 15:00 yet");
        await using (var database = host.Database())
        {
            var end = await database.Db.Users.Where(u => u.Id == person.UserId).Select(u => u.LockoutEnd).SingleAsync();
            host.Clock.Advance(end!.Value - host.Clock.GetUtcNow());
        }

        (await person.TryAsync(browser)).Should().BeTrue("it is 15:00");
        (await host.MailAsync(person.Email, "Your account rests for 15 minutes")).Should().Contain("Nobody can sign in with a password");
    }

    [Fact]
    public async Task Once_it_rests_the_right_password_among_many_at_once_does_not_help_and_one_mail_is_sent()
    {
        await using var host = await IdentityHost.StartAsync();
        using var person = await Person.SignedInAsync(host);
        using var browser = new PageClient(host);
        var token = (await browser.GetAsync("/sign-in")).FormToken;

        // If more were checked, the right one among them would have a chance.
        var guesses = Enumerable.Range(0, 30).Select(i => i == 29 ? person.Password : $"Wrong-Password-{i}!");
        foreach (var guess in guesses.Take(5))
        {
            await browser.PostAsync("/sign-in", token, ("Email", person.Email), ("Password", guess));
        }

        var answers = await Task.WhenAll(guesses.Skip(5).Select(g => browser.PostAsync("/sign-in", token, ("Email", person.Email), ("Password", g))));

        answers.Should().OnlyContain(a => a.Status == HttpStatusCode.UnprocessableEntity);
        await host.MailAsync(person.Email, "Your account rests for 15 minutes");
        host.SubjectsTo(person.Email).Count(s => s == "Your account rests for 15 minutes").Should().Be(1);
    }

    [Fact]
    public async Task Wrong_passwords_at_once_are_all_counted()
    {
        using var person = await Person.SignedInAsync(identity);
        using var browser = new PageClient(identity);
        var token = (await browser.GetAsync("/sign-in")).FormToken;

        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => browser.PostAsync("/sign-in", token, ("Email", person.Email), ("Password", $"Wrong-Password-{i}!"))));

        (await person.TryAsync(browser)).Should().BeFalse();
    }

    [Fact]
    public async Task Four_wrong_ones_and_a_right_one_start_the_count_over()
    {
        using var person = await Person.SignedInAsync(identity);
        for (var round = 0; round < 2; round++)
        {
            using var browser = new PageClient(identity);
            for (var i = 0; i < 4; i++)
            {
                (await person.TryAsync(browser, "Wrong-Password-1!")).Should().BeFalse();
            }

            (await person.TryAsync(browser)).Should().BeTrue();
        }
    }

    [Fact]
    public async Task An_address_that_tries_too_often_waits_whichever_account_it_tries()
    {
        await using var host = await IdentityHost.StartAsync(new() { ["Limits:SignInsPerAddressPer15Minutes"] = "3" });
        using var browser = new PageClient(host);
        var token = (await browser.GetAsync("/sign-in")).FormToken;
        PageAnswer answer = null!;
        for (var i = 0; i < 4; i++)
        {
            answer = await browser.PostAsync("/sign-in", token, ("Email", Person.NewEmail()), ("Password", "x"));
        }

        answer.Status.Should().Be(HttpStatusCode.TooManyRequests);
        int.Parse(answer.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture).Should().BeInRange(1, 900);
        host.Clock.Advance(TimeSpan.FromMinutes(15));
        (await browser.PostAsync("/sign-in", token, ("Email", Person.NewEmail()), ("Password", "x"))).Status.Should().Be(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_flood_is_told_to_come_again_and_the_rest_of_the_authority_answers()
    {
        await using var host = await IdentityHost.StartAsync(new() { ["Passwords:Cost"] = "12", ["Passwords:HashesAtATime"] = "1", ["Passwords:MaxWaiting"] = "2" });
        using var browser = new PageClient(host);
        var token = (await browser.GetAsync("/sign-in")).FormToken;
        using var http = host.Http();

        var flood = Task.WhenAll(Enumerable.Range(0, 24).Select(_ => browser.PostAsync("/sign-in", token, ("Email", Person.NewEmail()), ("Password", "x"))));
        (await http.GetAsync("/health/live")).StatusCode.Should().Be(HttpStatusCode.OK);
        var answers = await flood;

        var busy = answers.Where(a => a.Status == HttpStatusCode.ServiceUnavailable).ToList();
        busy.Should().NotBeEmpty();
        busy.Should().OnlyContain(a => a.Headers["Retry-After"] == "5" && a.Text.Contains("Many people are signing in", StringComparison.Ordinal));
        answers.Should().Contain(a => a.Status == HttpStatusCode.UnprocessableEntity, "some are served");
    }

    [Fact]
    public async Task Whom_a_flood_sends_away_has_not_tried_so_strangers_lock_no_account_by_it()
    {
        await using var host = await IdentityHost.StartAsync(new() { ["Passwords:Cost"] = "14", ["Passwords:HashesAtATime"] = "1", ["Passwords:MaxWaiting"] = "1" });
        using var person = await Person.SignedInAsync(host);
        using var browser = new PageClient(host);
        var token = (await browser.GetAsync("/sign-in")).FormToken;

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => browser.PostAsync("/sign-in", token, ("Email", person.Email), ("Password", "Wrong-Password-1!"))));

        var looked = answers.Count(a => a.Status == HttpStatusCode.UnprocessableEntity);
        answers.Count(a => a.Status == HttpStatusCode.ServiceUnavailable).Should().Be(16 - looked).And.BePositive();
        await using var database = host.Database();
        (await database.Db.Users.Where(u => u.Id == person.UserId).Select(u => u.AccessFailedCount).SingleAsync()).Should().Be(looked);
    }

    [Fact]
    public async Task A_password_is_hashed_again_when_the_cost_was_raised()
    {
        await using var host = await IdentityHost.StartAsync();
        using var person = await Person.SignedInAsync(host);
        await using var raised = await host.StartAnotherAsync(new() { ["Passwords:Cost"] = "11" });
        using var browser = new PageClient(raised);

        (await person.TryAsync(browser)).Should().BeTrue();

        await using var database = host.Database();
        (await database.Db.Users.Where(u => u.Id == person.UserId).Select(u => u.PasswordHash).SingleAsync()).Should().Contain("$2b$11$");
        (await person.TryAsync(new PageClient(raised))).Should().BeTrue();
    }

    [Fact]
    public async Task An_account_that_staff_closed_signs_nobody_in_and_its_sessions_are_over()
    {
        using var person = await Person.SignedInAsync(identity);
        await using var database = identity.Database();
        DateTimeOffset? now = identity.Clock.GetUtcNow();
        await database.Db.Users.Where(u => u.Id == person.UserId).ExecuteUpdateAsync(set => set.SetProperty(u => u.DisabledAt, now));

        (await person.TryAsync(new PageClient(identity))).Should().BeFalse();
        (await person.Browser.GetAsync("/account")).Location.Should().StartWith("/sign-in");
    }

    private async Task LockAsync(Person person, IdentityHost? host = null)
    {
        using var browser = new PageClient(host ?? identity);
        for (var i = 0; i < 5; i++)
        {
            (await person.TryAsync(browser, "Wrong-Password-1!")).Should().BeFalse();
        }
    }
}
