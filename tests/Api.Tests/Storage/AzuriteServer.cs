using System.Runtime.CompilerServices;
using Proofsheet.Api.Storage.Azure;
using Proofsheet.Api.Tests.Support;
using Xunit;
using BlobServiceClient = Azure.Storage.Blobs.BlobServiceClient;
using StorageSharedKeyCredential = Azure.Storage.StorageSharedKeyCredential;

namespace Proofsheet.Api.Tests.Storage;

/// <summary>Azurite, Microsoft's own emulator of Azure Blob Storage, from npm.</summary>
internal static class AzuriteServer
{
    public const string Account = "proofsheettests";
    public const string Container = "proofsheet";
    public static readonly string AccountKey = Convert.ToBase64String("a key that no log may ever show."u8);

    private const string HowToInstall = "Azurite is not installed here: npm ci in tests/Api.Tests/npm, or ./build.sh Test";
    private static readonly string Program = Path.Combine(Folder(), "npm", "node_modules", "azurite", "dist", "src", "blob", "main.js");
    private static readonly Lazy<Task<Uri>> Started = new(StartAsync);

    /// <summary>The server's URL; skips the test when it is not installed.</summary>
    public static Task<Uri> AddressAsync()
    {
        Assert.SkipUnless(File.Exists(Program), HowToInstall);
        return Started.Value;
    }

    public static AzureBlobStoreOptions Options(Uri address) => new()
    {
        Container = Container,
        AccountName = Account,
        AccountKey = AccountKey,
        Endpoint = new Uri(address, Account).ToString(),
        PartMegabytes = 5,
        FirstDelay = TimeSpan.FromMilliseconds(20),
    };

    private static async Task<Uri> StartAsync()
    {
        var port = TestPort.Free();
        await LocalServers.StartAsync(LocalServers.NewFolder("azurite"), port,
            $"env AZURITE_ACCOUNTS={Account}:{AccountKey} node {Program} --blobHost 127.0.0.1 --blobPort {port} --location . --skipApiVersionCheck --silent --disableTelemetry");
        var address = new Uri($"http://127.0.0.1:{port}/");
        var service = new BlobServiceClient(Options(address).ServiceAddress, new StorageSharedKeyCredential(Account, AccountKey));
        await service.GetBlobContainerClient(Container).CreateIfNotExistsAsync();
        return address;
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(Path.GetDirectoryName(file))!;
}
