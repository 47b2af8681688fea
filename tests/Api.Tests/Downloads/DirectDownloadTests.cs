using System.Net;
using System.Net.Http.Headers;
using FluentAssertions;
using Proofsheet.Api.Tests.Orders;
using Proofsheet.Api.Tests.Storage;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Downloads;

/// <summary>With Storage:DirectDownloads a file comes from the store itself, on real servers of both kinds; rules and counts stay here.</summary>
public sealed class DirectDownloadTests : IAsyncLifetime
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private ApiHost? _api;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("S3")]
    [InlineData("Azure")]
    public async Task A_bought_file_comes_from_the_store_as_often_as_was_bought(string provider)
    {
        var (url, original) = await BoughtAsync(provider);

        for (var left = 3; left > 0; left--)
        {
            var sent = await AskAsync(HttpMethod.Get, url);
            sent.StatusCode.Should().Be(HttpStatusCode.Redirect);
            sent.Headers.CacheControl!.NoStore.Should().BeTrue("the address is a right");
            sent.Headers.Location!.Authority.Should().NotBe(_api!.Address.Authority);
            (await sent.Content.ReadAsByteArrayAsync()).Should().BeEmpty();

            var file = await AskAsync(HttpMethod.Get, sent.Headers.Location);
            file.StatusCode.Should().Be(HttpStatusCode.OK);
            (await file.Content.ReadAsByteArrayAsync()).Should().Equal(original);
            file.Content.Headers.ContentType!.MediaType.Should().Be("image/jpeg");
            file.Content.Headers.ContentDisposition!.DispositionType.Should().Be("attachment");
            file.Content.Headers.ContentDisposition.FileNameStar.Should().Be("Bräutigam 1.jpg");
        }

        (await AskAsync(HttpMethod.Get, url)).StatusCode.Should().Be(HttpStatusCode.Gone);
    }

    [Theory]
    [InlineData("S3")]
    [InlineData("Azure")]
    public async Task A_part_goes_on_where_it_can(string provider)
    {
        var (url, original) = await BoughtAsync(provider);
        var head = await AskAsync(HttpMethod.Head, url);
        head.StatusCode.Should().Be(HttpStatusCode.OK, "a look counts nothing and is answered here");
        head.Content.Headers.ContentLength.Should().Be(original.Length);

        var begun = await AskAsync(HttpMethod.Get, url);
        begun.StatusCode.Should().Be(HttpStatusCode.Redirect);

        foreach (var tag in new[] { null, head.Headers.ETag!.Tag })
        {
            var rest = await AskAsync(HttpMethod.Get, url, 100, tag);
            rest.StatusCode.Should().Be(HttpStatusCode.PartialContent, "an address of the store would give the whole file");
            rest.Content.Headers.ContentRange!.From.Should().Be(100);
            (await rest.Content.ReadAsByteArrayAsync()).Should().Equal(original[100..]);
        }

        // A download that started at the store has the store's ETag, by which the store resumes it.
        var whole = await AskAsync(HttpMethod.Get, begun.Headers.Location!);
        var byTheirTag = await AskAsync(HttpMethod.Get, url, 100, whole.Headers.ETag!.Tag);
        byTheirTag.StatusCode.Should().Be(HttpStatusCode.Redirect);
        var restThere = await AskAsync(HttpMethod.Get, byTheirTag.Headers.Location!, 100, whole.Headers.ETag.Tag);
        restThere.StatusCode.Should().Be(HttpStatusCode.PartialContent);
        (await restThere.Content.ReadAsByteArrayAsync()).Should().Equal(original[100..]);
    }

    [Theory]
    [InlineData("S3")]
    [InlineData("Azure")]
    public async Task What_is_refused_here_is_not_sent_to_the_store(string provider)
    {
        var (url, _) = await BoughtAsync(provider);
        var altered = new Uri(url.AbsoluteUri[..^1] + (url.AbsoluteUri[^1] == 'A' ? 'B' : 'A'));

        var refused = await AskAsync(HttpMethod.Get, altered);
        refused.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        refused.Headers.Location.Should().BeNull();
        var part = await AskAsync(HttpMethod.Get, url, 100);
        part.StatusCode.Should().Be(HttpStatusCode.PartialContent, "an address of the store would give the whole file");
        part.Headers.Location.Should().BeNull();

        // The store's URL is for this one file only.
        var address = (await AskAsync(HttpMethod.Get, url)).Headers.Location!;
        var path = address.GetLeftPart(UriPartial.Path);
        (await AskAsync(HttpMethod.Get, new Uri(path[..path.LastIndexOf('/')] + address.Query))).IsSuccessStatusCode.Should().BeFalse();
        (await AskAsync(HttpMethod.Get, new Uri(path))).IsSuccessStatusCode.Should().BeFalse();
        (await AskAsync(HttpMethod.Delete, address)).IsSuccessStatusCode.Should().BeFalse();
    }

    private async Task<(Uri Url, byte[] Original)> BoughtAsync(string provider)
    {
        _api = await ApiHost.StartAsync(new(await RemoteStores.SettingsAsync(provider)) { ["Storage:DirectDownloads"] = "true" });
        var shop = await Shop.OpenAsync(_api);
        var photo = await shop.PhotoAsync("Bräutigam 1.jpg");
        var order = await shop.OrderAsync(shop.Full, photo);
        (await shop.PayAsync(order)).ShouldBe(200);
        await ApiHost.EventuallyAsync(async () => await shop.StateAsync(order) == "completed", "the files are granted");
        var url = (await shop.Api.GetAsync($"/v1/orders/{order}/downloads")).ShouldBe(200).Body!["data"]![0]!["url"]!.GetValue<string>();
        var original = (await shop.Studio.Api.GetAsync($"/v1/photos/{photo}/original")).ShouldBe(200).Bytes;
        original.Length.Should().BeGreaterThan(1_000);
        return (new Uri(_api.Address, url), original);
    }

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, Uri address, long? from = null, string? ifRange = null)
    {
        using var request = new HttpRequestMessage(method, address);
        if (from is not null)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
        }

        if (ifRange is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Range", ifRange);
        }

        return await _http.SendAsync(request);
    }
}
