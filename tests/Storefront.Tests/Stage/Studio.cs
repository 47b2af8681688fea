using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Proofsheet.Storefront.Tests.Stage;

/// <summary>A gallery, with what the tests know about it.</summary>
/// <param name="Files">The names of its photos in the visitors' order.</param>
internal sealed record GalleryOnStage(string Id, string Slug, string Title, IReadOnlyList<string> Files);

/// <summary>A studio with prices and galleries in every state that a visitor can see, created through the API.</summary>
internal sealed class Studio(ApiClient api, string publishableKey) : IDisposable
{
    public const string Name = "Anna Lindqvist Photography";
    public const string Pin = "204816";
    public const int PickLimit = 3;
    public const string DiscountCode = "THANKYOU";

    public ApiClient Api => api;

    public string PublishableKey => publishableKey;

    /// <summary>Protected by the PIN, in two sections, with a limit on picks.</summary>
    public GalleryOnStage Proofs { get; private set; } = null!;

    /// <summary>Public, so that the studio's storefront shows it.</summary>
    public GalleryOnStage Public { get; private set; } = null!;

    public GalleryOnStage Empty { get; private set; } = null!;

    public GalleryOnStage Expired { get; private set; } = null!;

    public static async Task<Studio> OpenAsync(Uri address, string platformKey, Uri storefront, IReadOnlyList<string> pictures)
    {
        using var platform = new ApiClient(address, platformKey);
        var made = await platform.PostAsync("/v1/studios", new { name = Name, slug = "anna-lindqvist", currency = "EUR", country = "SE", timeZone = "Europe/Stockholm" });
        var api = new ApiClient(address, made["secretKey"]!["secret"]!.GetValue<string>());
        var key = await api.PostAsync("/v1/keys", new { name = "Storefront", type = "publishable", origins = new[] { storefront.GetLeftPart(UriPartial.Authority) } });
        var studio = new Studio(api, key["secret"]!.GetValue<string>());
        await studio.BrandAsync();
        await studio.PriceAsync();
        // A gallery can only be created with an expiry in the future; this one has expired long before a test looks at it.
        studio.Expired = await studio.PublishAsync(await studio.GalleryAsync("Last summer", new() { ["isListed"] = false, ["expiresAt"] = DateTimeOffset.UtcNow.AddSeconds(25) }));
        studio.Empty = await studio.PublishAsync(await studio.GalleryAsync("Coming soon", new() { ["isListed"] = false }));
        studio.Proofs = await studio.ProofsAsync(pictures.Take(9).ToList());
        studio.Public = await studio.PublicAsync(pictures.Skip(9).ToList());
        return studio;
    }

    /// <summary>A gallery without photos for one test alone.</summary>
    public async Task<GalleryOnStage> OwnGalleryAsync(string title, string pin) =>
        await PublishAsync(await GalleryAsync(title, new() { ["requires"] = "pin", ["pin"] = pin }));

    /// <summary>A gallery without a lock for one test alone, whose photos may be downloaded by these rules.</summary>
    public async Task<GalleryOnStage> DownloadableAsync(string title, IEnumerable<string> pictures, object rules)
    {
        var gallery = await GalleryAsync(title, new() { ["isListed"] = false, ["presentation"] = new JsonObject { ["layout"] = "grid" } });
        await api.PatchAsync($"/v1/galleries/{gallery["id"]}/download-rules", rules);
        await UploadAsync($"/v1/galleries/{gallery["id"]}", pictures);
        return await PublishAsync(gallery);
    }

    public void Dispose() => api.Dispose();

    private async Task BrandAsync()
    {
        await api.PatchAsync("/v1/studio/branding", new
        {
            tagline = "Weddings and quiet places",
            primaryColor = "#3d4a3f",
            accentColor = "#a8552d",
            backgroundColor = "#fbf9f5",
            textColor = "#22261f",
            headingFont = "Garamond",
            bodyFont = "Avenir",
            welcomeText = "Here are your photographs. Take your time, pick the ones you love, and write to me about anything.",
            footerText = "Anna Lindqvist, Stockholm",
            contactEmail = "anna@example.com",
        });
        await api.PostAsync("/v1/watermarks", new
        {
            name = "Proof", type = "text", text = "ANNA LINDQVIST", position = "bottom_right", opacity = 55, sizePercent = 26, color = "#ffffff", isDefault = true,
        });
    }

    private async Task PriceAsync()
    {
        var paper = new { name = "Paper", values = new[] { "Matte", "Lustre" } };
        var web = await ProductAsync(new { name = "Web file", description = "2048 pixels, for screens.", type = "digital", options = Array.Empty<object>(), digital = new { size = "web" } });
        var full = await ProductAsync(new { name = "Original file", description = "Full resolution, as taken.", type = "digital", options = Array.Empty<object>(), digital = new { size = "full" } });
        var print = await ProductAsync(new { name = "Print 15 × 10 cm", description = "On heavy photographic paper.", type = "print", options = new[] { paper }, print = new { widthMm = 150, heightMm = 100 } });
        var square = await ProductAsync(new { name = "Square print 20 × 20 cm", description = "Museum-grade pigment print.", type = "print", options = new[] { paper }, print = new { widthMm = 200, heightMm = 200 } });
        var sheet = await api.PostAsync("/v1/price-sheets", new { name = "Standard", isDefault = true });
        await api.PutAsync($"/v1/price-sheets/{sheet["id"]}/prices", new
        {
            prices = new[]
            {
                Price(full, 3500), Price(web, 1200), Price(print, 450, "Matte"), Price(print, 500, "Lustre"), Price(square, 2900, "Matte"), Price(square, 3300, "Lustre"),
            },
        });
        await api.PostAsync("/v1/discounts", new { code = DiscountCode, type = "percent", percent = 10 });
        await api.PutAsync("/v1/commerce-settings", new
        {
            taxName = "VAT",
            taxBasisPoints = 2500,
            isTaxIncluded = true,
            shippingMethods = new[]
            {
                new { id = "standard", name = "Post", price = Euro(590), description = "3 to 5 working days" },
                new { id = "express", name = "Express", price = Euro(1290), description = "Next working day" },
            },
            downloadDays = 30,
            downloadsPerFile = 10,
        });
    }

    private async Task<string> ProductAsync(object product) => (await api.PostAsync("/v1/products", product))["id"]!.GetValue<string>();

    private static object Price(string productId, int cents, string? paper = null) =>
        new { productId, options = paper is null ? [] : new Dictionary<string, string> { ["Paper"] = paper }, price = Euro(cents) };

    private static object Euro(int cents) => new { amount = cents, currency = "EUR" };

    private async Task<GalleryOnStage> ProofsAsync(IReadOnlyList<string> pictures)
    {
        var gallery = await GalleryAsync("Elin & Jonas", new()
        {
            ["requires"] = "pin", ["pin"] = Pin, ["presentation"] = new JsonObject { ["layout"] = "masonry" }, ["pickLimit"] = PickLimit,
            ["description"] = "Skeppsholmen, a long evening in August.", ["eventDate"] = "2026-08-22",
        });
        var path = $"/v1/galleries/{gallery["id"]}";
        var before = await api.PostAsync($"{path}/sections", new { title = "The day before" });
        var day = await api.PostAsync($"{path}/sections", new { title = "The day", description = "From the first light to the last dance." });
        await UploadAsync(path, pictures.Take(2));
        await UploadAsync($"{path}/photos?sectionId={before["id"]}", pictures.Skip(2).Take(3), whole: true);
        await UploadAsync($"{path}/photos?sectionId={day["id"]}", pictures.Skip(5), whole: true);
        return await PublishAsync(gallery);
    }

    private async Task<GalleryOnStage> PublicAsync(IReadOnlyList<string> pictures)
    {
        var gallery = await GalleryAsync("Quiet places", new() { ["isListed"] = true, ["presentation"] = new JsonObject { ["layout"] = "rows", ["theme"] = "dark" }, ["eventDate"] = "2026-05-03" });
        await UploadAsync($"/v1/galleries/{gallery["id"]}", pictures);
        return await PublishAsync(gallery);
    }

    private async Task<JsonNode> GalleryAsync(string title, Dictionary<string, object> more) =>
        await api.PostAsync("/v1/galleries", new Dictionary<string, object>(more) { ["title"] = title });

    private async Task UploadAsync(string path, IEnumerable<string> files, bool whole = false)
    {
        using var form = new MultipartFormDataContent();
        foreach (var file in files)
        {
            var part = new ByteArrayContent(await File.ReadAllBytesAsync(file));
            part.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            form.Add(part, "files", Path.GetFileName(file));
        }

        await api.SendAsync(HttpMethod.Post, whole ? path : $"{path}/photos", form);
    }

    /// <summary>Waits until every photo is ready, sets a cover and publishes.</summary>
    private async Task<GalleryOnStage> PublishAsync(JsonNode gallery)
    {
        var path = $"/v1/galleries/{gallery["id"]}";
        for (var since = DateTime.UtcNow; ; await Task.Delay(250))
        {
            var progress = await api.GetAsync($"{path}/progress");
            if (progress["failedCount"]!.GetValue<int>() > 0 || DateTime.UtcNow - since > TimeSpan.FromMinutes(8))
            {
                throw new InvalidOperationException($"The pictures of '{gallery["title"]}' did not become ready: {progress.ToJsonString()}");
            }

            if (progress["readyCount"]!.GetValue<int>() == progress["photoCount"]!.GetValue<int>())
            {
                break;
            }
        }

        var photos = await api.ListAsync($"{path}/photos?sort=position");
        if (photos.Count > 0)
        {
            await api.PatchAsync(path, new { presentation = new { cover = new { photoId = photos[0]["id"]!.GetValue<string>(), focalX = 0.5, focalY = 0.6 } } });
        }

        await api.PostAsync($"{path}/publish");
        return new GalleryOnStage(
            gallery["id"]!.GetValue<string>(), gallery["slug"]!.GetValue<string>(), gallery["title"]!.GetValue<string>(),
            photos.Select(p => p["currentVersion"]!["fileName"]!.GetValue<string>()).ToList());
    }
}
