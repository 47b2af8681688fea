using FluentAssertions;
using Xunit;

namespace Proofsheet.Api.Tests.Storage;

public sealed class AzureBlobContractTests : ObjectStoreContract<AzureBlobStoreUnderTest>;

public sealed class AzureBlobLargeObjectTests : LargeObjectContract<AzureBlobStoreUnderTest>;

[Trait("Suite", "Ci")]
public sealed class AzureBlobMishapTests : RemoteStoreContract<AzureBlobStoreUnderTest>;

public sealed class AzureBlobPresignedTests : PresignedContract<AzureBlobStoreUnderTest>;

public sealed class AzureBlobStoreTests : StoreContract<AzureBlobStoreUnderTest>
{
    [Theory]
    [InlineData("a wrong key", "Tm90IHRoZSBrZXk=", AzuriteServer.Container)]
    [InlineData("no such container", "", "another-container")]
    public async Task A_container_that_is_refused_ends_the_start(string why, string key, string container)
    {
        var options = AzuriteServer.Options(await AzuriteServer.AddressAsync());
        (options.AccountKey, options.Container) = (key.Length > 0 ? key : options.AccountKey, container);
        var store = Under.StoreOf(options);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => store.PrepareAsync(None));

        refused.Message.Should().StartWith($"Storage:Azure: the container '{container}' cannot be used", why);
        refused.ToString().Should().NotContain(options.AccountKey);
    }
}
