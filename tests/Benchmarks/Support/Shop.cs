using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Proofsheet.DemoPictures;

namespace Proofsheet.Benchmarks.Support;

/// <summary>A studio with a published gallery and prices, created through the API of the measured server.</summary>
internal sealed class Shop : IDisposable
{
    public const string PlatformKey = "ps_platform_benchmarks";

    private readonly Server _server;
    private readonly string _publishableKey;
    private readonly string _slug;

    private Shop(Server server, string publishableKey, string slug, HttpClient studio, HttpClient visitor, string galleryId, string productId, IReadOnlyList<string> photoIds) =>
        (_server, _publishableKey, _slug, Studio, Visitor, GalleryId, ProductId, PhotoIds) = (server, publishableKey, slug, studio, visitor, galleryId, productId, photoIds);

    public static string PlatformKeyHash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PlatformKey)));

    public HttpClient Studio { get; }

    public HttpClient Visitor { get; }

    public string GalleryId { get; }

    public string ProductId { get; }

    public IReadOnlyList<string> PhotoIds { get; }

    public static async Task<Shop> OpenAsync(Server server, IEnumerable<byte[]> pictures)
    {
        using var platform = Client(server, PlatformKey);
        var made = await PostAsync(platform, "/v1/studios", new { name = "Bench", slug = $"bench-{Guid.NewGuid():N}"[..20], currency = "EUR" });
        var studio = Client(server, made["secretKey"]!["secret"]!.GetValue<string>());
        var key = await PostAsync(studio, "/v1/keys", new { name = "Shop", type = "publishable", origins = new[] { "https://bench.example" } });
        var gallery = await PostAsync(studio, "/v1/galleries", new { title = "Bench", isListed = false });
        var galleryId = gallery["id"]!.GetValue<string>();
        var photoIds = new List<string>();
        foreach (var picture in pictures)
        {
            using var form = new MultipartFormDataContent();
            var file = new ByteArrayContent(picture);
            file.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            form.Add(file, "files", $"{photoIds.Count:0000}.jpg");
            using var answer = await studio.PostAsync($"/v1/galleries/{galleryId}/photos", form);
            photoIds.Add((await ReadAsync(answer))["results"]![0]!["photo"]!["id"]!.GetValue<string>());
        }

        while ((await GetAsync(studio, $"/v1/galleries/{galleryId}/progress"))["readyCount"]!.GetValue<int>() < photoIds.Count)
        {
            await Task.Delay(100);
        }

        await PostAsync(studio, $"/v1/galleries/{galleryId}/publish", new { });
        var product = await PostAsync(studio, "/v1/products", new { name = "File", type = "digital", options = Array.Empty<object>(), digital = new { size = "full" } });
        var productId = product["id"]!.GetValue<string>();
        var sheet = await PostAsync(studio, "/v1/price-sheets", new { name = "Standard", isDefault = true });
        using var put = await studio.PutAsJsonAsync($"/v1/price-sheets/{sheet["id"]}/prices", new { prices = new[] { new { productId, options = new { }, price = new { amount = 1000, currency = "EUR" } } } });
        await ReadAsync(put);
        using var settings = await studio.PutAsJsonAsync("/v1/commerce-settings", new
        {
            taxName = "VAT", taxBasisPoints = 0, isTaxIncluded = true, shippingMethods = Array.Empty<object>(), downloadDays = 30, downloadsPerFile = 100,
        });
        await ReadAsync(settings);
        var (publishableKey, slug) = (key["secret"]!.GetValue<string>(), gallery["slug"]!.GetValue<string>());
        return new Shop(server, publishableKey, slug, studio, await UnlockAsync(server, publishableKey, slug), galleryId, productId, photoIds);
    }

    /// <summary>A further visitor of the gallery.</summary>
    public Task<HttpClient> AnotherVisitorAsync() => UnlockAsync(_server, _publishableKey, _slug);

    private static async Task<HttpClient> UnlockAsync(Server server, string publishableKey, string slug)
    {
        using var front = Client(server, publishableKey);
        var visit = await PostAsync(front, $"/v1/storefront/galleries/{slug}/unlock", new { });
        return Client(server, visit["token"]!.GetValue<string>());
    }

    /// <summary>Uploads one more photo to the gallery and does not wait until it is ready.</summary>
    public async Task UploadAsync(int number, byte[] jpeg)
    {
        using var form = new MultipartFormDataContent();
        var part = new ByteArrayContent(jpeg);
        part.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        form.Add(part, "files", $"IMG_{number:0000}.jpg");
        using var answer = await Studio.PostAsync($"/v1/galleries/{GalleryId}/photos", form);
        var outcome = (await ReadAsync(answer))["results"]![0]!["outcome"]!.GetValue<string>();
        if (outcome != "accepted")
        {
            throw new InvalidOperationException($"{number}: {outcome}");
        }
    }

    /// <summary>How many photos of the gallery are ready.</summary>
    public async Task<int> ReadyCountAsync() => (await GetAsync(Studio, $"/v1/galleries/{GalleryId}/progress"))["readyCount"]!.GetValue<int>();

    public static IEnumerable<byte[]> Pictures(int count) => Enumerable.Range(0, count).Select(n => PaintedPictures.Make(n).Jpeg);

    /// <summary>Orders one digital file of each photo and pays with the test card that succeeds.</summary>
    public async Task<JsonNode> BuyAsync(IEnumerable<string> photoIds)
    {
        var cart = await PostAsync(Visitor, $"/v1/galleries/{GalleryId}/carts", new { });
        foreach (var photoId in photoIds)
        {
            cart = await PostAsync(Visitor, $"/v1/carts/{cart["id"]}/items", new { photoId, productId = ProductId, options = new { }, quantity = 1 });
        }

        var checkout = await PostAsync(Visitor, $"/v1/carts/{cart["id"]}/checkout", new { email = "bench@example.com", name = "Bench", expectedTotal = cart["total"] });
        var orderId = checkout["order"]!["id"]!.GetValue<string>();
        await PostAsync(Visitor, $"/v1/orders/{orderId}/payments", new { paymentToken = "tok_success" });
        return checkout["order"]!;
    }

    public static async Task<JsonNode> GetAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path);
        return await ReadAsync(answer);
    }

    public static async Task<JsonNode> PostAsync(HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body);
        return await ReadAsync(answer);
    }

    public void Dispose()
    {
        Studio.Dispose();
        Visitor.Dispose();
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(text.Length == 0 ? "{}" : text)!
            : throw new InvalidOperationException($"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri}: {(int)answer.StatusCode} {text}");
    }

    private static HttpClient Client(Server server, string key)
    {
        var http = new HttpClient { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }
}
