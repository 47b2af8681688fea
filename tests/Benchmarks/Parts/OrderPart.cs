using System.Diagnostics;
using Proofsheet.Benchmarks.Support;

namespace Proofsheet.Benchmarks.Parts;

/// <summary>Cart, one item, checkout and payment: four requests that write, compared with four empty responses.</summary>
internal sealed class OrderPart : IPart
{
    private const int WarmOrders = 150;
    private const int Orders = 150;

    public string Name => "order";

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        await using var api = await Server.ApiAsync(Shop.PlatformKeyHash);
        using var shop = await Shop.OpenAsync(api, Shop.Pictures(1));
        var times = new List<double>();
        for (var order = -WarmOrders; order < Orders; order++)
        {
            var clock = Stopwatch.StartNew();
            await shop.BuyAsync(shop.PhotoIds);
            if (order >= 0)
            {
                times.Add(clock.Elapsed.TotalMilliseconds);
            }
        }

        var live = (await ListPart.TimeAsync(shop.Visitor, "/health/live")).Select(t => t * 4).ToList();
        return
        [
            new Row("cart to paid order, four requests, p50 ms", Report.Median(times), "four times /health/live", Report.Median(live)),
            new Row("cart to paid order, four requests, p95 ms", Report.Percentile(times, 0.95), "four times /health/live", Report.Percentile(live, 0.95)),
        ];
    }
}
