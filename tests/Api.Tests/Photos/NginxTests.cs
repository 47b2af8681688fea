using System.Net;
using System.Net.Sockets;
using FluentAssertions;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>The documented configuration of nginx in front of the API: what it caches, and what it must not.</summary>
public sealed class NginxTests : IAsyncLifetime
{
    private const string Browser = "image/webp,image/apng,image/*,*/*;q=0.8";
    private const string NewBrowser = "image/avif,image/webp,image/apng,image/*,*/*;q=0.8";
    private ApiHost _api = null!;
    private Nginx _nginx = null!;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiHost.StartAsync(new() { ["ForwardedHeaders:KnownProxies:0"] = "127.0.0.1", ["RateLimits:AnonymousPerHour"] = "5", ["Delivery:FactsMilliseconds"] = "0" });
        _nginx = await Nginx.StartAsync(_api.Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_nginx is not null)
        {
            await _nginx.DisposeAsync();
        }

        await _api.DisposeAsync();
    }

    [Fact]
    public async Task Each_format_of_a_public_picture_is_kept_once_and_never_given_for_another()
    {
        var url = await SeenAsync(await (await _api.StudioAsync()).GalleryAsync());

        var (avif, webp, jpeg) = ((await FetchAsync(url, NewBrowser)).ShouldBe(200), (await FetchAsync(url, Browser)).ShouldBe(200), (await FetchAsync(url, "*/*")).ShouldBe(200));

        (Status(avif), Status(webp), Status(jpeg)).Should().Be(("MISS", "MISS", "MISS"));
        avif.Bytes.Should().Equal((await _api.FetchAsync(url, NewBrowser)).ShouldBe(200).Bytes);
        webp.Headers["Vary"].Should().Be("Accept");
        foreach (var (accept, kept) in new[]
        {
            (NewBrowser, avif), ("image/avif", avif), ("image/avif;q=0, image/webp", webp), (Browser, webp), ("image/webp", webp), ("text/html, image/webp;q=0.5", webp),
            ("*/*", jpeg), ("image/png", jpeg), ("image/webp;q=0, */*", jpeg), ("image/webp; q=0.0", jpeg), ("", jpeg),
        })
        {
            var again = (await FetchAsync(url, accept)).ShouldBe(200);
            Status(again).Should().Be("HIT", accept);
            again.Bytes.Should().Equal(kept.Bytes, accept);
            again.Headers["Content-Type"].Should().Be(kept.Headers["Content-Type"]);
        }

        (ImageSniffer.Sniff(webp.Bytes).Format, ImageSniffer.Sniff(jpeg.Bytes).Format).Should().Be((ImageFormat.WebP, ImageFormat.Jpeg));
    }

    [Fact]
    public async Task Parts_and_questions_whether_it_changed_are_answered_from_what_is_kept()
    {
        var url = await SeenAsync(await (await _api.StudioAsync()).GalleryAsync());
        // The very first request is for a range: the whole picture is fetched and cached.
        var part = (await FetchAsync(url, "*/*", ("Range", "bytes=10-19"))).ShouldBe(206);
        var whole = (await FetchAsync(url, "*/*")).ShouldBe(200);

        Status(whole).Should().Be("HIT");
        part.Bytes.Should().Equal(whole.Bytes[10..20]);
        var same = (await FetchAsync(url, "*/*", ("If-None-Match", whole.ETag!))).ShouldBe(304);
        Status(same).Should().Be("HIT");
        (await FetchAsync(url, "*/*", ("Range", "bytes=0-3"), ("If-Range", "\"other\""))).ShouldBe(200).Bytes.Should().Equal(whole.Bytes);
        var behind = await FetchAsync(url, "*/*", ("Range", "bytes=99999999-"));
        behind.ShouldBe(416);
        (await FetchAsync(url, "*/*")).ShouldBe(200).Bytes.Should().Equal(whole.Bytes, "a refused part is not kept for the picture");
    }

    [Fact]
    public async Task Private_pictures_are_not_kept()
    {
        var studio = await _api.StudioAsync();
        var gallery = await studio.GalleryAsync("135790", more: new { viewerWatermark = "name" });
        var seen = await SeenAsync(gallery);
        var clean = (await studio.Api.GetAsync($"{gallery.Path}/photos")).ShouldBe(200).Body!["data"]![0]!.Url();

        foreach (var url in new[] { seen, new Uri(clean).PathAndQuery })
        {
            for (var round = 0; round < 2; round++)
            {
                var answer = (await FetchAsync(url, "*/*")).ShouldBe(200);
                Status(answer).Should().Be("MISS");
                answer.Headers["Cache-Control"].Should().Contain("private");
            }
        }
    }

    [Fact]
    public async Task Refusals_are_not_kept()
    {
        var studio = await _api.StudioAsync();
        var gallery = await studio.GalleryAsync();
        var url = await SeenAsync(gallery);
        (await studio.Api.PostAsync(gallery.Path + "/unpublish")).ShouldBe(200);

        for (var round = 0; round < 2; round++)
        {
            Status((await FetchAsync(url, "*/*")).ShouldBeProblem(410, "link_expired")).Should().Be("MISS");
            Status((await FetchAsync(url + "x", "*/*")).ShouldBeProblem(403, "invalid_signature")).Should().Be("MISS");
        }

        (await studio.Api.PostAsync(gallery.Path + "/publish")).ShouldBe(200);
        (await FetchAsync(url, "*/*")).ShouldBe(200);
        Status((await FetchAsync(url, "*/*")).ShouldBe(200)).Should().Be("HIT");
        (await FetchAsync(url + "x", "*/*")).ShouldBeProblem(403, "invalid_signature");
    }

    [Fact]
    public async Task What_is_old_is_asked_for_again_and_comes_back_without_its_bytes()
    {
        var url = await SeenAsync(await (await _api.StudioAsync()).GalleryAsync());
        var end = DateTimeOffset.FromUnixTimeSeconds(long.Parse(url.Split("e=")[1].Split('&')[0]));
        // The API believes that the URL expires in two seconds, so it may be cached for that long.
        _api.Clock.Advance(end - _api.Clock.GetUtcNow() - TimeSpan.FromSeconds(2));
        var first = (await FetchAsync(url, "*/*")).ShouldBe(200);
        _api.Clock.Advance(TimeSpan.FromHours(-1));

        ApiAnswer again = null!;
        await ApiHost.EventuallyAsync(async () => Status(again = await FetchAsync(url, "*/*")) != "HIT", "it is old");

        (again.Status, Status(again)).Should().Be((200, "REVALIDATED"));
        again.Bytes.Should().Equal(first.Bytes);
        Status((await FetchAsync(url, "*/*")).ShouldBe(200)).Should().Be("HIT", "it is fresh again for as long as the API said");
    }

    [Fact]
    public async Task The_API_sees_who_calls_and_nobody_can_pretend_to_be_someone_else()
    {
        const string Path = "/v1/storefront/galleries/none";
        async Task<int> RemainingAsync(string from, string? pretended = null)
        {
            using var http = new HttpClient(new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellation) =>
                {
                    var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                    socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
                    await socket.ConnectAsync(_nginx.Address.Host, _nginx.Address.Port, cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            });
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_nginx.Address, Path));
            if (pretended is not null)
            {
                request.Headers.Add("X-Forwarded-For", pretended);
            }

            using var answer = await http.SendAsync(request);
            return int.Parse(answer.Headers.GetValues("RateLimit-Remaining").Single());
        }

        (await RemainingAsync("127.0.0.21")).Should().Be(4);
        (await RemainingAsync("127.0.0.21")).Should().Be(3);
        (await RemainingAsync("127.0.0.22")).Should().Be(4, "each address has a limit of its own");
        (await RemainingAsync("127.0.0.21", pretended: "203.0.113.9")).Should().Be(2);

        // URLs of pictures start with the host name that the proxy was called by.
        var studio = await _api.StudioAsync();
        var gallery = await studio.GalleryAsync();
        await gallery.ReadyAsync();
        using var through = new HttpClient { BaseAddress = _nginx.Address };
        through.DefaultRequestHeaders.Authorization = new("Bearer", studio.SecretKey);
        var list = (await new ApiClient(through).GetAsync($"{gallery.Path}/photos")).ShouldBe(200);
        list.Body!["data"]![0]!.Url().Should().StartWith(_nginx.Address.ToString());
    }

    private static string Status(ApiAnswer answer) => answer.Headers["X-Cache"];

    private static async Task<string> SeenAsync(GalleryClient gallery)
    {
        await gallery.ReadyAsync();
        return new Uri(await DeliveryTests.SeenAsync(gallery)).PathAndQuery;
    }

    private async Task<ApiAnswer> FetchAsync(string url, string accept, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient { BaseAddress = _nginx.Address };
        return await new ApiClient(http).SendAsync(HttpMethod.Get, url, null, request =>
        {
            foreach (var (name, value) in headers.Append(("Accept", accept)).Where(h => h.Item2.Length > 0))
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        });
    }
}
