using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Proofsheet.Benchmarks.Support;

namespace Proofsheet.Benchmarks.Parts;

/// <summary>One studio uploads 2,000 photos of 12 megapixels; while they wait, another studio uploads single ones, and each must soon be ready.</summary>
internal sealed class FairnessPart : IPart
{
    private const int Photographs = 2_000;
    private const int Clients = 4;
    private const int Singles = 5;
    private const double MostSeconds = 15;

    public string Name => "fairness";

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        var pictures = Enumerable.Range(0, 6).Select(n => CameraPictures.Make(n, 12)).ToList();
        await using var api = await Server.ApiAsync(Shop.PlatformKeyHash);
        using var many = await Shop.OpenAsync(api, []);
        using var one = await Shop.OpenAsync(api, [CameraPictures.Numbered(pictures[0], 9_000)]);
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            for (int number; (number = Interlocked.Increment(ref next)) < Photographs;)
            {
                await SendAsync(many, number, CameraPictures.Numbered(pictures[number % pictures.Count], number));
            }
        }));

        var seconds = new List<double>();
        for (var single = 1; single <= Singles; single++)
        {
            var clock = Stopwatch.StartNew();
            await SendAsync(one, single, CameraPictures.Numbered(pictures[1], 9_000 + single));
            while (await ReadyAsync(one) < single + 1)
            {
                await Task.Delay(50);
            }

            seconds.Add(clock.Elapsed.TotalSeconds);
        }

        var waiting = Photographs - await ReadyAsync(many);
        Console.WriteLine($"  {waiting} photographs of the other studio still wait; single ones were ready after {string.Join(", ", seconds.Select(s => $"{s:0.0}"))} s");
        return waiting < Photographs / 2
            ? throw new InvalidOperationException($"Only {waiting} photographs were waiting at the end, which proves nothing.")
            : [new Row($"a single photograph ready while another studio's {Photographs} wait, longest s", seconds.Max(), "limit", MostSeconds)];
    }

    private static async Task<int> ReadyAsync(Shop shop) => (await Shop.GetAsync(shop.Studio, $"/v1/galleries/{shop.GalleryId}/progress"))["readyCount"]!.GetValue<int>();

    private static async Task SendAsync(Shop shop, int number, byte[] file)
    {
        using var form = new MultipartFormDataContent();
        var part = new ByteArrayContent(file);
        part.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        form.Add(part, "files", $"IMG_{number:0000}.jpg");
        using var answer = await shop.Studio.PostAsync($"/v1/galleries/{shop.GalleryId}/photos", form);
        var outcome = JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!["results"]![0]!["outcome"]!.GetValue<string>();
        if (outcome != "accepted")
        {
            throw new InvalidOperationException($"{number}: {outcome}");
        }
    }
}
