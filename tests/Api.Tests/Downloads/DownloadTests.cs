using System.IO.Compression;
using System.Net.Http.Headers;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.OrderDownloads;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Tests.Orders;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Downloads;

[Trait("Database", "Provider")]
public sealed class DownloadTests(ApiHost api)
{
    [Fact]
    public async Task What_is_paid_can_be_downloaded_by_anyone_with_the_link_until_the_count_is_up()
    {
        var shop = await Shop.OpenAsync(api);
        var photo = await shop.PhotoAsync("Bräutigam 1.jpg");
        var order = await shop.OrderAsync(shop.Full, photo);
        (await shop.Api.GetAsync($"/v1/orders/{order}/downloads")).ShouldBe(200).Body!["data"]!.AsArray().Should().BeEmpty();

        var item = (await PaidAsync(shop, order)).Body!["data"]![0]!;

        item["remainingDownloadCount"]!.GetValue<int>().Should().Be(3);
        (await shop.StateAsync(order)).Should().Be("completed");
        var url = item["url"]!.GetValue<string>();
        var anybody = api.Client(null);
        for (var i = 0; i < 3; i++)
        {
            var got = (await anybody.GetAsync(url)).ShouldBe(200);
            got.Bytes.Should().Equal(await OriginalAsync(shop, photo));
            got.Headers["Content-Type"].Should().Be("image/jpeg");
            got.Headers["Content-Disposition"].Should().Contain("filename*=UTF-8''Br%C3%A4utigam%201.jpg").And.StartWith("attachment");
            got.Headers["Cache-Control"].Should().Contain("no-store");
        }

        (await anybody.GetAsync(url)).ShouldBeProblem(410, "downloads_used_up");
        var after = (await shop.Api.GetAsync($"/v1/orders/{order}/downloads")).Body!["data"]![0]!;
        after["remainingDownloadCount"]!.GetValue<int>().Should().Be(0);
        after["url"].Should().BeNull();
    }

    [Fact]
    public async Task A_web_file_is_the_clean_rendition_and_stays_when_the_photo_goes()
    {
        var shop = await Shop.OpenAsync(api);
        var photo = await shop.PhotoAsync();
        var order = await shop.OrderAsync(shop.Web, photo);
        var url = (await PaidAsync(shop, order)).Body!["data"]![0]!["url"]!.GetValue<string>();
        var clean = await shop.Host.InScopeAsync(shop.Studio.Id, services => ReadAsync(
            services.GetRequiredService<IObjectStore>(), PhotoFiles.Clean(Id<Tenant>.Parse(shop.Studio.Id, null), Id<Photo>.Parse(photo, null), 1, 2048, Proofsheet.Api.Imaging.RenditionFormat.Jpeg)));
        await shop.Host.InScopeAsync(shop.Studio.Id, async services =>
        {
            await services.GetRequiredService<IObjectStore>().DeleteAllAsync(PhotoFiles.AllOf(Id<Tenant>.Parse(shop.Studio.Id, null), Id<Photo>.Parse(photo, null)), default);
            return true;
        });

        (await api.Client(null).GetAsync(url)).ShouldBe(200).Bytes.Should().Equal(clean);
    }

    [Fact]
    public async Task Ranges_resume_one_download_and_looking_counts_nothing()
    {
        var shop = await Shop.OpenAsync(api);
        var photo = await shop.PhotoAsync();
        var order = await shop.OrderAsync(shop.Full, photo);
        var url = (await PaidAsync(shop, order)).Body!["data"]![0]!["url"]!.GetValue<string>();
        var bytes = await OriginalAsync(shop, photo);
        var anybody = api.Client(null);

        var head = (await anybody.SendAsync(HttpMethod.Head, url)).ShouldBe(200);
        head.Headers["Content-Length"].Should().Be("5000");
        head.Headers["Accept-Ranges"].Should().Be("bytes");
        (await LeftAsync(shop, order)).Should().Be(3);
        var first = (await RangeAsync(anybody, url, 0, 999)).ShouldBe(206);
        (await LeftAsync(shop, order)).Should().Be(2);
        var rest = (await RangeAsync(anybody, url, 1000, null, head.ETag)).ShouldBe(206);
        rest.Headers["Content-Range"].Should().Be("bytes 1000-4999/5000");
        first.Bytes.Concat(rest.Bytes).Should().Equal(bytes);
        (await RangeAsync(anybody, url, 5000, null)).ShouldBe(416);
        (await anybody.SendAsync(HttpMethod.Get, url, null, r => r.Headers.TryAddWithoutValidation("If-None-Match", head.ETag))).ShouldBe(304);
        (await LeftAsync(shop, order)).Should().Be(2);
        (await RangeAsync(anybody, url, 1000, null, "\"another\"")).ShouldBe(200).Bytes.Should().Equal(bytes);
        (await LeftAsync(shop, order)).Should().Be(1);
    }

    [Fact]
    public async Task Many_downloads_at_once_never_pass_the_count()
    {
        var shop = await Shop.OpenAsync(api);
        var order = await shop.OrderAsync(shop.Full);
        var url = (await PaidAsync(shop, order)).Body!["data"]![0]!["url"]!.GetValue<string>();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => api.Client(null).GetAsync(url)));

        answers.Count(a => a.Status == 200).Should().Be(3);
        answers.Count(a => a.Status == 410).Should().Be(9);
    }

    [Fact]
    public async Task An_archive_of_an_order_has_its_length_resumes_and_counts_once_for_each_file()
    {
        var shop = await Shop.OpenAsync(api);
        var cart = await shop.CartAsync();
        var photos = new List<string>();
        foreach (var name in new[] { "a.jpg", "a.jpg", "日本.jpg" })
        {
            photos.Add(await shop.PhotoAsync(name));
            (await shop.AddAsync(cart, photos[^1], shop.Full)).ShouldBe(201);
        }

        var order = (await shop.CheckoutAsync(cart, 3 * Shop.FullPrice)).ShouldBe(201)["order.id"];
        var url = (await PaidAsync(shop, order))["zipUrl"];
        var number = (await shop.Api.GetAsync($"/v1/orders/{order}")).ShouldBe(200)["number"];
        var anybody = api.Client(null);

        var head = (await anybody.SendAsync(HttpMethod.Head, url)).ShouldBe(200);
        var whole = (await anybody.GetAsync(url)).ShouldBe(200);

        whole.Bytes.Length.ToString(System.Globalization.CultureInfo.InvariantCulture).Should().Be(head.Headers["Content-Length"]).And.Be(whole.Headers["Content-Length"]);
        whole.ETag.Should().Be(head.ETag).And.NotStartWith("W/");
        whole.Headers["Content-Disposition"].Should().Contain($"{shop.Gallery.Slug}-{number}.zip", "people keep the archives of several orders");
        using var zip = new ZipArchive(new MemoryStream(whole.Bytes));
        zip.Entries.Select(e => e.FullName).Should().Equal("a.jpg", "a (2).jpg", "日本.jpg");
        foreach (var (entry, photo) in zip.Entries.Zip(photos))
        {
            using var content = new MemoryStream();
            await using (var opened = entry.Open())
            {
                await opened.CopyToAsync(content);
            }

            content.ToArray().Should().Equal(await OriginalAsync(shop, photo));
        }

        var resumed = (await RangeAsync(anybody, url, 7777, null, whole.ETag)).ShouldBe(206);
        resumed.Bytes.Should().Equal(whole.Bytes[7777..]);
        resumed.Headers["Content-Disposition"].Should().Be(whole.Headers["Content-Disposition"]);
        (await RangeAsync(anybody, url, whole.Bytes.Length, null)).ShouldBe(416);
        (await shop.Api.GetAsync($"/v1/orders/{order}/downloads")).Body!["data"]!.AsArray().Select(i => i!["remainingDownloadCount"]!.GetValue<int>()).Should().Equal(2, 2, 2);
    }

    [Fact]
    public async Task A_file_that_is_missing_is_told_before_the_first_byte()
    {
        var shop = await Shop.OpenAsync(api);
        var order = await shop.OrderAsync(shop.Full);
        var downloads = await PaidAsync(shop, order);
        await shop.Host.InScopeAsync(shop.Studio.Id, async services =>
        {
            var key = (await services.GetRequiredService<Proofsheet.Api.Data.ProofsheetDb>().Set<DownloadGrant>().SingleAsync()).ObjectKey;
            await services.GetRequiredService<IObjectStore>().DeleteAsync(ObjectKey.Parse(key));
            return true;
        });

        (await api.Client(null).GetAsync(downloads["zipUrl"])).ShouldBeProblem(410, "download_missing");
        (await api.Client(null).GetAsync(downloads.Body!["data"]![0]!["url"]!.GetValue<string>())).ShouldBeProblem(410, "download_missing");
        (await LeftAsync(shop, order)).Should().Be(3);
    }

    [Fact]
    public async Task Links_end_and_altered_ones_open_nothing()
    {
        await using var host = await ApiHost.StartAsync();
        var shop = await Shop.OpenAsync(host);
        var order = await shop.OrderAsync(shop.Full);
        var other = await shop.OrderAsync(shop.Full);
        var downloads = await PaidAsync(shop, order);
        var url = downloads.Body!["data"]![0]!["url"]!.GetValue<string>();
        var foreign = (await PaidAsync(shop, other)).Body!["data"]![0]!["grantId"]!.GetValue<string>();
        var anybody = host.Client(null);

        (await anybody.GetAsync(url[..url.IndexOf('?', StringComparison.Ordinal)])).ShouldBeProblem(403, "invalid_signature");
        (await anybody.GetAsync(url.Replace(downloads.Body["data"]![0]!["grantId"]!.GetValue<string>(), foreign, StringComparison.Ordinal))).ShouldBeProblem(403, "invalid_signature");
        (await anybody.GetAsync(downloads["zipUrl"].Replace(order, other, StringComparison.Ordinal))).ShouldBeProblem(403, "invalid_signature");
        host.Clock.Advance(TimeSpan.FromDays(15));
        (await anybody.GetAsync(url)).ShouldBeProblem(410, "download_expired");
        host.Clock.Advance(TimeSpan.FromDays(15));
        (await anybody.GetAsync(url)).ShouldBeProblem(410, "download_expired");
    }

    [Fact]
    public async Task Anothers_downloads_do_not_exist()
    {
        var shop = await Shop.OpenAsync(api);
        var order = await shop.OrderAsync(shop.Full);
        await PaidAsync(shop, order);

        (await (await shop.Gallery.VisitorAsync()).Api.GetAsync($"/v1/orders/{order}/downloads")).ShouldBeProblem(404, "not_found");
        (await (await Shop.OpenAsync(api)).Studio.Api.GetAsync($"/v1/orders/{order}/downloads")).ShouldBeProblem(404, "not_found");
        (await shop.Studio.Api.GetAsync($"/v1/orders/{order}/downloads")).ShouldBe(200);
    }

    [Fact]
    public async Task Granting_twice_grants_once()
    {
        var shop = await Shop.OpenAsync(api);
        var order = await shop.OrderAsync(shop.Full);
        await PaidAsync(shop, order);

        await shop.Host.InScopeAsync(shop.Studio.Id, async services =>
        {
            await services.GetRequiredService<GrantDownloads>().HandleAsync(new OrderPaid(Id<Order>.Parse(order, null)), default, default);
            return true;
        });

        (await shop.InDatabaseAsync(db => db.Set<DownloadGrant>().CountAsync())).Should().Be(1);
        (await shop.InDatabaseAsync(db => db.Set<Proofsheet.Shared.Outbox.OutboxMessage>().CountAsync(m => m.Event == "downloads.ready" && m.Handler == null && m.Payload.Contains(order)))).Should().Be(1);
    }

    private static async Task<ApiAnswer> PaidAsync(Shop shop, string order)
    {
        (await shop.PayAsync(order)).ShouldBe(200);
        await ApiHost.EventuallyAsync(async () => await shop.StateAsync(order) == "completed", "the files are granted");
        return (await shop.Api.GetAsync($"/v1/orders/{order}/downloads")).ShouldBe(200);
    }

    private static async Task<int> LeftAsync(Shop shop, string order) =>
        (await shop.Api.GetAsync($"/v1/orders/{order}/downloads")).Body!["data"]![0]!["remainingDownloadCount"]!.GetValue<int>();

    private static Task<byte[]> OriginalAsync(Shop shop, string photo) => shop.Host.InScopeAsync(shop.Studio.Id, services => ReadAsync(
        services.GetRequiredService<IObjectStore>(), PhotoFiles.Original(Id<Tenant>.Parse(shop.Studio.Id, null), Id<Photo>.Parse(photo, null))));

    private static async Task<byte[]> ReadAsync(IObjectStore store, ObjectKey key)
    {
        await using var reader = await store.OpenAsync(key);
        var bytes = new MemoryStream();
        await reader!.Content.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private static Task<ApiAnswer> RangeAsync(ApiClient client, string url, long from, long? to, string? ifRange = null) => client.SendAsync(HttpMethod.Get, url, null, request =>
    {
        request.Headers.Range = new RangeHeaderValue(from, to);
        if (ifRange is not null)
        {
            request.Headers.IfRange = new RangeConditionHeaderValue(ifRange);
        }
    });
}
