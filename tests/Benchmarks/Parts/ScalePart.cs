using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Proofsheet.Benchmarks.Support;

namespace Proofsheet.Benchmarks.Parts;

/// <summary>
/// A busy evening on one machine: four clients upload 200 photos of 12 to 24 megapixels at once, while visitors request lists and pictures 100 times a
/// second. Then the same with fewer, while imaging workers and the API itself are killed. Everything that was confirmed must be there at the end.
/// </summary>
internal sealed class ScalePart : IPart
{
    private const int Photographs = 200;
    private const int PhotographsWhileKilling = 40;
    private const int Clients = 4;
    private const int PerSecond = 100;
    private const double MostMilliseconds = 500;
    private const double MostMegabytes = 1024;

    public string Name => "scale";

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        var pictures = Enumerable.Range(0, 9).Select(n => CameraPictures.Make(n, 12 + (n % 3 * 6))).ToList();
        await using var api = await Server.ApiAsync(Shop.PlatformKeyHash);
        using var shop = await Shop.OpenAsync(api, Shop.Pictures(24));
        using var evening = new Evening(api, shop, pictures);

        var clock = Stopwatch.StartNew();
        using var closing = new CancellationTokenSource();
        var pace = new Pace(PerSecond);
        var visitors = pace.RunAsync(evening.VisitAsync, closing.Token);
        await evening.UploadAsync(0, Photographs);
        var uploaded = clock.Elapsed;
        await evening.AllReadyAsync();
        var ready = clock.Elapsed;
        await closing.CancelAsync();
        await visitors;
        var peak = api.PeakMegabytes;
        await evening.NothingIsLostAsync();
        if (pace.Faults.Count > 0)
        {
            throw new InvalidOperationException($"{pace.Faults.Count} requests of {pace.Faults.Count + pace.Milliseconds.Count} failed: {pace.Faults.First()}");
        }

        Console.WriteLine($"  {pace.Milliseconds.Count} requests; {Photographs} photographs sent in {uploaded.TotalSeconds:0} s, ready after {ready.TotalSeconds:0} s; p50 {Report.Median(pace.Milliseconds):0.0} ms");
        await KillingAsync(api, evening);
        return
        [
            new Row($"{PerSecond} requests/s while {Photographs} photographs come in, p99 ms", Report.Percentile(pace.Milliseconds, 0.99), "limit", MostMilliseconds),
            new Row("most memory of the API meanwhile, MB", peak, "limit", MostMegabytes),
        ];
    }

    private static async Task KillingAsync(Server api, Evening evening)
    {
        var uploading = evening.UploadAsync(Photographs, PhotographsWhileKilling);
        for (var kill = 1; !uploading.IsCompleted || kill < 4; kill++)
        {
            await Task.Delay(TimeSpan.FromSeconds(2));
            if (kill % 2 == 1)
            {
                foreach (var worker in api.ChildIds)
                {
                    using var process = Process.GetProcessById(worker);
                    process.Kill();
                }
            }
            else
            {
                await api.KillAndStartAgainAsync();
            }
        }

        await uploading;
        await evening.AllReadyAsync();
        await evening.NothingIsLostAsync();
        Console.WriteLine($"  {PhotographsWhileKilling} photographs more while workers and the API were killed: all there, byte for byte");
    }

    private sealed class Evening(Server api, Shop shop, IReadOnlyList<byte[]> pictures) : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
        private readonly Dictionary<string, string> _answered = [];
        private readonly HttpClient _pictures = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(1) }) { BaseAddress = api.Address };
        private volatile string[] _urls = [];

        /// <summary>One request in ten is for a list, the others for a picture from a list.</summary>
        public async Task VisitAsync(int number)
        {
            if (number % 10 == 0)
            {
                var list = await Shop.GetAsync(shop.Visitor, $"/v1/galleries/{shop.GalleryId}/photos?limit=50");
                _urls = [.. list["data"]!.AsArray().SelectMany(p => p!["urls"] is JsonObject urls ? urls.Select(u => u.Value!.GetValue<string>()) : [])];
                return;
            }

            if (_urls is { Length: > 0 } urls)
            {
                using var answer = await _pictures.GetAsync(urls[number % urls.Length]);
                answer.EnsureSuccessStatusCode();
                await answer.Content.ReadAsByteArrayAsync();
            }
        }

        public async Task UploadAsync(int first, int count)
        {
            var next = first - 1;
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
            {
                for (int number; (number = Interlocked.Increment(ref next)) < first + count;)
                {
                    var file = CameraPictures.Numbered(pictures[number % pictures.Count], number);
                    var id = await SendAsync($"IMG_{number:0000}.jpg", file);
                    lock (_answered)
                    {
                        _answered[id] = Convert.ToHexStringLower(SHA256.HashData(file));
                    }
                }
            }));
        }

        public async Task AllReadyAsync()
        {
            var clock = Stopwatch.StartNew();
            while ((await Shop.GetAsync(shop.Studio, $"/v1/galleries/{shop.GalleryId}/progress"))["readyCount"]!.GetValue<int>() < _answered.Count + shop.PhotoIds.Count)
            {
                if (clock.Elapsed > Patience)
                {
                    throw new InvalidOperationException($"Not all photographs are ready after {Patience}.");
                }

                await Task.Delay(200);
            }
        }

        public async Task NothingIsLostAsync()
        {
            foreach (var (id, sha256) in _answered)
            {
                await using var original = await shop.Studio.GetStreamAsync($"/v1/photos/{id}/original");
                if (Convert.ToHexStringLower(await SHA256.HashDataAsync(original)) != sha256)
                {
                    throw new InvalidOperationException($"{id} is not as it was sent.");
                }
            }
        }

        public void Dispose() => _pictures.Dispose();

        // Retried until there is a response; a file that did arrive is then a duplicate.
        private async Task<string> SendAsync(string name, byte[] file)
        {
            var clock = Stopwatch.StartNew();
            while (true)
            {
                try
                {
                    using var form = new MultipartFormDataContent();
                    var part = new ByteArrayContent(file);
                    part.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
                    form.Add(part, "files", name);
                    using var answer = await shop.Studio.PostAsync($"/v1/galleries/{shop.GalleryId}/photos", form);
                    answer.EnsureSuccessStatusCode();
                    return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["results"]![0]!["photo"]!["id"]!.GetValue<string>();
                }
                catch (HttpRequestException) when (clock.Elapsed < Patience)
                {
                    await Task.Delay(200);
                }
            }
        }
    }
}
