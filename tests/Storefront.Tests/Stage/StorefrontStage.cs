using System.Globalization;
using Microsoft.Playwright;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Storefront.Tests.Stage;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(StorefrontStage))]
// One browser, one API and one machine: in parallel, tests would only wait for each other.
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace Proofsheet.Storefront.Tests.Stage;

/// <summary>The real API, a studio, the storefront and a browser, started once for all tests.</summary>
public sealed class StorefrontStage : IAsyncLifetime
{
    internal const string PlatformKey = "ps_platform_storefront_tests";
    private const int Pictures = 12;
    // Larger than the largest rendition, and otherwise quick to paint and to process.
    private const int LongEdge = 2400;
    private readonly string _folder = TestFolder.New("storefront");
    private readonly List<Companion> _companions = [];
    private IPlaywright? _playwright;

    internal Uri Api { get; } = new($"http://127.0.0.1:{TestPort.Free()}");

    internal Uri Storefront { get; } = new($"http://localhost:{TestPort.Free()}");

    internal Studio Studio { get; private set; } = null!;

    internal Secrets Secrets { get; private set; } = null!;

    internal IBrowser Browser { get; private set; } = null!;

    internal Mailbox Mailbox => new(Path.Combine(_folder, "mail"));

    /// <summary>The originals by file name.</summary>
    internal IReadOnlyDictionary<string, string> Originals { get; private set; } = new Dictionary<string, string>();

    public async ValueTask InitializeAsync()
    {
        if (Checkout.Missing is not null)
        {
            return;
        }

        var pictures = await PicturesAsync();
        Originals = pictures.ToDictionary(p => Path.GetFileName(p), StringComparer.Ordinal);
        _companions.Add(await Companion.StartAsync("API", ["dotnet", Checkout.Api], ApiSettings(), new Uri(Api, "/health/ready")));
        Studio = await Studio.OpenAsync(Api, PlatformKey, Storefront, pictures);
        Secrets = await Secrets.CollectAsync(Studio.Api, [Studio.Proofs, Studio.Public], pictures);
        _companions.Add(await Companion.StartAsync("storefront", ["node", Path.Combine(Checkout.Storefront, "server.mjs")], new Dictionary<string, string>
        {
            ["PORT"] = Storefront.Port.ToString(CultureInfo.InvariantCulture),
            ["PROOFSHEET_API_URL"] = Api.GetLeftPart(UriPartial.Authority),
            ["PROOFSHEET_PUBLISHABLE_KEY"] = Studio.PublishableKey,
        }, Storefront));

        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Checkout.Chromium, Args = ["--no-sandbox"], Timeout = 120_000 });
        Assertions.SetDefaultExpectTimeout(60_000);
    }

    /// <summary>Called at the start of every test: skips it if something that these tests need is not installed.</summary>
    internal static void RequireInstalled() => Assert.SkipWhen(Checkout.Missing is not null, Checkout.Missing ?? "");

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        _playwright?.Dispose();
        foreach (var companion in Enumerable.Reverse(_companions))
        {
            await companion.DisposeAsync();
        }

        Studio?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Dictionary<string, string> ApiSettings() => new()
    {
        ["ASPNETCORE_URLS"] = Api.GetLeftPart(UriPartial.Authority),
        ["Access__PlatformKeyHash"] = Secrets.Hash(System.Text.Encoding.UTF8.GetBytes(PlatformKey)),
        ["Database__Provider"] = "sqlite",
        ["Database__ConnectionString"] = $"Data Source={_folder}/proofsheet.db",
        ["Keyring__File"] = Path.Combine(_folder, "keyring.json"),
        ["Storage__Disk__Root"] = Path.Combine(_folder, "objects"),
        ["Mail__Folder"] = Path.Combine(_folder, "mail"),
        ["Payments__Provider"] = "Simulator",
        ["Payments__Simulator__Folder"] = Path.Combine(_folder, "payments"),
        // Long enough for a visitor, and a test, to see that the payment is pending.
        ["Payments__Simulator__LateSuccessDelay"] = "00:00:20",
        ["Storefront__BaseUrl"] = Storefront.GetLeftPart(UriPartial.Authority),
        ["Outbox__PollMilliseconds"] = "200",
        ["Outbox__BackoffMilliseconds"] = "300",
    };

    /// <summary>Painted once and kept next to the screenshots, because they are always the same.</summary>
    private static async Task<IReadOnlyList<string>> PicturesAsync()
    {
        var folder = Path.Combine(Checkout.Artifacts, $"demo-pictures-{LongEdge}");
        if (!Directory.Exists(folder) || Directory.GetFiles(folder, "*.jpg").Length < Pictures)
        {
            await Companion.RunAsync("painting of pictures", ["dotnet", Checkout.DemoPictures, $"--out={folder}", $"--count={Pictures}", $"--long-edge={LongEdge}"]);
        }

        return Directory.GetFiles(folder, "*.jpg").Order(StringComparer.Ordinal).Take(Pictures).ToList();
    }
}
