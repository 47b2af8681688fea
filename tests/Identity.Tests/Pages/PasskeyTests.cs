using FluentAssertions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Proofsheet.Identity.Sessions;
using Proofsheet.Identity.Tests.Support;
using Proofsheet.Identity.Tests.Users;
using Xunit;

namespace Proofsheet.Identity.Tests.Pages;

/// <summary>Passkeys with Chromium's virtual authenticator.</summary>
[Trait("Suite", "Ci")]
public sealed class PasskeyTests(IdentityHost identity, Chromium chromium)
{
    [Fact]
    public async Task A_passkey_is_added_and_signs_in_without_a_name_and_counts_as_two_factors()
    {
        await using var window = await Window.OpenAsync(chromium, identity, name: "identity-passkeys");
        using var person = await Person.SignedInAsync(identity);
        var app = await SecondFactorTests.App.SetUpAsync(identity, person);
        await window.AddAuthenticatorAsync();
        await window.GoAsync("/account/passkeys");
        await window.SignInAsync(person);
        await window.FillAsync("Code", app.Code(1));
        await window.PressAsync("Sign in");
        await AddAsync(window, "My telephone");
        await window.CheckAsync("added");
        await SignOutAsync(window);

        await window.GoAsync("/sign-in");
        await window.PressAsync("Sign in with a passkey");
        await window.SeeAsync("Your account");

        await using var database = identity.Database();
        (await database.Db.Set<UserSession>().Where(s => s.UserId == person.UserId).Select(s => s.Methods).ToListAsync()).Should().Contain(m => m == "hwk user mfa" || m == "swk user mfa");
        await identity.MailAsync(person.Email, "A passkey was added");
    }

    [Fact]
    public async Task A_copy_with_an_older_count_is_refused()
    {
        await using var window = await Window.OpenAsync(chromium, identity);
        window.Expect(422);
        using var person = await Person.SignedInAsync(identity);
        var authenticator = await window.AddAuthenticatorAsync();
        await window.GoAsync("/account/passkeys");
        await window.SignInAsync(person);
        await AddAsync(window, "Original");
        var copy = await authenticator.CredentialAsync();
        for (var i = 0; i < 3; i++)
        {
            await SignOutAsync(window);
            await window.GoAsync("/sign-in");
            await window.PressAsync("Sign in with a passkey");
            await window.SeeAsync("Your account");
        }

        await SignOutAsync(window);
        await authenticator.RemoveAllAsync();
        await authenticator.AddAsync(copy, signCount: 1);
        await window.GoAsync("/sign-in");
        await window.PressAsync("Sign in with a passkey");

        await Assertions.Expect(window.Page.GetByText("This passkey was not accepted").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Without_the_owners_finger_nothing_is_signed_in()
    {
        await using var window = await Window.OpenAsync(chromium, identity);
        using var person = await Person.SignedInAsync(identity);
        var authenticator = await window.AddAuthenticatorAsync();
        await window.GoAsync("/account/passkeys");
        await window.SignInAsync(person);
        await AddAsync(window, "Mine");
        await SignOutAsync(window);
        await authenticator.SetVerifiedAsync(false);

        await window.GoAsync("/sign-in");
        await window.PressAsync("Sign in with a passkey");

        await Assertions.Expect(window.Page.GetByText("No passkey was used.")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("http://localhost:9", false)]
    public async Task An_answer_that_was_given_to_another_origin_is_refused(string? origin, bool taken)
    {
        await using var window = await Window.OpenAsync(chromium, identity);
        window.Expect(404);
        using var person = await Person.SignedInAsync(identity);
        await window.AddAuthenticatorAsync();
        await window.GoAsync("/account/passkeys");
        await window.SignInAsync(person);
        await AddAsync(window, "Mine");
        await window.RouteAsync("http://localhost:9/**", route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<h1>Phishing</h1>" }));

        // A phishing page relays our challenge to its visitor, whose browser signs the page's own origin.
        using var relay = new PageClient(identity);
        var token = (await relay.GetAsync("/sign-in")).FormToken;
        var options = (await relay.PostAsync("/sign-in?handler=Options", token)).Body;
        await window.GoAsync(origin is null ? "/error" : origin + "/");
        var credential = await window.Page.EvaluateAsync<string>(
            "async options => JSON.stringify(await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options)) }))", options);
        var answer = await relay.PostAsync("/sign-in", token, ("Credential", credential));

        answer.Status.Should().Be(taken ? System.Net.HttpStatusCode.SeeOther : System.Net.HttpStatusCode.UnprocessableEntity);
        (relay.Session is not null).Should().Be(taken);
    }

    [Fact]
    public async Task An_answer_that_was_overheard_is_worth_nothing()
    {
        await using var window = await Window.OpenAsync(chromium, identity);
        using var person = await Person.SignedInAsync(identity);
        await window.AddAuthenticatorAsync();
        await window.GoAsync("/account/passkeys");
        await window.SignInAsync(person);
        await AddAsync(window, "Mine");
        await SignOutAsync(window);
        await window.GoAsync("/sign-in");
        string? overheard = null;
        window.Page.Request += (_, request) =>
        {
            if (request.Method == "POST" && request.PostData?.Contains("Credential=%7B", StringComparison.Ordinal) == true)
            {
                overheard = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(request.PostData)["Credential"];
            }
        };
        await window.PressAsync("Sign in with a passkey");
        await window.SeeAsync("Your account");
        overheard.Should().NotBeNull();

        using var thief = new PageClient(identity);
        var token = (await thief.GetAsync("/sign-in")).FormToken;
        await thief.PostAsync("/sign-in?handler=Options", token);
        var answer = await thief.PostAsync("/sign-in", token, ("Credential", overheard!));

        answer.Status.Should().Be(System.Net.HttpStatusCode.UnprocessableEntity);
        thief.Session.Should().BeNull();
    }

    [Fact]
    public async Task Passkeys_are_renamed_and_removed_and_a_removed_one_signs_nobody_in()
    {
        await using var window = await Window.OpenAsync(chromium, identity);
        window.Expect(422);
        using var person = await Person.SignedInAsync(identity);
        await window.AddAuthenticatorAsync();
        await window.GoAsync("/account/passkeys");
        await window.SignInAsync(person);
        await AddAsync(window, "First name");
        await window.FillAsync("Name of the passkey", "Second name");
        await window.PressAsync("Rename");
        await Assertions.Expect(window.Page.GetByLabel("Name of the passkey")).ToHaveValueAsync("Second name");
        await window.PressAsync("Remove Second name");
        await Assertions.Expect(window.Page.GetByText("The passkey is removed.")).ToBeVisibleAsync();
        await SignOutAsync(window);

        await window.GoAsync("/sign-in");
        await window.PressAsync("Sign in with a passkey");

        await Assertions.Expect(window.Page.GetByText("This passkey was not accepted").First).ToBeVisibleAsync();
        await using var database = identity.Database();
        (await database.Db.Set<IdentityUserPasskey<string>>().AnyAsync(p => p.UserId == person.UserId)).Should().BeFalse();
    }

    private static async Task AddAsync(Window window, string name)
    {
        await window.FillAsync("Name", name);
        await window.PressAsync("Add a passkey");
        await Assertions.Expect(window.Page.GetByText("The passkey is added.")).ToBeVisibleAsync();
        await Assertions.Expect(window.Page.GetByLabel("Name of the passkey")).ToHaveValueAsync(name);
    }

    private static async Task SignOutAsync(Window window)
    {
        await window.GoAsync("/sign-out");
        await window.PressAsync("Sign out");
        await window.SeeAsync("You are signed out");
    }
}
