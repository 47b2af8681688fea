using System.Globalization;
using System.Net;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Sdk;
using Proofsheet.Storefront.Tests.Stage;
using Xunit;
using Checkout = Proofsheet.Storefront.Tests.Stage.Checkout;

namespace Proofsheet.Storefront.Tests.Uploading;

/// <summary>An API whose store browsers can reach too, and a studio whose page may call it.</summary>
public sealed class UploadStage : IAsyncLifetime
{
    private const string Account = "proofsheettests";
    private const string Container = "proofsheet";
    private static readonly string AccountKey = Convert.ToBase64String("a key that is known to nobody..."u8);
    private static readonly string Azurite = Path.Combine(Checkout.Root, "tests/Api.Tests/npm/node_modules/azurite/dist/src/blob/main.js");
    private readonly string _folder = TestFolder.New("uploading");
    private readonly List<Companion> _companions = [];

    internal Uri Api { get; } = new($"http://localhost:{TestPort.Free()}");

    internal Uri Store { get; } = new($"http://127.0.0.1:{TestPort.Free()}");

    /// <summary>The URL of the studio's page; see <see cref="UploadPage"/>.</summary>
    internal Uri Page { get; } = new($"http://localhost:{TestPort.Free()}");

    /// <summary>A key that may upload and read galleries, as a page for the studio's staff would use.</summary>
    internal string Key { get; private set; } = "";

    internal ProofsheetClient Client { get; private set; } = null!;

    internal static void RequireInstalled()
    {
        StorefrontStage.RequireInstalled();
        Assert.SkipUnless(File.Exists(Azurite), "Azurite is not installed here: npm ci in tests/Api.Tests/npm, or ./build.sh Test");
    }

    public async ValueTask InitializeAsync()
    {
        if (Checkout.Missing is not null || !File.Exists(Azurite))
        {
            return;
        }

        // Without a specific request it responds with 400.
        _companions.Add(await Companion.StartAsync("store", ["node", Azurite, "--blobHost", "127.0.0.1", "--blobPort", Store.Port.ToString(CultureInfo.InvariantCulture), "--location", _folder, "--skipApiVersionCheck", "--silent", "--disableTelemetry"],
            new Dictionary<string, string> { ["AZURITE_ACCOUNTS"] = $"{Account}:{AccountKey}" }, Store, HttpStatusCode.BadRequest));
        await OpenStoreAsync();
        const string PlatformKey = "ps_platform_uploading_tests";
        _companions.Add(await Companion.StartAsync("API", ["dotnet", Checkout.Api], ApiSettings(PlatformKey), new Uri(Api, "/health/ready")));
        using var platform = new ApiClient(Api, PlatformKey);
        var studio = await platform.PostAsync("/v1/studios", new { name = "Anna", slug = "anna", currency = "EUR", country = "SE", timeZone = "Europe/Stockholm" });
        Client = new ProofsheetClient(Api, studio["secretKey"]!["secret"]!.GetValue<string>());
        await Client.Keys.CreateAsync(new() { Name = "The page", Type = ApiKeyType.Publishable, Origins = [Page.GetLeftPart(UriPartial.Authority)] });
        Key = (await Client.Keys.CreateAsync(new() { Name = "Uploads", Type = ApiKeyType.Secret, Scopes = ["photos:upload", "galleries:read", "galleries:write"] })).Secret!;
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        foreach (var companion in Enumerable.Reverse(_companions))
        {
            await companion.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Sets the CORS rule that docs/storage.md asks for.</summary>
    private async Task OpenStoreAsync()
    {
        var service = new BlobServiceClient(new Uri(Store, Account), new StorageSharedKeyCredential(Account, AccountKey));
        await service.GetBlobContainerClient(Container).CreateAsync();
        var properties = (await service.GetPropertiesAsync()).Value;
        properties.Cors = [new BlobCorsRule { AllowedOrigins = Page.GetLeftPart(UriPartial.Authority), AllowedMethods = "PUT", AllowedHeaders = "x-ms-blob-type", ExposedHeaders = "", MaxAgeInSeconds = 3600 }];
        await service.SetPropertiesAsync(properties);
    }

    private Dictionary<string, string> ApiSettings(string platformKey) => new()
    {
        ["ASPNETCORE_URLS"] = Api.GetLeftPart(UriPartial.Authority),
        ["Access__PlatformKeyHash"] = Secrets.Hash(System.Text.Encoding.UTF8.GetBytes(platformKey)),
        ["Database__ConnectionString"] = $"Data Source={_folder}/proofsheet.db",
        ["Keyring__File"] = Path.Combine(_folder, "keyring.json"),
        ["Mail__Folder"] = Path.Combine(_folder, "mail"),
        ["Payments__Provider"] = "Simulator",
        ["Payments__Simulator__Folder"] = Path.Combine(_folder, "payments"),
        ["Storage__Provider"] = "Azure",
        ["Storage__DirectUploads"] = "true",
        ["Storage__TemporaryFolder"] = Path.Combine(_folder, "objects"),
        ["Storage__Azure__Container"] = Container,
        ["Storage__Azure__AccountName"] = Account,
        ["Storage__Azure__AccountKey"] = AccountKey,
        ["Storage__Azure__Endpoint"] = new Uri(Store, Account).AbsoluteUri,
    };
}
