using FluentAssertions;
using Xunit;

namespace Proofsheet.Api.Tests.Storage;

/// <summary>Runs alone, because it measures the allocations of the whole process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AllocationCollection
{
    public const string Name = "what stores allocate";
}

public abstract class AllocationContract<TStore> : StoreContract<TStore>
    where TStore : StoreUnderTest, new()
{
    [Fact]
    public async Task Fifty_megabytes_stream_in_and_out_without_being_held_in_memory()
    {
        const int Length = 50_000_000;
        await Store.PutAsync(Key("warm"), new PatternStream(1_000_000), cancellation: None);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var stored = await Store.PutAsync(Key("big"), new PatternStream(Length), cancellation: None);
        await using var reader = await Store.OpenAsync(Key("big"), cancellation: None);
        var buffer = new byte[64 * 1024];
        long read = 0;
        for (int got; (got = await reader!.Content.ReadAsync(buffer, None)) > 0; read += got)
        {
        }

        stored.Length.Should().Be(Length);
        read.Should().Be(Length);
        (GC.GetTotalAllocatedBytes(precise: true) - before).Should().BeLessThan(Under.MayAllocate(Length));
    }
}

[Collection(AllocationCollection.Name)]
public sealed class DiskAllocationTests : AllocationContract<DiskStoreUnderTest>;

[Collection(AllocationCollection.Name)]
public sealed class S3AllocationTests : AllocationContract<S3StoreUnderTest>;

[Collection(AllocationCollection.Name)]
public sealed class AzureBlobAllocationTests : AllocationContract<AzureBlobStoreUnderTest>;
