using Microsoft.Extensions.Options;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Azure;
using Proofsheet.Api.Storage.Remote;

namespace Proofsheet.Api.Tests.Storage;

public sealed class AzureBlobStoreUnderTest : RemoteStoreUnderTest
{
    private AzureBlobStore? _store;

    internal override IObjectStore Store => _store!;

    public override async Task PrepareAsync()
    {
        var options = AzuriteServer.Options(await AzuriteServer.AddressAsync());
        options.PageItems = 3;
        _store = StoreOf(options);
        await _store.PrepareAsync(CancellationToken.None);
    }

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(Temporary, recursive: true);
        return ValueTask.CompletedTask;
    }

    internal override IObjectStore Through(FaultProxy proxy, Action<RemoteStoreOptions>? set = null)
    {
        var options = AzuriteServer.Options(proxy.Address);
        set?.Invoke(options);
        return StoreOf(options);
    }

    internal override Task<Uri> ServerAsync() => AzuriteServer.AddressAsync();

    internal override string PartTarget => "comp=block&";

    internal override string FullAnswer => "<?xml version=\"1.0\"?><Error><Code>InsufficientStorage</Code><Message>full</Message></Error>";

    internal AzureBlobStore StoreOf(AzureBlobStoreOptions options) =>
        new(Options.Create(new StorageOptions { Provider = "Azure", Azure = options, TemporaryFolder = Temporary }), new KeptLog<AzureBlobStore>(Log));
}
