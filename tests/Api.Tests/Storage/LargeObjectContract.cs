using System.Security.Cryptography;
using FluentAssertions;
using Proofsheet.Api.Storage;
using Xunit;

namespace Proofsheet.Api.Tests.Storage;

/// <summary>Objects with several parts and listings with several pages, for stores that have them.</summary>
public abstract class LargeObjectContract<TStore> : StoreContract<TStore>
    where TStore : StoreUnderTest, new()
{
    [Fact]
    public async Task Listing_gives_what_lies_beneath_the_prefix_and_nothing_else()
    {
        string[] keys = ["photos/pho_1/original", "photos/pho_1/web/300.jpg", "photos/pho_10/original", "photos/pho_1", "exports/exp_1/a/b/c"];
        foreach (var key in keys)
        {
            await Store.PutAsync(ObjectKey.Parse($"{Tenant}/{key}"), new MemoryStream(new byte[key.Length]), cancellation: None);
        }

        (await NamesAsync(ObjectPrefix.Of(Tenant))).Should().BeEquivalentTo(keys);
        (await NamesAsync(ObjectPrefix.Of(Tenant, "photos"))).Should().BeEquivalentTo(keys[..4]);
        (await NamesAsync(ObjectPrefix.Of(Tenant, "photos", "pho_1"))).Should().BeEquivalentTo(keys[..2]);
        (await NamesAsync(ObjectPrefix.Of(Tenant, "photos", "pho_1", "web"))).Should().BeEquivalentTo(keys[1]);
        (await NamesAsync(ObjectPrefix.Of(Tenant, "photos", "pho_2"))).Should().BeEmpty();
        (await ListAsync(ObjectPrefix.All)).Where(o => o.Key.Value.StartsWith(Tenant + "/", StringComparison.Ordinal))
            .Should().HaveCount(5).And.OnlyContain(o => o.Length == o.Key.Value.Length - Tenant.Length - 1);
    }

    [Fact]
    public async Task A_key_may_be_the_beginning_of_another()
    {
        await Store.PutAsync(ObjectKey.Of(Tenant, "a"), new MemoryStream([1]), cancellation: None);
        await Store.PutAsync(ObjectKey.Of(Tenant, "a", "b"), new MemoryStream([2]), cancellation: None);
        await Store.PutAsync(ObjectKey.Of(Tenant, "a", "b", "c"), new MemoryStream([3]), cancellation: None);
        await Store.DeleteAsync(ObjectKey.Of(Tenant, "a", "b"), None);

        (await ReadAsync(ObjectKey.Of(Tenant, "a"))).Should().Equal(1);
        (await ReadAsync(ObjectKey.Of(Tenant, "a", "b", "c"))).Should().Equal(3);
        (await Store.ExistsAsync(ObjectKey.Of(Tenant, "a", "b"), None)).Should().BeFalse();
    }

    [Fact]
    public async Task A_large_object_and_its_copy_are_read_back_whole_and_in_ranges()
    {
        var bytes = RandomNumberGenerator.GetBytes(12_345_678);
        var stored = await Store.PutAsync(Key("large"), new MemoryStream(bytes), cancellation: None);
        (await Store.CopyAsync(Key("large"), Key("copied"), None)).Should().BeTrue();

        stored.Sha256.Should().Be(Convert.ToHexStringLower(SHA256.HashData(bytes)));
        foreach (var name in (string[])["large", "copied"])
        {
            (await Store.StatAsync(Key(name), None))!.Length.Should().Be(bytes.Length);
            (await Sha256OfAsync(Store, Key(name))).Should().Be(stored.Sha256);
            // Across the boundary of two parts, and at the end.
            (await ReadAsync(Key(name), (5 << 20) - 10, 20)).Should().Equal(bytes[((5 << 20) - 10)..((5 << 20) + 10)]);
            (await ReadAsync(Key(name), bytes.Length - 7)).Should().Equal(bytes[^7..]);
            await using var file = await Store.FetchAsync(Key(name), None);
            await using var content = File.OpenRead(file!.Path);
            Convert.ToHexStringLower(await SHA256.HashDataAsync(content, None)).Should().Be(stored.Sha256);
        }

        AssertNothingHalfWritten();
    }

    [Fact]
    public async Task A_body_that_fails_after_many_megabytes_leaves_nothing()
    {
        await Assert.ThrowsAsync<EndOfStreamException>(
            () => Store.PutAsync(Key("broken"), new PatternStream(20_000_000) { BreaksAfter = 13_000_000 }, cancellation: None));
        await Assert.ThrowsAsync<ObjectTooLargeException>(() => Store.PutAsync(Key("long"), new PatternStream(20_000_000), maxBytes: 13_000_000, None));
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Store.PutAsync(Key("canceled"), new PatternStream(20_000_000) { At = (13_000_000, cancel.Cancel) }, cancellation: cancel.Token));

        (await ListAsync(ObjectPrefix.Of(Tenant))).Should().BeEmpty();
        AssertNothingHalfWritten();
    }

    [Fact]
    public async Task Large_puts_of_one_key_at_once_end_with_one_of_them_whole()
    {
        var lengths = Enumerable.Range(1, 4).Select(i => 11_000_000 + i);

        var stored = await Task.WhenAll(lengths.Select(length => Task.Run(() => Store.PutAsync(Key("contested"), new PatternStream(length), cancellation: None))));

        stored.Select(s => s.Sha256).Should().Contain(await Sha256OfAsync(Store, Key("contested")));
        AssertNothingHalfWritten();
    }

    private async Task<IEnumerable<string>> NamesAsync(ObjectPrefix prefix) =>
        (await ListAsync(prefix)).Select(o => o.Key.Value[(Tenant.Length + 1)..]);
}
