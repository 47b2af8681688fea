using System.Security.Cryptography;
using FluentAssertions;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Remote;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Storage;

/// <summary>What remote stores must do in addition: with a real server, and with a bad network or a lying store in between.</summary>
public abstract class RemoteStoreContract<TStore> : StoreContract<TStore>
    where TStore : RemoteStoreUnderTest, new()
{
    private readonly byte[] _small = RandomNumberGenerator.GetBytes(700_001);
    private readonly byte[] _large = RandomNumberGenerator.GetBytes(12_000_001);

    public static TheoryData<string> PassingMishaps => ["503", "500", "reset", "lost answer", "flipped byte"];

    [Theory]
    [MemberData(nameof(PassingMishaps))]
    public async Task A_put_that_goes_wrong_twice_is_made_again(string mishap)
    {
        await using var proxy = new FaultProxy(await Under.ServerAsync());
        proxy.First(2, "PUT", Of(mishap));

        await Under.Through(proxy).PutAsync(Key("put"), new MemoryStream(_small), cancellation: None);

        proxy.Seen.Count(r => r.Method == "PUT").Should().Be(3);
        (await ReadAsync(Key("put"))).Should().Equal(_small);
    }

    [Theory]
    [MemberData(nameof(PassingMishaps))]
    public async Task A_part_that_goes_wrong_twice_is_sent_again(string mishap)
    {
        await using var proxy = new FaultProxy(await Under.ServerAsync());
        proxy.First(2, "PUT", Of(mishap), Under.PartTarget);

        await Under.Through(proxy).PutAsync(Key("put"), new MemoryStream(_large), cancellation: None);

        (await ReadAsync(Key("put"))).Should().Equal(_large);
    }

    [Fact]
    public async Task A_put_that_never_goes_well_is_refused_and_leaves_what_was_there()
    {
        await Store.PutAsync(Key("put"), new MemoryStream([1, 2, 3]), cancellation: None);
        await using var proxy = new FaultProxy(await Under.ServerAsync());
        proxy.Goes = request => request.Method == "PUT" ? Of("503") : null;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Under.Through(proxy).PutAsync(Key("put"), new MemoryStream(_small), cancellation: None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Under.Through(proxy).PutAsync(Key("put"), new MemoryStream(_large), cancellation: None));

        (await ReadAsync(Key("put"))).Should().Equal(1, 2, 3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_store_that_says_yes_and_keeps_nothing_is_found_out(bool wasThere)
    {
        if (wasThere)
        {
            await Store.PutAsync(Key("lied"), new MemoryStream([1, 2, 3]), cancellation: None);
        }

        await using var proxy = new FaultProxy(await Under.ServerAsync());
        proxy.Goes = request => request.Method == "PUT" ? new Mishap { Lies = true } : null;

        await Assert.ThrowsAsync<StoreUnreliableException>(() => Under.Through(proxy).PutAsync(Key("lied"), new MemoryStream(_small), cancellation: None));

        (await Store.ExistsAsync(Key("lied"), None)).Should().Be(wasThere);
    }

    [Fact]
    public async Task A_store_that_lies_once_is_asked_again()
    {
        await using var proxy = new FaultProxy(await Under.ServerAsync());
        proxy.First(1, "PUT", new Mishap { Lies = true });

        await Under.Through(proxy).PutAsync(Key("lied"), new MemoryStream(_small), cancellation: None);

        (await ReadAsync(Key("lied"))).Should().Equal(_small);
    }

    [Fact]
    public async Task A_store_that_keeps_a_part_less_than_it_says_is_refused()
    {
        await using var proxy = new FaultProxy(await Under.ServerAsync());
        proxy.First(1, "PUT", new Mishap { Lies = true }, Under.PartTarget);

        await Assert.ThrowsAnyAsync<Exception>(() => Under.Through(proxy).PutAsync(Key("lied"), new MemoryStream(_large), cancellation: None));

        (await Store.ExistsAsync(Key("lied"), None)).Should().BeFalse();
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("closed")]
    [InlineData("stalled")]
    public async Task A_reading_that_is_cut_in_the_middle_goes_on_from_there(string how)
    {
        await Store.PutAsync(Key("cut"), new MemoryStream(_large), cancellation: None);
        await using var proxy = new FaultProxy(await Under.ServerAsync());
        proxy.First(3, "GET", how switch
        {
            "reset" => new Mishap { ResetsAfterAnswered = 3_000_000 },
            "closed" => new Mishap { ClosesAfterAnswered = 3_000_000 },
            _ => new Mishap { StallsAfterAnswered = 3_000_000 },
        });

        await using var reader = await Under.Through(proxy, o => o.Stall = TimeSpan.FromSeconds(how == "stalled" ? 2 : 30)).OpenAsync(Key("cut"), cancellation: None);
        (await DrainAsync(reader!.Content)).Should().Equal(_large);

        var gets = proxy.Seen.Where(r => r.Method == "GET").ToList();
        gets.Should().HaveCount(4);
        gets.Skip(1).Should().OnlyContain(r => r.Head.Contains("bytes=", StringComparison.OrdinalIgnoreCase) && r.Head.Contains("If-Match", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_reading_that_is_cut_never_goes_on_with_another_object()
    {
        await Store.PutAsync(Key("cut"), new MemoryStream(_large), cancellation: None);
        await using var proxy = new FaultProxy(await Under.ServerAsync());
        proxy.First(1, "GET", new Mishap { ResetsAfterAnswered = 3_000_000 });
        await using var reader = await Under.Through(proxy).OpenAsync(Key("cut"), cancellation: None);
        await Store.PutAsync(Key("cut"), new MemoryStream(RandomNumberGenerator.GetBytes(_large.Length)), cancellation: None);

        await Assert.ThrowsAsync<ObjectChangedException>(() => DrainAsync(reader!.Content));
    }

    [Theory]
    [InlineData(700_000)]
    [InlineData(3)]
    public async Task A_byte_that_flips_on_the_way_ends_the_reading_before_its_end(long place)
    {
        await Store.PutAsync(Key("flipped"), new MemoryStream(_small), cancellation: None);
        await using var proxy = new FaultProxy(await Under.ServerAsync());
        proxy.Goes = request => request.Method == "GET" ? new Mishap { FlipsAnswered = place } : null;
        await using var reader = await Under.Through(proxy).OpenAsync(Key("flipped"), cancellation: None);
        var passed = new MemoryStream();

        await Assert.ThrowsAsync<StoreUnreliableException>(() => reader!.Content.CopyToAsync(passed, None));
        passed.Length.Should().BeLessThan(_small.Length);

        await Assert.ThrowsAsync<StoreUnreliableException>(() => Under.Through(proxy).FetchAsync(Key("flipped"), None));
        LeftFiles.In(Under.Temporary).Should().BeEmpty();
    }

    [Fact]
    public async Task A_byte_that_flips_in_a_large_object_is_noticed_and_fetched_again()
    {
        await Store.PutAsync(Key("flipped"), new MemoryStream(_large), cancellation: None);
        await using var proxy = new FaultProxy(await Under.ServerAsync());
        proxy.First(1, "GET", new Mishap { FlipsAnswered = 11_000_000 });

        await using (var file = await Under.Through(proxy).FetchAsync(Key("flipped"), None))
        {
            (await File.ReadAllBytesAsync(file!.Path, None)).Should().Equal(_large);
        }

        proxy.Seen.Count(r => r.Method == "GET").Should().Be(2);
        LeftFiles.In(Under.Temporary).Should().BeEmpty("its holder let it go");
    }

    [Fact]
    public async Task Slow_is_not_broken()
    {
        await using var proxy = new FaultProxy(await Under.ServerAsync());
        proxy.Goes = _ => new Mishap { Slow = TimeSpan.FromMilliseconds(20) };
        var store = Under.Through(proxy, o => o.Stall = TimeSpan.FromMilliseconds(500));

        await store.PutAsync(Key("slow"), new MemoryStream(_small), cancellation: None);
        await using var reader = await store.OpenAsync(Key("slow"), cancellation: None);

        (await DrainAsync(reader!.Content)).Should().Equal(_small);
        proxy.Seen.Select(r => r.Method).Should().Equal("PUT", "HEAD", "GET");
    }

    [Fact]
    public async Task Looking_listing_and_deleting_are_tried_again_too()
    {
        await Store.PutAsync(Key("there"), new MemoryStream([1, 2, 3]), cancellation: None);
        await using var proxy = new FaultProxy(await Under.ServerAsync());
        proxy.Goes = request => request.Number % 2 == 1 ? Of("503") : null;
        var store = Under.Through(proxy);

        (await store.StatAsync(Key("there"), None))!.Length.Should().Be(3);
        (await store.CopyAsync(Key("there"), Key("copy"), None)).Should().BeTrue();
        await store.DeleteAsync(Key("there"), None);

        (await ListAsync(ObjectPrefix.Of(Tenant))).Should().ContainSingle(o => o.Key == Key("copy"));
    }

    [Fact]
    public async Task A_store_without_room_is_told_apart_and_not_asked_again()
    {
        await using var proxy = new FaultProxy(await Under.ServerAsync());
        proxy.Goes = request => request.Method == "PUT" ? new Mishap { Status = 507, Body = Under.FullAnswer } : null;

        await Assert.ThrowsAsync<StoreFullException>(() => Under.Through(proxy).PutAsync(Key("full"), new MemoryStream(_small), cancellation: None));

        proxy.Seen.Count(r => r.Method == "PUT").Should().Be(1);
    }

    private static Mishap Of(string name) => name switch
    {
        "503" => new Mishap { Status = 503, Body = "<Error><Code>SlowDown</Code></Error>" },
        "500" => new Mishap { Status = 500 },
        "reset" => new Mishap { ResetsAfterSent = 100_000 },
        "lost answer" => new Mishap { LosesTheAnswer = true },
        "flipped byte" => new Mishap { FlipsSent = 4_321 },
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
