using FluentAssertions;
using Xunit;

namespace Proofsheet.Api.Tests.Storage;

[Trait("Suite", "Ci")]
public sealed class S3ContractTests : ObjectStoreContract<S3StoreUnderTest>;

[Trait("Suite", "Ci")]
public sealed class S3LargeObjectTests : LargeObjectContract<S3StoreUnderTest>;

[Trait("Suite", "Ci")]
public sealed class S3MishapTests : RemoteStoreContract<S3StoreUnderTest>;

[Trait("Suite", "Ci")]
public sealed class S3PresignedTests : PresignedContract<S3StoreUnderTest>;

[Trait("Suite", "Ci")]
public sealed class S3StoreTests : StoreContract<S3StoreUnderTest>
{
    [Fact]
    public async Task An_object_larger_than_one_request_may_copy_is_copied_in_parts()
    {
        const int Length = 13 << 20;
        var stored = await Store.PutAsync(Key("large"), new PatternStream(Length), cancellation: None);

        (await Store.CopyAsync(Key("large"), Key("copy"), None)).Should().BeTrue();

        var head = await Under.S3.Client.GetObjectMetadataAsync(SwiftServer.Bucket, Key("copy").Value);
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
        using var store = Under.StoreOf(options);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => store.PrepareAsync(None));

        refused.Message.Should().StartWith($"Storage:S3: the bucket '{bucket}' cannot be used", why);
        refused.ToString().Should().NotContain(secret);
    }
}
