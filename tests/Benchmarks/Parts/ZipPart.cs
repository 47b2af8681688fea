using System.Diagnostics;
using Proofsheet.Benchmarks.Support;

namespace Proofsheet.Benchmarks.Parts;

/// <summary>The ZIP of an order of twelve originals, beside nginx with sendfile serving the very same file from the disk.</summary>
internal sealed class ZipPart : IPart
{
    private const int Rounds = 7;

    public string Name => "zip";

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        await using var api = await Server.ApiAsync(Shop.PlatformKeyHash);
        using var shop = await Shop.OpenAsync(api, Shop.Pictures(12));
        var order = await shop.BuyAsync(shop.PhotoIds);
        string? zip;
        while ((zip = (await Shop.GetAsync(shop.Visitor, $"/v1/orders/{order["id"]}/downloads"))["zipUrl"]?.GetValue<string>()) is null)
        {
            await Task.Delay(100);
        }

        using var work = new Temporary();
        using var http = new HttpClient();
        var address = new Uri(api.Address, zip);
        File.WriteAllBytes(Path.Combine(work.Folder, "order.zip"), await http.GetByteArrayAsync(address));
        await using var nginx = await Server.NginxAsync(work.Folder);
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            var our = await MegabytesPerSecondAsync(http, address);
            var their = await MegabytesPerSecondAsync(http, new Uri(nginx.Address, "order.zip"));
            if (round > 0)
            {
                ours.Add(our);
                theirs.Add(their);
            }
        }

        return [new Row("ZIP of twelve originals, MB/s", Report.Median(ours), "nginx sendfile, the ready file", Report.Median(theirs), HigherIsBetter: true)];
    }

    private static async Task<double> MegabytesPerSecondAsync(HttpClient http, Uri address)
    {
        var buffer = new byte[1 << 20];
        var clock = Stopwatch.StartNew();
        await using var stream = await http.GetStreamAsync(address);
        long bytes = 0;
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            bytes += read;
        }

        return bytes / 1e6 / clock.Elapsed.TotalSeconds;
    }
}
