using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Proofsheet.Benchmarks.Support;

namespace Proofsheet.Benchmarks.Parts;

/// <summary>
/// 1,000 visitors of one studio check out at the same moment, on PostgreSQL, while another studio reads its lists. Nothing but 503 may be refused, a
/// refused checkout is sent again as Retry-After says, and in the end every order is there.
/// </summary>
internal sealed class PressurePart : IPart
{
    private const string ConnectionVariable = "BENCH_POSTGRES";
    private const int Checkouts = 1_000;
    private const int ReadsPerSecond = 20;
    private const double MostMilliseconds = 500;

    public string Name => "pressure";

    public async Task<IReadOnlyList<Row>> RunAsync()
    {
        if (Environment.GetEnvironmentVariable(ConnectionVariable) is not { Length: > 0 } connection)
        {
            Console.WriteLine($"  skipped: {ConnectionVariable} names no PostgreSQL database");
            return [];
        }

        var settings = new Dictionary<string, string>
        {
            ["Database__Provider"] = "Postgres", ["Database__ConnectionString"] = connection,
        };
        await Server.MigrateAsync(settings);
        await using var api = await Server.ApiAsync(Shop.PlatformKeyHash, settings);
        using var busy = await Shop.OpenAsync(api, Shop.Pictures(1));
        using var other = await Shop.OpenAsync(api, Shop.Pictures(4));
        var carts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CartsAsync(busy, Checkouts / 8)));
        using var ending = new CancellationTokenSource();
        var pace = new Pace(ReadsPerSecond);
        var reading = pace.RunAsync(_ => Shop.GetAsync(other.Studio, $"/v1/galleries/{other.GalleryId}/photos?limit=50"), ending.Token);

        var clock = Stopwatch.StartNew();
        var statuses = new ConcurrentDictionary<HttpStatusCode, int>();
        await Task.WhenAll(carts.SelectMany(c => c).Select(c => CheckOutAsync(c.Visitor, c.Cart, statuses)));
        var seconds = clock.Elapsed.TotalSeconds;
        await ending.CancelAsync();
        await reading;

        Console.WriteLine($"  {Checkouts} checkouts in {seconds:0.0} s; answers: {string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{(int)s.Key} × {s.Value}"))}; {pace.Milliseconds.Count} reads");
        return pace.Faults.Count > 0
            ? throw new InvalidOperationException($"{pace.Faults.Count} reads of the other studio failed: {pace.Faults.First()}")
            : [new Row($"another studio's list while {Checkouts} visitors check out at once (PostgreSQL), p99 ms", Report.Percentile(pace.Milliseconds, 0.99), "limit", MostMilliseconds)];
    }

    private static async Task<List<(HttpClient Visitor, JsonNode Cart)>> CartsAsync(Shop shop, int count)
    {
        var carts = new List<(HttpClient, JsonNode)>();
        for (var i = 0; i < count; i++)
        {
            var visitor = await shop.AnotherVisitorAsync();
            var cart = await Shop.PostAsync(visitor, $"/v1/galleries/{shop.GalleryId}/carts", new { });
            carts.Add((visitor, await Shop.PostAsync(visitor, $"/v1/carts/{cart["id"]}/items", new { photoId = shop.PhotoIds[0], productId = shop.ProductId, options = new { }, quantity = 1 })));
        }

        return carts;
    }

    private static async Task CheckOutAsync(HttpClient visitor, JsonNode cart, ConcurrentDictionary<HttpStatusCode, int> statuses)
    {
        using var sending = visitor;
        var key = Guid.NewGuid().ToString("N");
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/carts/{cart["id"]}/checkout")
            {
                Content = JsonContent.Create(new { email = "bench@example.com", name = "Bench", expectedTotal = cart["total"] }),
            };
            request.Headers.Add("Idempotency-Key", key);
            using var answer = await sending.SendAsync(request);
            statuses.AddOrUpdate(answer.StatusCode, 1, (_, count) => count + 1);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || answer.Headers.RetryAfter?.Delta is not { } wait || attempt == 100)
            {
                throw new InvalidOperationException($"{(int)answer.StatusCode} at attempt {attempt}: {await answer.Content.ReadAsStringAsync()}");
            }

            // As the SDKs do: not all at the same moment again.
            await Task.Delay(wait * (0.5 + Random.Shared.NextDouble()));
        }
    }
}
