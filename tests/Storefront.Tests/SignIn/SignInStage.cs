using System.Diagnostics;
using System.Text;
using Microsoft.Playwright;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Sdk;
using Proofsheet.Storefront.Tests.Stage;
using Xunit;
using Checkout = Proofsheet.Storefront.Tests.Stage.Checkout;

namespace Proofsheet.Storefront.Tests.SignIn;

/// <summary>Identity, an API that trusts it, and the account page, each in a separate process; a photographer who owns a studio.</summary>
public sealed class SignInStage : IAsyncLifetime
{
    public const string Email = "anna@example.com";
    public const string Password = "Quiet-Harbor-2026";
    public const string Slug = "anna-lindqvist";
    private const string Scopes = "openid profile email offline_access galleries:read galleries:write settings:read settings:write studios:read studios:write";
    private const string BffSecret = "a-secret-of-the-account-page-that-only-tests-know";
    private const string ServerSecret = "a-secret-of-a-server-that-only-tests-know-0123456";
    private readonly string _folder = TestFolder.New("sign-in");
    private readonly List<Companion> _companions = [];

    internal Uri Api { get; } = new($"http://localhost:{TestPort.Free()}");

    internal Uri Identity { get; } = new($"http://localhost:{TestPort.Free()}");

    internal Uri Account { get; } = new($"http://localhost:{TestPort.Free()}");

    /// <summary>The URL of the tests' own page with the SDK; see <see cref="SdkPage"/>.</summary>
    internal Uri Page { get; } = new($"http://localhost:{TestPort.Free()}");

    internal string SecretKey { get; private set; } = "";

    internal string SecretOfServer => ServerSecret;

    private static string? Missing { get; } = Checkout.Missing
        ?? (Directory.Exists(Path.Combine(Checkout.Root, "src/Identity/Data/Providers/Sqlite/Migrations")) ? null : "Identity has no migration yet: ./build.sh Migrate --add=Initial");

    /// <summary>Called at the start of every test.</summary>
    internal static void RequireInstalled() => Assert.SkipWhen(Missing is not null, Missing ?? "");

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        _companions.Add(await Companion.StartAsync("Identity", ["dotnet", Checkout.Identity], IdentitySettings(), new Uri(Identity, "/health/ready")));
        _companions.Add(await Companion.StartAsync("API", ["dotnet", Checkout.Api], ApiSettings(), new Uri(Api, "/health/ready")));
        var subject = (await CommandAsync(Checkout.Identity, IdentitySettings(), Password, "create-user", $"--email={Email}", "--name=Anna Lindqvist")).Split("subject ")[1].Trim();
        SecretKey = (await CommandAsync(Checkout.Api, ApiSettings(), "", "create-studio", "--name=Anna Lindqvist Photography", $"--slug={Slug}", "--currency=EUR")).Split("secret key")[1].Trim();
        await CommandAsync(Checkout.Api, ApiSettings(), "", "add-member", $"--studio={Slug}", $"--issuer={Issuer}", $"--subject={subject}", "--role=owner");
        // The studio decides which pages may call the API.
        using (var studio = new ProofsheetClient(Api, SecretKey))
        {
            await studio.Keys.CreateAsync(new() { Name = "A page", Type = ApiKeyType.Publishable, Origins = [Page.GetLeftPart(UriPartial.Authority)] });
        }

        _companions.Add(await Companion.StartAsync("account page", ["dotnet", Checkout.AccountBff], AccountSettings(), new Uri(Account, "/health")));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var companion in Enumerable.Reverse(_companions))
        {
            await companion.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    internal string Issuer => Identity.GetLeftPart(UriPartial.Authority);

    /// <summary>Fills in the current sign-in page.</summary>
    internal static async Task SignInAsync(IPage page)
    {
        await page.GetByLabel("E-mail").FillAsync(Email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    private Dictionary<string, string> IdentitySettings()
    {
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = Issuer,
            ["Logging__LogLevel__Default"] = "Warning",
            ["Database__ConnectionString"] = $"Data Source={_folder}/identity.db",
            ["Keyring__File"] = Path.Combine(_folder, "identity.keys"),
            ["Mail__Folder"] = Path.Combine(_folder, "mail"),
            ["Outbox__PollMilliseconds"] = "200",
            ["Identity__Issuer"] = Issuer,
            ["Identity__EventReceivers__0__Address"] = new Uri(Api, "/v1/security-events").AbsoluteUri,
            ["Identity__AllowPrivateAddresses"] = "true",
            ["Branding__ApiUrl"] = Api.AbsoluteUri,
        };
        AddClient(settings, 0, "reference", "API reference", "authorization_code refresh_token", new Uri(Api, "/reference/oauth2-redirect.html"), ("AllowedOrigins__0", Api.GetLeftPart(UriPartial.Authority)));
        AddClient(settings, 1, "account-bff", "Your account", "authorization_code refresh_token", new Uri(Account, "/bff/signed-in"), ("AuthMethod", "client_secret_basic"),
            ("Secrets__0__Hash", Secrets.Hash(Encoding.UTF8.GetBytes(BffSecret))), ("RequirePushedRequests", "true"), ("PostLogoutRedirectUris__0", Account.AbsoluteUri), ("BackChannelLogoutUri", new Uri(Account, "/bff/back-channel-logout").AbsoluteUri));
        AddClient(settings, 2, "command-line", "Command line", "urn:ietf:params:oauth:grant-type:device_code refresh_token", null, ("ApplicationType", "native"));
        AddClient(settings, 3, "page", "A page", "authorization_code refresh_token", new Uri(Page, "/signed-in"), ("AllowedOrigins__0", Page.GetLeftPart(UriPartial.Authority)), ("PostLogoutRedirectUris__0", Page.AbsoluteUri));
        AddClient(settings, 4, "server", "A server", "client_credentials", null, ("AuthMethod", "client_secret_basic"), ("Secrets__0__Hash", Secrets.Hash(Encoding.UTF8.GetBytes(ServerSecret))), ("Tenant", Slug));
        return settings;
    }

    private static void AddClient(Dictionary<string, string> settings, int number, string id, string name, string grants, Uri? redirect, params (string Name, string Value)[] more)
    {
        var at = $"Identity__Clients__{number}__";
        (settings[at + "ClientId"], settings[at + "Name"], settings[at + "IsFirstParty"]) = (id, name, "true");
        foreach (var (list, words) in new[] { ("GrantTypes", grants), ("Scopes", Scopes), ("RedirectUris", redirect?.AbsoluteUri ?? "") })
        {
            foreach (var (word, i) in words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((w, i) => (w, i)))
            {
                settings[$"{at}{list}__{i}"] = word;
            }
        }

        foreach (var (key, value) in more)
        {
            settings[at + key] = value;
        }
    }

    private Dictionary<string, string> ApiSettings() => new()
    {
        ["ASPNETCORE_URLS"] = Api.GetLeftPart(UriPartial.Authority),
        ["Logging__LogLevel__Default"] = "Warning",
        ["Database__ConnectionString"] = $"Data Source={_folder}/proofsheet.db",
        ["Keyring__File"] = Path.Combine(_folder, "api.keys"),
        ["Storage__Disk__Root"] = Path.Combine(_folder, "objects"),
        ["Mail__Folder"] = Path.Combine(_folder, "mail"),
        ["Payments__Provider"] = "Simulator",
        ["Payments__Simulator__Folder"] = Path.Combine(_folder, "payments"),
        ["Authorities__0__Issuer"] = Issuer,
        ["OpenApi__OAuth__AuthorizationUrl"] = new Uri(Identity, "/connect/authorize").AbsoluteUri,
        ["OpenApi__OAuth__TokenUrl"] = new Uri(Identity, "/connect/token").AbsoluteUri,
        ["OpenApi__OAuth__ClientId"] = "reference",
    };

    private Dictionary<string, string> AccountSettings() => new()
    {
        ["ASPNETCORE_URLS"] = Account.GetLeftPart(UriPartial.Authority),
        ["Bff__ApiUrl"] = Api.AbsoluteUri,
        ["Bff__Authority"] = Issuer,
        ["Bff__ClientId"] = "account-bff",
        ["Bff__ClientSecret"] = BffSecret,
        ["Bff__KeysFolder"] = Path.Combine(_folder, "account-keys"),
        ["Bff__Scope"] = Scopes,
    };

    private async Task<string> CommandAsync(string assembly, Dictionary<string, string> settings, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments]) { WorkingDirectory = _folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteLineAsync(input);
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{arguments[0]} failed: {await errors}{output}");
    }
}
