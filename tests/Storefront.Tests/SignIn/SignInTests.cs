using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using FluentAssertions;
using Microsoft.Playwright;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Sdk;
using Proofsheet.Storefront.Tests.Browsing;
using Proofsheet.Storefront.Tests.Stage;
using Xunit;

namespace Proofsheet.Storefront.Tests.SignIn;

/// <summary>Each sign-in flow that we offer, with our own authority, in a real browser where users have one.</summary>
public sealed partial class SignInTests(StorefrontStage storefront, SignInStage stage) : IClassFixture<SignInStage>, IDisposable
{
    private const string Secure = "everything here is over http on this machine, which browsers trust by its name localhost";

    private readonly ConcurrentQueue<string> _troubles = new();

    public void Dispose() => _troubles.Should().BeEmpty("nothing goes wrong in the console");

    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task A_photographer_signs_in_at_the_account_page_opens_the_studio_and_signs_out(int width)
    {
        var page = await OpenAsync(width);
        await page.GotoAsync(stage.Account.AbsoluteUri);
        await CheckAsync(page, width, "account-welcome");

        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await SignInStage.SignInAsync(page);

        await See(page.GetByRole(AriaRole.Heading, new() { Name = "Good to see you, Anna Lindqvist" })).ToBeVisibleAsync();
        var cookie = (await page.Context.CookiesAsync([stage.Account.AbsoluteUri])).Should().ContainSingle(c => c.Name == "__Host-account.session", Secure).Which;
        (cookie.HttpOnly, cookie.Secure, cookie.SameSite, cookie.Path).Should().Be((true, true, SameSiteAttribute.Lax, "/"));
        (await page.EvaluateAsync<string>("() => document.cookie")).Should().BeEmpty();
        (await page.EvaluateAsync<int>("() => localStorage.length + sessionStorage.length")).Should().Be(0);
        await CheckAsync(page, width, "account-studios");

        await page.GetByRole(AriaRole.Link, new() { Name = "Open Anna Lindqvist Photography" }).ClickAsync();
        await See(page.GetByRole(AriaRole.Heading, new() { Name = "Galleries" })).ToBeVisibleAsync();
        await See(page.GetByText("Make the first gallery")).ToBeVisibleAsync();
        await CheckAsync(page, width, "account-studio");

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await ConfirmSignOutAsync(page, page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }));
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();
        await See(page.GetByLabel("Password", new() { Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Signing_out_at_the_authority_ends_the_session_of_the_account_page()
    {
        var page = await OpenAsync();
        await page.GotoAsync(new Uri(stage.Account, "/bff/sign-in").AbsoluteUri);
        await SignInStage.SignInAsync(page);
        await See(page.GetByRole(AriaRole.Heading, new() { Name = "Good to see you" })).ToBeVisibleAsync();

        await page.GotoAsync(new Uri(stage.Identity, "/sign-out").AbsoluteUri);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await See(page.GetByText("You are signed out")).ToBeVisibleAsync();

        // The notification is sent from Identity's outbox, not through the browser.
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("sign-out"));
        for (var tries = 0; ; tries++)
        {
            await page.GotoAsync(stage.Account.AbsoluteUri);
            if (await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).IsVisibleAsync())
            {
                return;
            }

            tries.Should().BeLessThan(100, "the account page is told within seconds");
            await Task.Delay(200);
        }
    }

    [Fact]
    public async Task The_reference_page_signs_in_by_code_and_PKCE_and_takes_keys_too()
    {
        var page = await OpenAsync();
        var requests = new List<string>();
        page.Context.Request += (_, request) => requests.Add($"{request.Method} {request.Url} {request.PostData}");
        await page.GotoAsync(new Uri(stage.Api, $"/reference/index.html?studio={SignInStage.Slug}").AbsoluteUri);

        await page.Locator(".auth-wrapper button.authorize").First.ClickAsync();
        var dialog = page.Locator(".dialog-ux");
        var code = dialog.Locator(".auth-container").Filter(new() { HasText = "authorizationCode" });
        foreach (var scope in new[] { "settings:read", "galleries:read" })
        {
            await code.Locator($"label[for^='{scope}-authorizationCode-checkbox']").ClickAsync();
        }

        var popup = await page.RunAndWaitForPopupAsync(() => code.GetByRole(AriaRole.Button, new() { Name = "Apply given OAuth2 credentials" }).ClickAsync());
        await SignInStage.SignInAsync(popup);
        await See(code.GetByRole(AriaRole.Button, new() { Name = "Remove authorization" })).ToBeVisibleAsync();
        await dialog.Locator("button.btn-done").First.ClickAsync();

        (await TryGetStudioAsync(page)).Should().Contain("\"slug\": \"anna-lindqvist\"");
        requests.Should().ContainSingle(r => r.StartsWith($"GET {stage.Issuer}/connect/authorize?", StringComparison.Ordinal)).Which
            .Should().Contain("code_challenge_method=S256").And.Contain("acr_values=tenant%3Aanna-lindqvist").And.NotContain("response_type=token");
        requests.Should().ContainSingle(r => r.StartsWith($"POST {stage.Issuer}/connect/token", StringComparison.Ordinal)).Which.Should().Contain("code_verifier=");

        // A reload forgets who signed in.
        await page.GotoAsync(new Uri(stage.Api, "/reference/index.html").AbsoluteUri);
        await page.Locator(".auth-wrapper button.authorize").First.ClickAsync();
        var keys = page.Locator(".dialog-ux .auth-container").Filter(new() { HasText = "http, Bearer" });
        await keys.GetByRole(AriaRole.Textbox).FillAsync(stage.SecretKey);
        await keys.GetByRole(AriaRole.Button, new() { Name = "Apply credentials" }).ClickAsync();
        await page.Locator(".dialog-ux button.btn-done").First.ClickAsync();
        (await TryGetStudioAsync(page)).Should().Contain("\"slug\": \"anna-lindqvist\"");
    }

    [Fact]
    public async Task A_page_signs_in_with_the_TypeScript_SDK_calls_the_API_and_signs_out()
    {
        var page = await OpenAsync();
        await using var site = SdkPage.Open(stage);
        await page.GotoAsync(stage.Page.AbsoluteUri);
        await page.GetByRole(AriaRole.Button, new() { Name = "in", Exact = true }).ClickAsync();
        await SignInStage.SignInAsync(page);

        await See(page.Locator("#who")).ToHaveTextAsync("Anna Lindqvist");
        page.Url.Should().Be(new Uri(stage.Page, "/inside?x=1").AbsoluteUri, "the code has left the address");
        await page.GetByRole(AriaRole.Button, new() { Name = "galleries" }).ClickAsync();
        await See(page.Locator("#answer")).ToHaveTextAsync("0 galleries");
        (await page.EvaluateAsync<string>("() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])")).Should().Be("[[],[]]");

        // The first tab signs in the second tab of the same site.
        var second = await page.Context.NewPageAsync();
        await second.GotoAsync(new Uri(stage.Page, "/inside").AbsoluteUri);
        await See(second.Locator("#who")).ToHaveTextAsync("Anna Lindqvist");

        await page.GetByRole(AriaRole.Button, new() { Name = "out", Exact = true }).ClickAsync();
        await ConfirmSignOutAsync(page, page.Locator("#who", new() { HasText = "nobody" }));
        await See(second.Locator("#who")).ToHaveTextAsync("nobody");
        // The page says "nobody" before it leaves for the authority. The site must not close before the page has come back with all its scripts.
        await page.WaitForURLAsync(stage.Page.AbsoluteUri);
    }

    [Fact]
    public async Task A_command_line_signs_in_with_a_code_typed_elsewhere_and_goes_on_after_a_restart()
    {
        var page = await OpenAsync();
        var folder = TestFolder.New("device");
        try
        {
            using var authority = Client("command-line", ClientAuthentication.None, "openid offline_access galleries:read settings:read");
            var device = new DeviceSignIn(authority, new FileTokenStore(Path.Combine(folder, "tokens.json")));
            var shown = new TaskCompletionSource<DevicePrompt>();
            var signingIn = device.SignInAsync((prompt, _) =>
            {
                shown.SetResult(prompt);
                return Task.CompletedTask;
            });
            var prompt = await shown.Task;
            await page.GotoAsync(prompt.VerificationAddress.AbsoluteUri);
            await SignInIfAskedAsync(page);
            await page.GetByLabel("Code").FillAsync(prompt.UserCode);
            await page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Connect", Exact = true }).ClickAsync();
            await See(page.GetByText("The device is connected")).ToBeVisibleAsync();
            await signingIn.WaitAsync(TimeSpan.FromMinutes(1));

            // After a restart only the refresh token is usable; each works once.
            using var later = Client("command-line", ClientAuthentication.None, "galleries:read", () => DateTimeOffset.UtcNow.AddMinutes(16));
            var again = new UserTokens(later, new FileTokenStore(Path.Combine(folder, "tokens.json")));
            var first = await device.GetTokenAsync();
            (await again.GetTokenAsync()).Should().NotBeNull().And.NotBe(first);

            using var client = new ProofsheetClient(new ProofsheetOptions { BaseAddress = stage.Api, Tokens = again });
            (await client.Studio.GetAsync()).Slug.Should().Be(SignInStage.Slug);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_server_signs_in_by_itself_and_calls_the_API()
    {
        SignInStage.RequireInstalled();
        using var authority = Client("server", ClientAuthentication.Secret(stage.SecretOfServer), "galleries:read settings:read");
        var tokens = new ClientCredentialsTokens(authority);

        var got = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(async () => await tokens.GetTokenAsync())));

        got.Distinct().Should().ContainSingle();
        var claims = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(got[0]!.Split('.')[1])).RootElement;
        claims.GetProperty("aud").GetString().Should().Be("proofsheet-api");
        claims.GetProperty("tenant").GetString().Should().Be(SignInStage.Slug);
    }

    private AuthorityClient Client(string id, ClientAuthentication authentication, string scope, Func<DateTimeOffset>? clock = null) => new(new AuthorityOptions
    {
        Authority = new Uri(stage.Issuer), ClientId = id, Authentication = authentication, Scope = scope, Tenant = SignInStage.Slug, Clock = clock ?? (() => DateTimeOffset.UtcNow),
    });

    private static ILocatorAssertions See(ILocator locator) => Assertions.Expect(locator);

    private async Task<IPage> OpenAsync(int width = 1280)
    {
        SignInStage.RequireInstalled();
        var context = await storefront.Browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 844 }, Locale = "en-GB" });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        context.Console += (_, message) =>
        {
            // Browsers request one when a page does not name another.
            if (message.Type == "error" && !message.Location.Contains("/favicon.ico", StringComparison.Ordinal))
            {
                _troubles.Enqueue($"{message.Text} ({message.Location})");
            }
        };
        context.WebError += (_, error) => _troubles.Enqueue(error.Error ?? "an error without words");
        return page;
    }

    private static async Task SignInIfAskedAsync(IPage page)
    {
        await See(page.GetByRole(AriaRole.Heading, new() { NameRegex = HeadingOfDevice() })).ToBeVisibleAsync();
        if (await page.GetByLabel("Password", new() { Exact = true }).IsVisibleAsync())
        {
            await SignInStage.SignInAsync(page);
        }
    }

    /// <summary>The authority may ask whether to end its session, or recognize it by the ID token; then it returns to the page.</summary>
    private static async Task ConfirmSignOutAsync(IPage page, ILocator back)
    {
        var asked = page.GetByRole(AriaRole.Heading, new() { Name = "Sign out?" });
        await See(back.Or(asked)).ToBeVisibleAsync();
        if (await asked.IsVisibleAsync())
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        }

        await See(back).ToBeVisibleAsync();
    }

    private static async Task<string> TryGetStudioAsync(IPage page)
    {
        await page.Locator("#operations-tag-Studio").ClickAsync();
        var operation = page.Locator("#operations-Studio-GetStudio");
        await operation.Locator(".opblock-summary-control").ClickAsync();
        await operation.GetByRole(AriaRole.Button, new() { Name = "Try it out" }).ClickAsync();
        await operation.GetByRole(AriaRole.Button, new() { Name = "Execute" }).ClickAsync();
        await See(operation.Locator(".live-responses-table .response-col_status").First).ToBeVisibleAsync();
        return await operation.Locator(".live-responses-table").InnerTextAsync();
    }

    private static async Task CheckAsync(IPage page, int width, string name)
    {
        await page.ScreenshotAsync(new() { Path = Path.Combine(Stage.Checkout.Artifacts, "screenshots", $"{width}-{name}.png"), FullPage = true });
        (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - innerWidth")).Should().BeLessThanOrEqualTo(0);
        (await Axe.ViolationsAsync(page, Axe.Wcag22)).Should().BeEmpty();
    }

    [GeneratedRegex("^(Sign in|Connect a device)")]
    private static partial Regex HeadingOfDevice();
}
