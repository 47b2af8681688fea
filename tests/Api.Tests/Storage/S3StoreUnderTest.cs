using Amazon.S3.Model;
using FluentAssertions;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Remote;
using Proofsheet.Api.Storage.S3;

namespace Proofsheet.Api.Tests.Storage;

public sealed class S3StoreUnderTest : RemoteStoreUnderTest
{
    private S3Store? _store;

    internal override IObjectStore Store => S3;

    internal S3Store S3 => _store!;

    public override async Task PrepareAsync()
    {
        var options = SwiftServer.Options(await SwiftServer.AddressAsync());
        options.MaxCopyBytes = 8 << 20;
        options.CopyPartBytes = 5 << 20;
        options.PageItems = 3;
        _store = StoreOf(options);
        await _store.PrepareAsync(CancellationToken.None);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            (await UnfinishedAsync()).Should().BeEmpty("no test leaves parts behind");
            _store.Dispose();
        }

        Directory.Delete(Temporary, recursive: true);
    }

    internal override IObjectStore Through(FaultProxy proxy, Action<RemoteStoreOptions>? set = null)
    {
        var options = SwiftServer.Options(proxy.Address);
        set?.Invoke(options);
        return StoreOf(options);
    }

    internal override Task<Uri> ServerAsync() => SwiftServer.AddressAsync();

    // The URL of a part contains its number.
    internal override string PartTarget => "partNumber=";

    internal override string FullAnswer => "<Error><Code>QuotaExceeded</Code><Message>full</Message></Error>";

    internal S3Store StoreOf(S3StoreOptions options) =>
        new(Options.Create(new StorageOptions { Provider = "S3", S3 = options, TemporaryFolder = Temporary }), new KeptLog<S3Store>(Log));

    private async Task<List<MultipartUpload>> UnfinishedAsync() =>
        [.. ((await S3.Client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = SwiftServer.Bucket, Prefix = Tenant + "/" })).MultipartUploads ?? [])];
}
