using System.Collections.Specialized;
using System.Globalization;
using System.Net;
using System.Web;
using FluentAssertions;
using Microsoft.Playwright;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Proofsheet.Identity.Tests.Users;
using Xunit;

namespace Proofsheet.Identity.Tests.Pages;

/// <summary>From a client to a page and back, in a browser that enforces our policy against us: trap 9 of the design.</summary>
[Trait("Suite", "Ci")]
public sealed class InteractionsInBrowserTests(IdentityHost identity, Chromium chromium)
{
    [Fact]
    public async Task After_the_password_the_browser_arrives_at_a_client_on_another_host()
    {
        await using var window = await Window.OpenAsync(chromium, identity);
        using var person = await Person.SignedInAsync(identity);
        var arrived = await ArrivingAsync(window, "https://app.example/**");

        await window.GoAsync(Authorize(TestClients.Web));
        await window.SeeAsync("Sign in");
        await Assertions.Expect(window.Page.GetByText("to go on to Studio")).ToBeVisibleAsync();
        await window.SignInAsync(person);

        (await arrived)["code"].Should().NotBeNullOrEmpty();
        window.Troubles.Should().BeEmpty();
    }

    [Fact]
    public async Task After_a_wrong_password_a_code_and_a_consent_it_still_does()
    {
        await using var window = await Window.OpenAsync(chromium, identity, name: "identity-consent");
        window.Expect(422);
        using var person = await Person.SignedInAsync(identity);
        var app = await SecondFactorTests.App.SetUpAsync(identity, person);
        var arrived = await ArrivingAsync(window, "https://third.example/**");

        await window.GoAsync(Authorize(TestClients.Third, ("scope", "openid profile galleries:read")));
        await window.FillAsync("E-mail address", person.Email);
        await window.FillAsync("Password", "Wrong-Password-1!");
        await window.PressAsync("Sign in");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
        await window.FillAsync("Password", person.Password);
        await window.PressAsync("Sign in");
        await window.SeeAsync("Enter a code");
        await window.CheckAsync("code");
        await window.FillAsync("Code", app.Code(1));
        await window.PressAsync("Sign in");
        await window.SeeAsync("Allow Somebody's?");
        await window.CheckAsync("asked");
        await window.Page.GetByLabel("See galleries").UncheckAsync();
        await window.PressAsync("Allow");
        var answer = await arrived;
        answer["code"].Should().NotBeNullOrEmpty();
        await window.SeeAsync("The client");

        await window.GoAsync("/account/applications");
        await Assertions.Expect(window.Page.GetByText("Somebody's")).ToBeVisibleAsync();
        await Assertions.Expect(window.Page.GetByText("See galleries")).ToHaveCountAsync(0);
        await window.CheckAsync("applications");
        await window.PressAsync("Take back what Somebody's may do");
        await Assertions.Expect(window.Page.GetByText("You have let no application of others act for you.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_person_who_says_no_comes_back_with_access_denied()
    {
        await using var window = await Window.OpenAsync(chromium, identity);
        using var person = await Person.SignedInAsync(identity);
        var arrived = await ArrivingAsync(window, "https://third.example/**");

        await window.GoAsync(Authorize(TestClients.Third));
        await window.SignInAsync(person);
        await window.PressAsync("Do not allow");

        (await arrived)["error"].Should().Be("access_denied");
    }

    [Fact]
    public async Task An_interaction_of_another_browser_is_none()
    {
        await using var window = await Window.OpenAsync(chromium, identity);
        await window.GoAsync(Authorize(TestClients.Web));
        var address = window.Page.Url;
        address.Should().Contain("interaction=");
        using var other = await Person.SignedInAsync(identity);

        (await other.Browser.GetAsync(new Uri(address).PathAndQuery)).Location.Should().Be("/error?reason=gone");
        (await other.Browser.GetAsync(new Uri(address).PathAndQuery.Replace("/sign-in", "/consent", StringComparison.Ordinal))).Location.Should().Be("/error?reason=gone");
    }

    [Fact]
    public async Task A_client_that_asks_for_a_fresh_sign_in_gets_one_although_someone_is_signed_in()
    {
        await using var window = await Window.OpenAsync(chromium, identity);
        using var person = await Person.SignedInAsync(identity);
        await window.GoAsync("/sign-in");
        await window.SignInAsync(person);
        await window.SeeAsync("Your account");
        var arrived = await ArrivingAsync(window, "https://app.example/**");

        await window.GoAsync(Authorize(TestClients.Web, ("prompt", "login")));
        await window.SeeAsync("Sign in again");
        // No parameter in the URL gets around it: trap 5.
        await window.GoAsync(new Uri(window.Page.Url).PathAndQuery + "&prompt=none&to=/account&signed_in=1");
        await window.SeeAsync("Sign in again");
        await window.FillAsync("Password", person.Password);
        await window.PressAsync("Sign in");

        (await arrived)["code"].Should().NotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_client_that_wants_a_second_factor_leads_to_setting_one_up_and_back()
    {
        await using var window = await Window.OpenAsync(chromium, identity);
        using var person = await Person.SignedInAsync(identity);
        var arrived = await ArrivingAsync(window, "https://app.example/**");

        await window.GoAsync(Authorize(TestClients.Web, ("acr_values", "mfa")));
        await window.SignInAsync(person);
        await window.SeeAsync("Codes from an app");
        await window.PressAsync("Set up an app");
        var typed = await window.Page.Locator(".steps strong.code").InnerTextAsync();
        await window.FillAsync("Code", CodeOf(typed, identity.Clock.GetUtcNow()));
        await window.PressAsync("Turn codes on");
        await window.PressAsync("I have kept them");

        (await arrived)["code"].Should().NotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_new_account_made_for_a_client_arrives_there_after_the_mail()
    {
        await using var window = await Window.OpenAsync(chromium, identity);
        var email = Person.NewEmail();
        var arrived = await ArrivingAsync(window, "https://app.example/**");

        await window.GoAsync(Authorize(TestClients.Web, ("prompt", "create")));
        await window.SeeAsync("Make an account");
        await window.FillAsync("Your name", "Anna Example");
        await window.FillAsync("E-mail address", email);
        await window.FillAsync("Password", Person.GoodPassword);
        await window.PressAsync("Make the account");
        await window.SeeAsync("Look into your mail");
        await window.GoAsync($"/confirm?token={await identity.TokenOfMailAsync(email, "/confirm")}");
        await window.FillAsync("Password", Person.GoodPassword);
        await window.PressAsync("Confirm");

        (await arrived)["code"].Should().NotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_device_is_connected_by_its_code_after_two_buttons()
    {
        await using var window = await Window.OpenAsync(chromium, identity, Window.Telephone, name: "identity-device");
        window.Expect(422);
        using var person = await Person.SignedInAsync(identity);
        using var device = new OAuth(identity);
        var begun = await device.PostAsync("/connect/deviceauthorization", [new("scope", "openid galleries:read")], TestClients.Native);
        begun.Status.Should().Be(HttpStatusCode.OK, begun.Text);

        await window.GoAsync(new Uri(begun["verification_uri_complete"]!).PathAndQuery);
        await window.SignInAsync(person);
        await window.SeeAsync("Connect a device");
        await window.PressAsync("Go on");
        await window.SeeAsync("Connect Plugin?");
        await window.CheckAsync("asked");
        await window.PressAsync("Connect");
        await window.SeeAsync("The device is connected");

        var tokens = await device.TokenAsync(TestClients.Native, [new("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), new("device_code", begun["device_code"])]);
        tokens.Status.Should().Be(HttpStatusCode.OK, tokens.Text);
    }

    [Fact]
    public async Task A_client_that_signs_someone_out_without_proof_is_asked_about_and_then_gets_them_back()
    {
        await using var window = await Window.OpenAsync(chromium, identity);
        using var person = await Person.SignedInAsync(identity);
        await window.GoAsync("/sign-in");
        await window.SignInAsync(person);
        await window.SeeAsync("Your account");
        var arrived = await ArrivingAsync(window, "https://app.example/**");

        await window.GoAsync("/connect/endsession?client_id=web&state=xyz&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye");
        await window.SeeAsync("Sign out?");
        await window.PressAsync("Sign out");

        (await arrived)["state"].Should().Be("xyz");
        // Wait until it has arrived, or the next navigation would interrupt it.
        await window.SeeAsync("The client");
        await window.GoAsync("/account");
        await window.SeeAsync("Sign in");
        window.Page.Url.Should().Contain("/sign-in");
    }

    private static string Authorize(Proofsheet.Identity.Protocol.Clients.Client client, params (string Name, string? Value)[] changes) =>
        "/connect/authorize?" + string.Join('&', OAuth.Request(client, changes).Where(p => p.Value is not null).Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value!)}"));

    /// <summary>The query with which the browser arrives at a client.</summary>
    private static async Task<Task<NameValueCollection>> ArrivingAsync(Window window, string pattern)
    {
        var arrived = new TaskCompletionSource<NameValueCollection>(TaskCreationOptions.RunContinuationsAsynchronously);
        await window.RouteAsync(pattern, async route =>
        {
            await route.FulfillAsync(new() { ContentType = "text/html", Body = "<!doctype html><link rel=icon href=data:,><h1>The client</h1>" });
            arrived.TrySetResult(HttpUtility.ParseQueryString(new Uri(route.Request.Url).Query));
        });
        return arrived.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    private static string CodeOf(string typed, DateTimeOffset now)
    {
        var bits = string.Concat(typed.Replace(" ", "", StringComparison.Ordinal).Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        byte[] secret = [.. bits.Chunk(8).Where(b => b.Length == 8).Select(b => Convert.ToByte(new string(b), 2))];
        return Identity.Users.SecondFactors.Totp.CodeOf(secret, Identity.Users.SecondFactors.Totp.StepOf(now)).ToString(CultureInfo.InvariantCulture);
    }
}
