using System.Text.RegularExpressions;
using FluentAssertions;
using Microsoft.Playwright;
using Proofsheet.Identity.Tests.Support;
using Proofsheet.Identity.Tests.Users;
using Proofsheet.Storefront.Tests.Browsing;
using Xunit;

namespace Proofsheet.Identity.Tests.Pages;

[Trait("Suite", "Ci")]
public sealed class PagesInBrowserTests(IdentityHost identity, Chromium chromium)
{
    [Theory]
    [InlineData(Window.Desktop)]
    [InlineData(Window.Telephone)]
    public async Task Someone_registers_confirms_and_walks_through_their_account(int width)
    {
        await using var window = await Window.OpenAsync(chromium, identity, width);
        window.Expect(422);
        var email = Person.NewEmail();
        await window.GoAsync("/sign-in");
        await window.CheckAsync("01-sign-in");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Make an account" }).ClickAsync();
        await window.FillAsync("Your name", "Anna Example");
        await window.FillAsync("E-mail address", email);
        await window.FillAsync("Password", "Password123!");
        await window.PressAsync("Make the account");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
        await window.CheckAsync("02-register-refused");
        await window.FillAsync("Password", Person.GoodPassword);
        await window.PressAsync("Make the account");
        await window.SeeAsync("Look into your mail");
        await window.CheckAsync("03-sent");

        await window.GoAsync($"/confirm?token={await identity.TokenOfMailAsync(email, "/confirm")}");
        await window.CheckAsync("04-confirm");
        await window.FillAsync("Password", Person.GoodPassword);
        await window.PressAsync("Confirm");
        await window.SeeAsync("Your account");
        await window.CheckAsync("05-account");
        foreach (var (page, heading) in new[]
                 {
                     ("password", "Change the password"), ("email", "Change the e-mail address"), ("second-factor", "Codes from an app"), ("passkeys", "Passkeys"),
                     ("logins", "Ways to sign in"), ("sessions", "Sessions"), ("applications", "Connected applications"), ("delete", "Delete the account"),
                 })
        {
            await window.GoAsync($"/account/{page}");
            await window.SeeAsync(heading);
            await window.CheckAsync($"06-{page}");
        }

        await window.GoAsync("/account/second-factor");
        await window.PressAsync("Set up an app");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Img, new() { Name = "QR code" })).ToBeVisibleAsync();
        await window.CheckAsync("07-qr");
        await window.GoAsync("/device?user_code=ABCD-EFGH");
        await window.CheckAsync("08-device");
        await window.GoAsync("/sign-out");
        await window.CheckAsync("09-sign-out");
        await window.PressAsync("Sign out");
        await window.SeeAsync("You are signed out");
        window.Expect(400);
        await window.GoAsync("/error?reason=gone");
        await window.CheckAsync("10-error");
        await window.GoAsync("/forgot");
        await window.CheckAsync("11-forgot");
    }

    [Fact]
    public async Task A_picture_without_a_text_would_be_found()
    {
        await using var window = await Window.OpenAsync(chromium, identity);
        await window.Page.SetContentAsync("<html lang=en><title>A page</title><main><h1>A page</h1><img src='data:,'></main>");

        (await Axe.ViolationsAsync(window.Page, Axe.Wcag22)).Should().ContainSingle().Which.Should().StartWith("image-alt (critical)");
    }

    [Fact]
    public async Task Everything_but_passkeys_works_without_script()
    {
        await using var window = await Window.OpenAsync(chromium, identity, script: false);
        using var person = await Person.SignedInAsync(identity);
        await window.GoAsync("/account/sessions");
        await window.SignInAsync(person);
        await window.SeeAsync("Sessions");
        await window.PressAsync("End all other sessions");
        await Assertions.Expect(window.Page.GetByText("All other sessions have ended.")).ToBeVisibleAsync();
        await window.GoAsync("/account/second-factor");
        await window.PressAsync("Set up an app");
        await window.FillAsync("Code", "000000");
        await window.PressAsync("Turn codes on");
        await Assertions.Expect(window.Page.GetByText("This is not the code").First).ToBeVisibleAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Img, new() { Name = "QR code" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_keyboard_alone_signs_someone_in()
    {
        await using var window = await Window.OpenAsync(chromium, identity);
        using var person = await Person.SignedInAsync(identity);
        await window.GoAsync("/sign-in");

        await Assertions.Expect(window.Page.GetByLabel("E-mail address")).ToBeFocusedAsync();
        await window.Page.Keyboard.TypeAsync(person.Email);
        await window.Page.Keyboard.PressAsync("Tab");
        await window.Page.Keyboard.TypeAsync(person.Password);
        await window.Page.Keyboard.PressAsync("Enter");

        await window.SeeAsync("Your account");
    }

    [Fact]
    public async Task Another_site_cannot_frame_the_sign_in_or_post_to_it()
    {
        await using var window = await Window.OpenAsync(chromium, identity);
        using var person = await Person.SignedInAsync(identity);
        await window.GoAsync("/sign-in");
        await window.SignInAsync(person);
        await window.SeeAsync("Your account");
        await window.RouteAsync("https://evil.example/**", route => route.FulfillAsync(new()
        {
            ContentType = "text/html",
            Body = $"""
                <iframe src="{identity.Issuer}/account"></iframe>
                <form id="f" method="post" action="{identity.Issuer}/account/sessions?handler=Others"></form>
                """,
        }));
        await window.GoAsync("https://evil.example/");
        var frame = window.Page.Frames[1];
        await frame.WaitForLoadStateAsync();
        (await frame.ContentAsync()).Should().NotContain(person.Email);

        var answer = await window.Page.RunAndWaitForResponseAsync(() => window.Page.EvaluateAsync("() => document.getElementById('f').submit()"), new Regex("handler=Others"));

        // The Lax cookie is not sent, so the request is anonymous; and it has no token.
        answer.Status.Should().BeOneOf(302, 400);
        (await person.Browser.GetAsync("/account")).Status.Should().Be(System.Net.HttpStatusCode.OK, "no session was ended");
    }
}
