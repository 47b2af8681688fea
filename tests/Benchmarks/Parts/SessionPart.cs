using System.Diagnostics;
using Proofsheet.Benchmarks.Support;

namespace Proofsheet.Benchmarks.Parts;

/// <summary>
/// A photographer uploads a session of photographs of 12 to 24 megapixels: how long until all of them can be seen, until all formats are there, and what
/// the API's memory is then and after many pictures were sent from its cache.
/// </summary>
internal sealed class SessionPart : IPart
{
    private const int Photographs = 60;
    private const int Clients = 4;
    private const int StormClients = 32;
    private const string Browser = "image/avif,image/webp,*/*;q=0.8";
    private const double MostVisibleSeconds = 12;
    private const double MostSeconds = 35;
    private const double MostMegabytes = 300;
    private static readonly TimeSpan Storm = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);

    public string Name => "session";

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        double[] megapixels = [12, 16, 20, 24];
        var pictures = megapixels.Select((size, n) => CameraPictures.Make(n, size)).ToList();
        await using var api = await Server.ApiAsync(Shop.PlatformKeyHash);
        // One photograph beforehand, so that the processes run and their code is compiled.
        using var shop = await Shop.OpenAsync(api, [CameraPictures.Numbered(pictures[0], 9_000)]);
        var clock = Stopwatch.StartNew();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            for (int number; (number = Interlocked.Increment(ref next)) < Photographs;)
            {
                await shop.UploadAsync(number, CameraPictures.Numbered(pictures[number % pictures.Count], number));
            }
        }));

        var sent = clock.Elapsed.TotalSeconds;
        while (await shop.ReadyCountAsync() < Photographs + 1)
        {
            await Task.Delay(50);
        }

        var visible = clock.Elapsed.TotalSeconds;
        var addresses = await AddressesAsync(shop);
        foreach (var address in addresses)
        {
            while (await TypeAsync(shop, address) is not "image/avif")
            {
                await Task.Delay(50);
            }
        }

        var complete = clock.Elapsed.TotalSeconds;
        var after = api.OwnMegabytes;
        await Task.Delay(Rest);
        var rested = api.OwnMegabytes;
        var answers = await StormAsync(shop, addresses);
        var stormed = api.OwnMegabytes;
        await Task.Delay(Rest);
        Console.WriteLine($"  sent after {sent:0.0} s; {after:0} MB when done, {rested:0} MB a minute later; {answers} pictures from the cache, {stormed:0} MB after them, {api.OwnMegabytes:0} MB a minute later");
        return
        [
            new Row($"{Photographs} photographs of 12 to 24 MP, from the first byte sent until all are visible, s", visible, "limit", MostVisibleSeconds),
            new Row("until all formats are there, s", complete, "limit", MostSeconds),
            new Row("memory of the API after it, MB", after, "limit", MostMegabytes),
            new Row("memory of the API a minute later, MB", rested, "limit", MostMegabytes),
            new Row("memory of the API a minute after a storm of cached pictures, MB", api.OwnMegabytes, "limit", MostMegabytes),
        ];
    }

    private static async Task<List<string>> AddressesAsync(Shop shop)
    {
        var photos = await Shop.GetAsync(shop.Visitor, $"/v1/galleries/{shop.GalleryId}/photos?limit=100");
        return [.. photos["data"]!.AsArray().Select(p => p!["urls"]!["preview"]!.GetValue<string>())];
    }

    private static async Task<string?> TypeAsync(Shop shop, string address)
    {
        using var answer = await AskAsync(shop, address, "image/avif");
        return answer.Content.Headers.ContentType?.MediaType;
    }

    private static async Task<int> StormAsync(Shop shop, List<string> addresses)
    {
        var clock = Stopwatch.StartNew();
        var answers = 0;
        await Task.WhenAll(Enumerable.Range(0, StormClients).Select(async client =>
        {
            for (var n = client; clock.Elapsed < Storm; n++)
            {
                using var answer = await AskAsync(shop, addresses[n % addresses.Count], Browser);
                await answer.Content.CopyToAsync(Stream.Null);
                Interlocked.Increment(ref answers);
            }
        }));
        return answers;
    }

    private static async Task<HttpResponseMessage> AskAsync(Shop shop, string address, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd(accept);
        var answer = await shop.Visitor.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.EnsureSuccessStatusCode();
    }
}
