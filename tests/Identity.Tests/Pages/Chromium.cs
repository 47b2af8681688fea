using Microsoft.Playwright;
using Proofsheet.Identity.Tests.Pages;
using Xunit;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Proofsheet.Identity.Tests.Pages;

/// <summary>The system's Chromium, started when the first test needs it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string? Program = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);
    private readonly SemaphoreSlim _starting = new(1, 1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Skips the test when there is no Chromium.</summary>
    public async Task<IBrowser> StartAsync()
    {
        Assert.SkipWhen(Program is null, "Chromium is not installed: apt-get install chromium");
        await _starting.WaitAsync();
        try
        {
            _playwright ??= await Playwright.CreateAsync();
            return _browser ??= await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = ["--no-sandbox"], Timeout = 120_000 });
        }
        finally
        {
            _starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        _starting.Dispose();
    }
}
