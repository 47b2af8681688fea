using Amazon.S3.Model;
using FluentAssertions;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Remote;
using Proofsheet.Api.Storage.S3;
using Xunit;

namespace Proofsheet.Api.Tests.Storage;

// Alone, because one test counts what the whole process allocates.
[CollectionDefinition(nameof(S3StoreTests), DisableParallelization = true)]
[Collection(nameof(S3StoreTests))]
public sealed class S3StoreTests : RemoteStoreContract
{
    private S3Store? _store;

    protected override IObjectStore Store => _store!;

    public override async ValueTask InitializeAsync()
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

    private protected override IObjectStore Through(FaultProxy proxy, Action<RemoteStoreOptions>? set = null)
    {
        var options = SwiftServer.Options(proxy.Address);
        set?.Invoke(options);
        return StoreOf(options);
    }

    protected override Task<Uri> ServerAsync() => SwiftServer.AddressAsync();

    // A part has its number in its address.
    protected override string PartTarget => "partNumber=";

    protected override string FullAnswer => "<Error><Code>QuotaExceeded</Code><Message>full</Message></Error>";

    [Fact]
    public async Task An_object_larger_than_one_request_may_copy_is_copied_in_parts()
    {
        const int Length = 13 << 20;
        var stored = await Store.PutAsync(Key("large"), new PatternStream(Length), cancellation: CancellationToken.None);

        (await Store.CopyAsync(Key("large"), Key("copy"), CancellationToken.None)).Should().BeTrue();

        var head = await _store!.Client.GetObjectMetadataAsync(SwiftServer.Bucket, Key("copy").Value);
        head.ETag.Should().EndWith("-3\"", "it was copied in three parts");
        (await Sha256OfAsync(Store, Key("copy"))).Should().Be(stored.Sha256);
    }

    [Theory]
    [InlineData("a wrong secret", SwiftServer.AccessKey, "not-the-secret", SwiftServer.Bucket)]
    [InlineData("no such bucket", SwiftServer.AccessKey, SwiftServer.SecretKey, "another-bucket")]
    public async Task A_bucket_that_is_refused_ends_the_start(string why, string access, string secret, string bucket)
    {
        var options = SwiftServer.Options(await SwiftServer.AddressAsync());
        (options.AccessKey, options.SecretKey, options.Bucket) = (access, secret, bucket);
        using var store = StoreOf(options);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => store.PrepareAsync(CancellationToken.None));

        refused.Message.Should().StartWith($"Storage:S3: the bucket '{bucket}' cannot be used", why);
        refused.ToString().Should().NotContain(secret);
    }

    private S3Store StoreOf(S3StoreOptions options) =>
        new(Options.Create(new StorageOptions { Provider = "S3", S3 = options, TemporaryFolder = Temporary }), new KeptLog<S3Store>(Log));

    private async Task<List<MultipartUpload>> UnfinishedAsync() =>
        [.. ((await _store!.Client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = SwiftServer.Bucket, Prefix = Tenant + "/" })).MultipartUploads ?? [])];
}
