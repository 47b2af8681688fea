using System.IO.Hashing;
using System.Security.Cryptography;
using FluentAssertions;
using Proofsheet.Api.Storage;
using Xunit;

namespace Proofsheet.Api.Tests.Storage;

/// <summary>What every object store does; each implementation runs it.</summary>
public abstract class ObjectStoreContract<TStore> : StoreContract<TStore>
    where TStore : StoreUnderTest, new()
{
    [Fact]
    public async Task What_was_put_is_read_back_and_measured_right()
    {
        var key = Key("original");
        var bytes = RandomNumberGenerator.GetBytes(300_001);

        var stored = await Store.PutAsync(key, new MemoryStream(bytes), cancellation: None);

        stored.Should().Be(new StoredObject(key, 300_001, Convert.ToHexStringLower(SHA256.HashData(bytes)), Crc32.HashToUInt32(bytes)));
        (await ReadAsync(key)).Should().Equal(bytes);
        var stat = await Store.StatAsync(key, None);
        stat!.Length.Should().Be(300_001);
        stat.WrittenAt.Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task An_empty_object_exists_and_is_empty()
    {
        var key = Key("empty");

        var stored = await Store.PutAsync(key, new MemoryStream(), cancellation: None);

        stored.Length.Should().Be(0);
        stored.Crc32.Should().Be(0);
        stored.Sha256.Should().Be("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        (await Store.ExistsAsync(key, None)).Should().BeTrue();
        (await ReadAsync(key)).Should().BeEmpty();
    }

    [Fact]
    public async Task What_is_not_there_is_null_everywhere()
    {
        var key = Key("nothing");

        (await Store.OpenAsync(key, cancellation: None)).Should().BeNull();
        (await Store.StatAsync(key, None)).Should().BeNull();
        (await Store.FetchAsync(key, None)).Should().BeNull();
        (await Store.ExistsAsync(key, None)).Should().BeFalse();
        (await ListAsync(ObjectPrefix.Of(Tenant))).Should().BeEmpty();
    }

    [Theory]
    [InlineData(0, null, 0, 1000)]
    [InlineData(0, 1L, 0, 1)]
    [InlineData(999, null, 999, 1)]
    [InlineData(400, 200L, 400, 200)]
    [InlineData(900, 500L, 900, 100)]
    [InlineData(1000, null, 1000, 0)]
    [InlineData(10, 0L, 10, 0)]
    public async Task A_range_gives_exactly_its_bytes(long offset, long? length, int from, int count)
    {
        var key = Key("ranged");
        var bytes = RandomNumberGenerator.GetBytes(1000);
        await Store.PutAsync(key, new MemoryStream(bytes), cancellation: None);

        await using var reader = await Store.OpenAsync(key, offset, length, None);

        reader!.ObjectLength.Should().Be(1000);
        reader.Offset.Should().Be(offset);
        reader.Length.Should().Be(count);
        (await DrainAsync(reader.Content)).Should().Equal(bytes[from..(from + count)]);
    }

    [Fact]
    public async Task A_range_that_begins_behind_the_end_is_refused_with_the_length()
    {
        var key = Key("short");
        await Store.PutAsync(key, new MemoryStream(new byte[10]), cancellation: None);

        var refused = await Assert.ThrowsAsync<ObjectRangeException>(() => Store.OpenAsync(key, 11, cancellation: None));

        refused.ObjectLength.Should().Be(10);
    }

    [Fact]
    public async Task A_body_that_breaks_off_leaves_nothing()
    {
        var key = Key("broken");

        await Assert.ThrowsAsync<EndOfStreamException>(
            () => Store.PutAsync(key, new PatternStream(5_000_000) { BreaksAfter = 3_000_000 }, cancellation: None));

        (await Store.ExistsAsync(key, None)).Should().BeFalse();
        (await ListAsync(ObjectPrefix.Of(Tenant))).Should().BeEmpty();
        AssertNothingHalfWritten();
    }

    [Fact]
    public async Task A_body_that_breaks_off_leaves_the_older_object_as_it_was()
    {
        var key = Key("kept");
        await Store.PutAsync(key, new MemoryStream([1, 2, 3]), cancellation: None);

        await Assert.ThrowsAsync<EndOfStreamException>(
            () => Store.PutAsync(key, new PatternStream(500_000) { BreaksAfter = 400_000 }, cancellation: None));

        (await ReadAsync(key)).Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task A_canceled_put_leaves_nothing()
    {
        var key = Key("canceled");
        using var cancel = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Store.PutAsync(key, new PatternStream(5_000_000) { At = (2_000_000, cancel.Cancel) }, cancellation: cancel.Token));

        (await Store.ExistsAsync(key, None)).Should().BeFalse();
        AssertNothingHalfWritten();
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_in_the_stream_and_leaves_nothing()
    {
        var key = Key("large");
        var body = new PatternStream(100_000_000);

        var refused = await Assert.ThrowsAsync<ObjectTooLargeException>(() => Store.PutAsync(key, body, maxBytes: 1_000_000, None));

        refused.MaxBytes.Should().Be(1_000_000);
        body.Passed.Should().BeLessThan(2_000_000, "the rest is not read");
        (await Store.ExistsAsync(key, None)).Should().BeFalse();
        AssertNothingHalfWritten();
    }

    [Fact]
    public async Task A_body_of_exactly_the_limit_is_taken()
    {
        var stored = await Store.PutAsync(Key("exact"), new PatternStream(1_000_000), maxBytes: 1_000_000, None);

        stored.Length.Should().Be(1_000_000);
    }

    [Fact]
    public async Task Puts_of_one_key_at_once_end_with_one_of_them_whole()
    {
        var key = Key("contested");
        var bodies = Enumerable.Range(1, 16).Select(i => Enumerable.Repeat((byte)i, 200_000 + i).ToArray()).ToList();

        await Task.WhenAll(bodies.Select(body => Task.Run(() => Store.PutAsync(key, new MemoryStream(body), cancellation: None))));

        var read = await ReadAsync(key);
        read.Should().Equal(bodies[read[0] - 1]);
        AssertNothingHalfWritten();
    }

    [Fact]
    public async Task A_reader_keeps_the_object_it_opened_while_it_is_replaced_and_deleted()
    {
        var key = Key("replaced");
        var old = RandomNumberGenerator.GetBytes(400_000);
        await Store.PutAsync(key, new MemoryStream(old), cancellation: None);
        await using var reader = await Store.OpenAsync(key, cancellation: None);
        var first = new byte[1000];
        await reader!.Content.ReadExactlyAsync(first, None);

        await Store.PutAsync(key, new MemoryStream([9]), cancellation: None);
        await Store.DeleteAsync(key, None);

        first.Concat(await DrainAsync(reader.Content)).Should().Equal(old);
    }

    [Fact]
    public async Task A_copy_has_the_content_and_a_life_of_its_own()
    {
        var bytes = RandomNumberGenerator.GetBytes(300_000);
        await Store.PutAsync(Key("from"), new MemoryStream(bytes), cancellation: None);
        await Store.PutAsync(Key("to"), new MemoryStream([1]), cancellation: None);

        (await Store.CopyAsync(Key("from"), Key("to"), None)).Should().BeTrue();
        (await Store.CopyAsync(Key("from"), Key("to"), None)).Should().BeTrue("it may be repeated");
        await Store.PutAsync(Key("from"), new MemoryStream([2]), cancellation: None);
        await Store.DeleteAsync(Key("from"), None);

        (await ReadAsync(Key("to"))).Should().Equal(bytes);
        (await Store.StatAsync(Key("to"), None))!.Length.Should().Be(300_000);
        AssertNothingHalfWritten();
    }

    [Fact]
    public async Task A_copy_of_what_is_not_there_is_none_and_leaves_the_second_key_alone()
    {
        await Store.PutAsync(Key("to"), new MemoryStream([1]), cancellation: None);

        (await Store.CopyAsync(Key("nothing"), Key("to"), None)).Should().BeFalse();

        (await ReadAsync(Key("to"))).Should().Equal(1);
        AssertNothingHalfWritten();
    }

    [Fact]
    public async Task Deleting_takes_one_object_and_may_be_repeated()
    {
        await Store.PutAsync(Key("one"), new MemoryStream([1]), cancellation: None);
        await Store.PutAsync(Key("two"), new MemoryStream([2]), cancellation: None);

        await Store.DeleteAsync(Key("one"), None);
        await Store.DeleteAsync(Key("one"), None);

        (await Store.ExistsAsync(Key("one"), None)).Should().BeFalse();
        (await ReadAsync(Key("two"))).Should().Equal(2);
    }

    [Fact]
    public async Task Puts_and_deletes_side_by_side_lose_nothing_that_was_put()
    {
        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancellation) =>
        {
            await Store.PutAsync(Key($"passing-{i}"), new MemoryStream([1]), cancellation: cancellation);
            await Store.PutAsync(ObjectKey.Of(Tenant, "photos", $"pho_{i % 4}", $"staying-{i}"), new MemoryStream([2]), cancellation: cancellation);
            await Store.DeleteAsync(Key($"passing-{i}"), cancellation);
        });

        (await ListAsync(ObjectPrefix.Of(Tenant))).Should().HaveCount(200).And.OnlyContain(o => o.Key.Value.Contains("/staying-"));
    }

    [Fact]
    public async Task A_fetched_object_is_a_local_file_that_leaves_the_object_in_place()
    {
        var bytes = RandomNumberGenerator.GetBytes(5000);
        await Store.PutAsync(Key("fetched"), new MemoryStream(bytes), cancellation: None);

        await using (var file = await Store.FetchAsync(Key("fetched"), None))
        {
            (await File.ReadAllBytesAsync(file!.Path, None)).Should().Equal(bytes);
        }

        (await ReadAsync(Key("fetched"))).Should().Equal(bytes);
    }
}
