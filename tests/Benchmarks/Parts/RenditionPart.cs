using Proofsheet.Benchmarks.Support;

namespace Proofsheet.Benchmarks.Parts;

/// <summary>A cached 1200-pixel rendition, eight connections, beside nginx with sendfile serving the same bytes.</summary>
internal sealed class RenditionPart : IPart
{
    private const int Rounds = 3;

    public string Name => "rendition";

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        await using var api = await Server.ApiAsync(Shop.PlatformKeyHash);
        using var shop = await Shop.OpenAsync(api, Shop.Pictures(1));
        var photo = await Shop.GetAsync(shop.Visitor, $"/v1/photos/{shop.PhotoIds[0]}");
        var address = new Uri(api.Address, photo["urls"]!["preview"]!.GetValue<string>());
        using var http = new HttpClient();
        var root = Directory.CreateTempSubdirectory("proofsheet-bench-").FullName;
        File.WriteAllBytes(Path.Combine(root, "preview.jpg"), await http.GetByteArrayAsync(address));
        await using var nginx = await Server.NginxAsync(root);
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            var our = Wrk.RequestsPerSecond(address);
            var their = Wrk.RequestsPerSecond(new Uri(nginx.Address, "preview.jpg"));
            if (round > 0)
            {
                ours.Add(our);
                theirs.Add(their);
            }
        }

        Directory.Delete(root, recursive: true);
        return [new Row("cached rendition of 1200 px, requests/s", Report.Median(ours), "nginx sendfile", Report.Median(theirs), HigherIsBetter: true)];
    }
}
