using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Proofsheet.Benchmarks.Support;
using Proofsheet.DemoPictures;

namespace Proofsheet.Benchmarks.Parts;

/// <summary>
/// A 48 MB original uploaded to a gallery, with tus in one request and with multipart, compared with the same web server discarding the same body: the
/// cost of hashing, durable storage, inspection and the row. Renditions are off.
/// </summary>
internal sealed class UploadPart : IPart
{
    private const int WarmRounds = 8;
    private const int Rounds = 15;
    private const int Bytes = 48_000_000;

    public string Name => "upload";

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        await using var api = await Server.ApiAsync(Shop.PlatformKeyHash, new() { ["Outbox__Enabled"] = "false" });
        await using var sink = await Server.BareAsync();
        using var shop = await Shop.OpenAsync(api, []);
        using var bare = new HttpClient { BaseAddress = sink.Address };
        var body = new byte[Bytes];
        PaintedPictures.Make(0).Jpeg.CopyTo(body, 0);
        var ways = new Func<Task<double>>[] { () => TusAsync(shop, body), () => MultipartAsync(shop, body), () => SinkAsync(bare, body) };
        var speeds = ways.Select(_ => new List<double>()).ToList();
        for (var round = 0; round < WarmRounds + Rounds; round++)
        {
            for (var way = 0; way < ways.Length; way++)
            {
                // After the end of the picture, where decoders do not look; otherwise it would be a duplicate.
                RandomNumberGenerator.Fill(body.AsSpan(Bytes - 64));
                var speed = await ways[way]();
                if (round >= WarmRounds)
                {
                    speeds[way].Add(speed);
                }
            }
        }

        return
        [
            new Row("upload of 48 MB by tus, MB/s", Report.Median(speeds[0]), "bare Kestrel, thrown away", Report.Median(speeds[2]), HigherIsBetter: true),
            new Row("upload of 48 MB by multipart, MB/s", Report.Median(speeds[1]), "bare Kestrel, thrown away", Report.Median(speeds[2]), HigherIsBetter: true),
        ];
    }

    private static async Task<double> TusAsync(Shop shop, byte[] body)
    {
        var clock = Stopwatch.StartNew();
        using var create = new HttpRequestMessage(HttpMethod.Post, $"/v1/galleries/{shop.GalleryId}/uploads");
        create.Headers.Add("Tus-Resumable", "1.0.0");
        create.Headers.Add("Upload-Length", $"{body.Length}");
        create.Headers.Add("Upload-Metadata", $"filename {Convert.ToBase64String(Encoding.UTF8.GetBytes("a.jpg"))}");
        using var created = (await shop.Studio.SendAsync(create)).EnsureSuccessStatusCode();
        using var patch = new HttpRequestMessage(HttpMethod.Patch, created.Headers.Location) { Content = new ByteArrayContent(body) };
        patch.Headers.Add("Tus-Resumable", "1.0.0");
        patch.Headers.Add("Upload-Offset", "0");
        patch.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        using var done = (await shop.Studio.SendAsync(patch)).EnsureSuccessStatusCode();
        return done.Headers.Contains("Proofsheet-Photo") ? Speed(body, clock) : throw new InvalidOperationException("The upload became no photo.");
    }

    private static async Task<double> MultipartAsync(Shop shop, byte[] body)
    {
        var clock = Stopwatch.StartNew();
        using var form = new MultipartFormDataContent { { new ByteArrayContent(body), "files", "a.jpg" } };
        using var done = (await shop.Studio.PostAsync($"/v1/galleries/{shop.GalleryId}/photos", form)).EnsureSuccessStatusCode();
        return Speed(body, clock);
    }

    private static async Task<double> SinkAsync(HttpClient bare, byte[] body)
    {
        var clock = Stopwatch.StartNew();
        using var done = (await bare.PostAsync("/sink", new ByteArrayContent(body))).EnsureSuccessStatusCode();
        return Speed(body, clock);
    }

    private static double Speed(byte[] body, Stopwatch clock) => body.Length / 1e6 / clock.Elapsed.TotalSeconds;
}
