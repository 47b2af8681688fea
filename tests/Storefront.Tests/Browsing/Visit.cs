using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FluentAssertions;
using Microsoft.Playwright;
using Proofsheet.Storefront.Tests.Stage;

namespace Proofsheet.Storefront.Tests.Browsing;

/// <summary>One visitor's browser window: a desktop's, or a phone's if it is narrow. Records errors.</summary>
internal sealed partial class Visit : IAsyncDisposable
{
    public const int Desktop = 1280;
    public const int Telephone = 390;

    private readonly StorefrontStage _stage;
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _troubles = new();
    private readonly ConcurrentQueue<string> _toasts = new();
    private readonly HashSet<int> _expected = [];
    private readonly int _width;
    private int _number;

    private Visit(StorefrontStage stage, IBrowserContext context, IPage page, int width, int firstNumber)
    {
        (_stage, _context, Page, _width, _number) = (stage, context, page, width, firstNumber);
        Received = new Received(stage);
        context.Response += (_, response) => Received.Take(response);
        context.Console += (_, message) =>
        {
            if (message.Type == "error" && !IsExpected(message.Text))
            {
                _troubles.Enqueue($"console: {message.Text} ({message.Location})");
            }
        };
        context.WebError += (_, error) => _troubles.Enqueue($"not caught: {error.Error}");
    }

    public IPage Page { get; private set; }

    public Received Received { get; }

    public bool IsTelephone => _width == Telephone;

    public static async Task<Visit> StartAsync(StorefrontStage stage, int width, int firstNumber = 1)
    {
        StorefrontStage.RequireInstalled();
        var telephone = width == Telephone;
        var context = await stage.Browser.NewContextAsync(new()
        {
            BaseURL = stage.Storefront.AbsoluteUri,
            ViewportSize = new() { Width = width, Height = telephone ? 844 : 800 },
            HasTouch = telephone,
            IsMobile = telephone,
            Locale = "en-GB",
            TimezoneId = "Europe/Stockholm",
            // Pictures that fade in would be half visible on a screenshot, and too pale for axe.
            ReducedMotion = ReducedMotion.Reduce,
            AcceptDownloads = true,
        });
        context.SetDefaultTimeout(60_000);
        context.SetDefaultNavigationTimeout(90_000);
        var page = await context.NewPageAsync();
        var visit = new Visit(stage, context, page, width, firstNumber);
        await context.ExposeFunctionAsync("reportCspViolation", (string what) => visit._troubles.Enqueue($"Content-Security-Policy: {what}"));
        await context.AddInitScriptAsync(
            "addEventListener('securitypolicyviolation', e => reportCspViolation(`${e.effectiveDirective} refused ${e.blockedURI} ${e.sample} at ${e.sourceFile}:${e.lineNumber}`))");
        await context.ExposeFunctionAsync("reportToast", (string text) => visit._toasts.Enqueue(text));
        await context.AddInitScriptAsync(
            "new MutationObserver(changes => { for (const node of changes.flatMap(c => [...c.addedNodes]).filter(n => n instanceof Element))"
            + " for (const toast of [...node.querySelectorAll('.toast'), ...(node.matches('.toast') ? [node] : [])]) reportToast(toast.textContent) })"
            + ".observe(document, { childList: true, subtree: true })");
        return visit;
    }

    /// <summary>From now on the browser may report that a request had this status (0: none at all).</summary>
    public void Expect(int status) => _expected.Add(status);

    public ILocator Button(string name, bool exact = false) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = exact });

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name });

    public ILocator Label(string text, bool exact = false) => Page.GetByLabel(text, new() { Exact = exact });

    /// <summary>Waits for a new toast with this text. Toasts disappear after some seconds, which a busy machine may take to respond.</summary>
    public async Task SeeToastAsync(string text)
    {
        var seen = new List<string>();
        for (var until = DateTime.UtcNow.AddMinutes(1); DateTime.UtcNow < until; await Task.Delay(50))
        {
            while (_toasts.TryDequeue(out var toast))
            {
                seen.Add(toast);
                if (toast.Contains(text, StringComparison.Ordinal))
                {
                    return;
                }
            }
        }

        seen.Should().Contain(toast => toast.Contains(text, StringComparison.Ordinal));
    }

    /// <summary>Dismisses toasts: they stay while the pointer is over them, and then cover what a test clicks next.</summary>
    public async Task DismissToastsAsync()
    {
        var toasts = Page.Locator(".toast");
        while (await toasts.CountAsync() is > 0 and var before)
        {
            await toasts.First.GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).DispatchEventAsync("click");
            await See(toasts).Not.ToHaveCountAsync(before);
        }

        _toasts.Clear();
    }

    public static ILocatorAssertions See(ILocator locator) => Assertions.Expect(locator);

    /// <summary>Checks what every page must fulfill: no axe violations, no overflow, no console errors. Keeps a screenshot.</summary>
    public async Task CheckAsync(string page)
    {
        await Page.EvaluateAsync("async () => { await document.fonts.ready; }");
        var modal = await Page.EvaluateAsync<bool>("() => document.querySelector('dialog[open]') !== null");
        if (!modal)
        {
            // On a full-page screenshot, elements fixed to the window's edges would otherwise cover the middle.
            await Page.EvaluateAsync("() => scrollTo({ top: 0, behavior: 'instant' })");
        }

        await Page.ScreenshotAsync(new()
        {
            Path = Path.Combine(Checkout.Artifacts, "screenshots", string.Create(CultureInfo.InvariantCulture, $"{_width}-{_number++:00}-{page}.png")),
            FullPage = !modal,
            Timeout = 120_000,
        });
        var tooWide = await Page.EvaluateAsync<int>("() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - innerWidth");
        tooWide.Should().BeLessThanOrEqualTo(0, "the page '{0}' fits {1} pixels", page, _width);
        (await Page.EvaluateAsync<int>("() => innerWidth")).Should().Be(_width, "nothing on '{0}' makes the telephone zoom out", page);

        (await Axe.ViolationsAsync(Page, Axe.Wcag22)).Should().BeEmpty("axe finds no barrier on '{0}' at {1} pixels", page, _width);
        _troubles.Should().BeEmpty("nothing goes wrong on '{0}' at {1} pixels", page, _width);
    }

    /// <summary>Keeps a picture of what a printer would get.</summary>
    public async Task PrintAsync(string page)
    {
        await Page.EmulateMediaAsync(new() { Media = Media.Print });
        await Page.ScreenshotAsync(new()
        {
            Path = Path.Combine(Checkout.Artifacts, "screenshots", string.Create(CultureInfo.InvariantCulture, $"{_width}-{_number++:00}-{page}-printed.png")),
            FullPage = true,
            Timeout = 120_000,
        });
    }

    public Task BackToScreenAsync() => Page.EmulateMediaAsync(new() { Media = Media.Screen, ReducedMotion = ReducedMotion.Reduce });

    public async Task SetOfflineAsync(bool isOffline)
    {
        Expect(0);
        await _context.SetOfflineAsync(isOffline);
    }

    /// <summary>The API as this browser's visitor, with the token from unlocking.</summary>
    public async Task<ApiClient> VisitorAsync(GalleryOnStage gallery)
    {
        var session = await Page.EvaluateAsync<string?>($"() => localStorage.getItem('proofsheet:{gallery.Slug}')");
        return new ApiClient(_stage.Api, JsonNode.Parse(session!)!["token"]!.GetValue<string>());
    }

    /// <summary>Closes the tab and opens the page in a new one of the same browser.</summary>
    public async Task CloseAndReturnAsync(string page)
    {
        await Page.CloseAsync();
        Page = await _context.NewPageAsync();
        await Page.GotoAsync(page);
    }

    /// <summary>Makes the API, or those of its paths, unreachable until the result is disposed.</summary>
    public async Task<IAsyncDisposable> WithoutApiAsync(string paths = "**")
    {
        var everything = $"{_stage.Api.AbsoluteUri}{paths}";
        Expect(0);
        await _context.RouteAsync(everything, route => route.AbortAsync("connectionrefused"));
        return new Ending(() => _context.UnrouteAsync(everything));
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private bool IsExpected(string message) =>
        Loading().Match(message) is { Success: true } found
            ? _expected.Contains(int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture))
            : message.StartsWith("Failed to load resource: net::", StringComparison.Ordinal) && _expected.Contains(0);

    [GeneratedRegex(@"^Failed to load resource: the server responded with a status of (\d+)")]
    private static partial Regex Loading();

    private sealed class Ending(Func<Task> end) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await end();
    }
}
