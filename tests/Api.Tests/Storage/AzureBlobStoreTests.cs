using FluentAssertions;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Azure;
using Proofsheet.Api.Storage.Remote;
using Xunit;

namespace Proofsheet.Api.Tests.Storage;

// Alone, because one test counts what the whole process allocates.
[CollectionDefinition(nameof(AzureBlobStoreTests), DisableParallelization = true)]
[Collection(nameof(AzureBlobStoreTests))]
public sealed class AzureBlobStoreTests : RemoteStoreContract
{
    private AzureBlobStore? _store;

    protected override IObjectStore Store => _store!;

    public override async ValueTask InitializeAsync()
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

    private protected override IObjectStore Through(FaultProxy proxy, Action<RemoteStoreOptions>? set = null)
    {
        var options = AzuriteServer.Options(proxy.Address);
        set?.Invoke(options);
        return StoreOf(options);
    }

    protected override Task<Uri> ServerAsync() => AzuriteServer.AddressAsync();

    protected override string PartTarget => "comp=block&";

    protected override string FullAnswer => "<?xml version=\"1.0\"?><Error><Code>InsufficientStorage</Code><Message>full</Message></Error>";

    [Theory]
    [InlineData("a wrong key", "Tm90IHRoZSBrZXk=", AzuriteServer.Container)]
    [InlineData("no such container", "", "another-container")]
    public async Task A_container_that_is_refused_ends_the_start(string why, string key, string container)
    {
        var options = AzuriteServer.Options(await AzuriteServer.AddressAsync());
        (options.AccountKey, options.Container) = (key.Length > 0 ? key : options.AccountKey, container);
        var store = StoreOf(options);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => store.PrepareAsync(CancellationToken.None));

        refused.Message.Should().StartWith($"Storage:Azure: the container '{container}' cannot be used", why);
        refused.ToString().Should().NotContain(options.AccountKey);
    }

    private AzureBlobStore StoreOf(AzureBlobStoreOptions options) =>
        new(Options.Create(new StorageOptions { Provider = "Azure", Azure = options, TemporaryFolder = Temporary }), new KeptLog<AzureBlobStore>(Log));
}
