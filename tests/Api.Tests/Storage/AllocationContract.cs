using System.Diagnostics;
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
    private const int Length = 50_000_000;

    [Fact]
    public async Task Fifty_megabytes_stream_in_and_out_without_being_held_in_memory()
    {
        await AllocatedAsync(1_000_000);
        var least = long.MaxValue;
        // Hosts of other tests are still there and allocate, too: what they allocate in the same time is subtracted, and the least of several measurements counts.
        for (var round = 0; round < 4 && least >= Under.MayAllocate(Length); round++)
        {
            var clock = Stopwatch.StartNew();
            var together = await AllocatedAsync(Length);
            least = Math.Min(least, together - await AllocatedByOthersAsync(clock.Elapsed));
        }

        least.Should().BeLessThan(Under.MayAllocate(Length));
    }

    private static async Task<long> AllocatedByOthersAsync(TimeSpan time)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await Task.Delay(time, None);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    /// <summary>The bytes that the process allocates while an object of this length is put and read.</summary>
    private async Task<long> AllocatedAsync(int length)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var stored = await Store.PutAsync(Key("big"), new PatternStream(length), cancellation: None);
        await using var reader = await Store.OpenAsync(Key("big"), cancellation: None);
        var buffer = new byte[64 * 1024];
        long read = 0;
        for (int got; (got = await reader!.Content.ReadAsync(buffer, None)) > 0; read += got)
        {
        }

        (stored.Length, read).Should().Be((length, length));
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}

[Collection(AllocationCollection.Name)]
public sealed class DiskAllocationTests : AllocationContract<DiskStoreUnderTest>;

[Collection(AllocationCollection.Name)]
public sealed class S3AllocationTests : AllocationContract<S3StoreUnderTest>;

[Collection(AllocationCollection.Name)]
public sealed class AzureBlobAllocationTests : AllocationContract<AzureBlobStoreUnderTest>;
