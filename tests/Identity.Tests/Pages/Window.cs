using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using FluentAssertions;
using Microsoft.Playwright;
using Proofsheet.Identity.Tests.Support;
using Proofsheet.Identity.Tests.Users;
using Proofsheet.Storefront.Tests.Browsing;

namespace Proofsheet.Identity.Tests.Pages;

/// <summary>A browser window that records errors, and keeps a screenshot of each page that is checked.</summary>
internal sealed partial class Window : IAsyncDisposable
{
    public const int Desktop = 1280;
    public const int Telephone = 390;

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _troubles = new();
    private readonly HashSet<int> _expected = [];
    private readonly string _name;

    private Window(IBrowserContext context, IPage page, string name)
    {
        (_context, Page, _name) = (context, page, name);
        context.Console += (_, message) =>
        {
            if (message.Type == "error" && !(Loading().Match(message.Text) is { Success: true } found && _expected.Contains(int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture))))
            {
                _troubles.Enqueue($"console: {message.Text} ({message.Location})");
            }
        };
        context.WebError += (_, error) => _troubles.Enqueue($"not caught: {error.Error}");
    }

    public IPage Page { get; }

    public IReadOnlyCollection<string> Troubles => _troubles;

    public static async Task<Window> OpenAsync(Chromium chromium, IdentityHost identity, int width = Desktop, bool script = true, string? name = null)
    {
        var browser = await chromium.StartAsync();
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = identity.Address.AbsoluteUri,
            ViewportSize = new() { Width = width, Height = width == Telephone ? 844 : 800 },
            HasTouch = width == Telephone,
            IsMobile = width == Telephone,
            ColorScheme = ColorScheme.Light,
            Locale = "en-GB",
            JavaScriptEnabled = script,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(30_000);
        return new Window(context, await context.NewPageAsync(), name ?? $"identity-{width}");
    }

    /// <summary>From now on the browser may report that a page had this status.</summary>
    public void Expect(int status) => _expected.Add(status);

    public Task GoAsync(string path) => Page.GotoAsync(path);

    public Task FillAsync(string label, string value) => Page.GetByLabel(label, new() { Exact = true }).FillAsync(value);

    public Task PressAsync(string button) => Page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    public Task SeeAsync(string heading) => Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Name = heading, Level = 1 })).ToBeVisibleAsync();

    /// <summary>Signs in on the current page.</summary>
    public async Task SignInAsync(Person person)
    {
        await FillAsync("E-mail address", person.Email);
        await FillAsync("Password", person.Password);
        await PressAsync("Sign in");
    }

    /// <summary>Checks what every page must fulfill, in light and dark mode: no axe violations, no overflow, no CSP violations, no exceptions.</summary>
    public async Task CheckAsync(string page)
    {
        Directory.CreateDirectory(Folder);
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await CheckSchemeAsync(page, "dark", Axe.Contrast);
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await CheckSchemeAsync(page, "light", Axe.Wcag22);
        _troubles.Should().BeEmpty("nothing goes wrong on '{0}'", page);
    }

    private async Task CheckSchemeAsync(string page, string scheme, object rules)
    {
        await Page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{_name}-{page}-{scheme}.png"), FullPage = true });
        (await Page.EvaluateAsync<int>("() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - innerWidth"))
            .Should().BeLessThanOrEqualTo(0, "the page '{0}' fits its window", page);
        (await Axe.ViolationsAsync(Page, rules)).Should().BeEmpty("axe finds no barrier on '{0}' ({1}, {2})", page, _name, scheme);
    }

    /// <summary>A virtual authenticator that consents, like a phone whose owner is present.</summary>
    public async Task<Authenticator> AddAuthenticatorAsync()
    {
        var session = await _context.NewCDPSessionAsync(Page);
        await session.SendAsync("WebAuthn.enable");
        var added = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new { protocol = "ctap2", transport = "internal", hasResidentKey = true, hasUserVerification = true, isUserVerified = true, automaticPresenceSimulation = true },
        });
        return new Authenticator(session, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    public Task RouteAsync(string pattern, Func<IRoute, Task> handler) => _context.RouteAsync(pattern, handler);

    public async Task<IReadOnlyList<BrowserContextCookiesResult>> CookiesAsync() => await _context.CookiesAsync();

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private static string Folder { get; } = Path.Combine(Storefront.Tests.Stage.Checkout.Artifacts, "screenshots");

    [GeneratedRegex(@"^Failed to load resource: the server responded with a status of (\d+)")]
    private static partial Regex Loading();
}

internal sealed class Authenticator(ICDPSession session, string id)
{
    public async Task<System.Text.Json.JsonElement> CredentialAsync()
    {
        var all = await session.SendAsync("WebAuthn.getCredentials", new() { ["authenticatorId"] = id });
        return all!.Value.GetProperty("credentials")[0].Clone();
    }

    /// <summary>Adds the same key as on another device, such as a stolen copy, with its own counter.</summary>
    public Task AddAsync(System.Text.Json.JsonElement credential, int signCount) => session.SendAsync("WebAuthn.addCredential", new()
    {
        ["authenticatorId"] = id,
        ["credential"] = new
        {
            credentialId = credential.GetProperty("credentialId").GetString(),
            isResidentCredential = true,
            rpId = credential.GetProperty("rpId").GetString(),
            privateKey = credential.GetProperty("privateKey").GetString(),
            userHandle = credential.GetProperty("userHandle").GetString(),
            signCount,
        },
    });

    public Task RemoveAllAsync() => session.SendAsync("WebAuthn.clearCredentials", new() { ["authenticatorId"] = id });

    public Task SetVerifiedAsync(bool verified) => session.SendAsync("WebAuthn.setUserVerified", new() { ["authenticatorId"] = id, ["isUserVerified"] = verified });
}
