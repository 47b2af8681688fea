using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.OrderDownloads;
using Proofsheet.Api.Tests.Orders;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Downloads;

/// <summary>What counts as one download: three may be made of a file of 5,000 bytes.</summary>
[Trait("Database", "Provider")]
public sealed class TransferTests(ApiHost api)
{
    private const int Length = 5000;

    [Fact]
    public async Task A_later_part_may_come_first_and_the_parts_make_one_download()
    {
        var (shop, order, url) = await BoughtAsync();

        (await RangeAsync(url, 2500, null)).ShouldBe(206).Headers["Content-Range"].Should().Be("bytes 2500-4999/5000");
        (await RangeAsync(url, 0, 2499)).ShouldBe(206);

        (await LeftAsync(shop, order)).Should().Be(2);
    }

    [Fact]
    public async Task Parts_that_arrive_at_the_same_time_on_two_hosts_count_once()
    {
        await using var sibling = await api.SiblingAsync();
        var (shop, order, url) = await BoughtAsync();

        var parts = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => RangeAsync(url, i * 500, (i * 500) + 499, i % 2 == 0 ? api : sibling)));

        parts.Should().OnlyContain(p => p.Status == 206);
        (await LeftAsync(shop, order)).Should().Be(2);
        await SentAsync(shop, Length);
    }

    [Fact]
    public async Task Probes_belong_to_the_download_before_or_after_them()
    {
        var (shop, order, url) = await BoughtAsync();

        for (var i = 0; i < 3; i++)
        {
            (await RangeAsync(url, 0, 0)).ShouldBe(206).Bytes.Should().HaveCount(1);
        }

        (await LeftAsync(shop, order)).Should().Be(2);
        (await api.Client(null).GetAsync(url)).ShouldBe(200);
        (await LeftAsync(shop, order)).Should().Be(2);
        (await RangeAsync(url, 0, 0)).ShouldBe(206);
        (await LeftAsync(shop, order)).Should().Be(2);
    }

    [Fact]
    public async Task Whole_files_count_one_by_one_also_as_ranges_and_at_the_same_time_on_two_hosts()
    {
        await using var sibling = await api.SiblingAsync();
        var (shop, order, url) = await BoughtAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => i % 3 == 0
            ? (i % 2 == 0 ? api : sibling).Client(null).GetAsync(url)
            : RangeAsync(url, 0, i % 3 == 1 ? null : Length - 1, i % 2 == 0 ? api : sibling)));

        answers.Count(a => a.Status is 200 or 206).Should().Be(3);
        answers.Where(a => a.Status is not (200 or 206)).Should().OnlyContain(a => a.Status == 410);
        (await LeftAsync(shop, order)).Should().Be(0);
    }

    [Theory]
    [InlineData(1, 4999, 4)]
    [InlineData(0, 4998, 4)]
    [InlineData(0, 2499, 8)]
    [InlineData(2500, 4999, 8)]
    [InlineData(1000, 3999, 6)]
    public async Task The_same_part_again_and_again_is_sent_four_files_long_at_most(long from, long to, int times)
    {
        await using var sibling = await api.SiblingAsync();
        var (shop, _, url) = await BoughtAsync();

        // Half of the requests one after the other, half at the same time.
        var answers = new List<ApiAnswer>();
        for (var i = 0; i < 6; i++)
        {
            answers.Add(await RangeAsync(url, from, to, i % 2 == 0 ? api : sibling));
        }

        answers.AddRange(await Task.WhenAll(Enumerable.Range(0, 6).Select(i => RangeAsync(url, from, to, i % 2 == 0 ? api : sibling))));

        answers.Count(a => a.Status == 206).Should().Be(times);
        answers.Where(a => a.Status != 206).Should().OnlyContain(a => a.Status == 410);
        await SentAsync(shop, times * (to - from + 1));
    }

    [Fact]
    public async Task Overlapping_halves_after_all_downloads_are_counted_use_up_the_tolerance_and_no_more()
    {
        var (shop, order, url) = await BoughtAsync();
        for (var i = 0; i < 3; i++)
        {
            (await api.Client(null).GetAsync(url)).ShouldBe(200);
        }

        (await RangeAsync(url, 2000, null)).ShouldBe(206);
        (await RangeAsync(url, 0, 2999)).ShouldBeProblem(410, "downloads_used_up");
        (await RangeAsync(url, 0, 1999)).ShouldBe(206);
        (await RangeAsync(url, 0, 0)).ShouldBeProblem(410, "downloads_used_up");
        (await api.Client(null).GetAsync(url)).ShouldBeProblem(410, "downloads_used_up");
        (await api.Client(null).SendAsync(HttpMethod.Head, url)).ShouldBe(410);
        (await LeftAsync(shop, order)).Should().Be(0);
    }

    [Fact]
    public async Task What_a_broken_connection_did_not_get_is_resumed_without_counting()
    {
        // Longer than what the connection's buffers hold.
        const int LongFile = 64_000_000;
        var (shop, order, url) = await BoughtAsync(LongFile);
        await BreakAsync(url, "0-");
        for (var i = 0; i < 3; i++)
        {
            await ApiHost.EventuallyAsync(async () => await SentSoFarAsync(shop) < LongFile / 2, "the unsent bytes are given back");
            await BreakAsync(url, "100000-");
        }

        await ApiHost.EventuallyAsync(async () => await SentSoFarAsync(shop) < LongFile / 2, "the unsent bytes are given back");
        (await RangeAsync(url, 1_000_000, null)).ShouldBe(206).Bytes.Should().HaveCount(LongFile - 1_000_000);
        (await LeftAsync(shop, order)).Should().Be(2);
    }

    [Fact]
    public async Task The_parts_of_an_archive_count_once_for_each_file_and_apart_from_the_files()
    {
        var (shop, order, url) = await BoughtAsync();
        var zip = (await shop.Api.GetAsync($"/v1/orders/{order}/downloads"))["zipUrl"];
        var length = long.Parse((await api.Client(null).SendAsync(HttpMethod.Head, zip)).Headers["Content-Length"], System.Globalization.CultureInfo.InvariantCulture);

        (await RangeAsync(zip, length / 2, null)).ShouldBe(206);
        (await RangeAsync(zip, 0, (length / 2) - 1)).ShouldBe(206);
        (await LeftAsync(shop, order)).Should().Be(2);
        (await RangeAsync(url, 2500, null)).ShouldBe(206);
        (await LeftAsync(shop, order)).Should().Be(1);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RangeAsync(zip, 1, null)));
        // One more of the archive, and its tolerance.
        answers.Count(a => a.Status == 206).Should().Be(2);
        (await LeftAsync(shop, order)).Should().Be(0);
    }

    private async Task<(Shop Shop, string Order, string Url)> BoughtAsync(int bytes = Length)
    {
        var shop = await Shop.OpenAsync(api);
        var order = await shop.OrderAsync(shop.Full, await shop.PhotoAsync(bytes: bytes));
        (await shop.PayAsync(order)).ShouldBe(200);
        await ApiHost.EventuallyAsync(async () => await shop.StateAsync(order) == "completed", "the files are granted");
        return (shop, order, (await shop.Api.GetAsync($"/v1/orders/{order}/downloads")).ShouldBe(200).Body!["data"]![0]!["url"]!.GetValue<string>());
    }

    private Task<ApiAnswer> RangeAsync(string url, long from, long? to, ApiHost? host = null) =>
        (host ?? api).Client(null).SendAsync(HttpMethod.Get, url, null, request => request.Headers.Range = new RangeHeaderValue(from, to));

    private static async Task<int> LeftAsync(Shop shop, string order) =>
        (await shop.Api.GetAsync($"/v1/orders/{order}/downloads")).Body!["data"]![0]!["remainingDownloadCount"]!.GetValue<int>();

    private static async Task SentAsync(Shop shop, long bytes) => (await SentSoFarAsync(shop)).Should().Be(bytes);

    private static Task<long> SentSoFarAsync(Shop shop) => shop.InDatabaseAsync(db => db.Set<DownloadTransfer>().Where(t => t.About.StartsWith("dgr_")).Select(t => t.SentBytes).SingleAsync());

    /// <summary>Asks for a range, reads its beginning and hangs up.</summary>
    private async Task BreakAsync(string url, string range)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 65_536 };
        await socket.ConnectAsync(api.Address.Host, api.Address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {new Uri(api.Address, url).PathAndQuery} HTTP/1.1\r\nHost: {api.Address.Authority}\r\nRange: bytes={range}\r\n\r\n"));
        (await socket.ReceiveAsync(new byte[10_000])).Should().BeGreaterThan(0);
        socket.Close();
    }
}
