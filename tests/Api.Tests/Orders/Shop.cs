using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Tests.Orders;

/// <summary>A studio that sells: a gallery with a visitor, prints at 15.00, web files at 9.00, full files at 29.00, 19 % VAT included, shipping 6.90.</summary>
public sealed record Shop(ApiHost Host, StudioClient Studio, GalleryClient Gallery, VisitorClient Visitor, string Print, string Web, string Full, string Sheet, string Currency)
{
    public const long PrintPrice = 1500;
    public const long WebPrice = 900;
    public const long FullPrice = 2900;

    public ApiClient Api => Visitor.Api;

    public static async Task<Shop> OpenAsync(ApiHost host, string currency = "EUR")
    {
        var studio = await host.StudioAsync("anna", currency);
        var print = (await studio.Api.PostAsync("/v1/products", new { name = "Print", type = "print", options = new[] { new { name = "paper", values = new[] { "matt", "glossy" } } }, print = new { widthMm = 130, heightMm = 180 } })).ShouldBe(201)["id"];
        var web = (await studio.Api.PostAsync("/v1/products", new { name = "Web file", type = "digital", digital = new { size = "web" } })).ShouldBe(201)["id"];
        var full = (await studio.Api.PostAsync("/v1/products", new { name = "Full file", type = "digital", digital = new { size = "full" } })).ShouldBe(201)["id"];
        var sheet = (await studio.Api.PostAsync("/v1/price-sheets", new { name = "Standard", isDefault = true })).ShouldBe(201)["id"];
        (await studio.Api.PutAsync("/v1/commerce-settings", new
        {
            taxName = "VAT", taxBasisPoints = 1900, isTaxIncluded = true, downloadDays = 14, downloadsPerFile = 3,
            shippingMethods = new[] { new { id = "post", name = "Post", price = new { amount = 690, currency } } },
        })).ShouldBe(200);
        var gallery = await studio.GalleryAsync();
        var shop = new Shop(host, studio, gallery, await gallery.VisitorAsync(), print, web, full, sheet, currency);
        await shop.PriceAsync(PrintPrice, WebPrice, FullPrice);
        return shop;
    }

    public async Task PriceAsync(long print, long web, long full) => (await Studio.Api.PutAsync($"/v1/price-sheets/{Sheet}/prices", new
    {
        prices = new object[]
        {
            new { productId = Print, options = new { paper = "matt" }, price = new { amount = print, currency = Currency } },
            new { productId = Print, options = new { paper = "glossy" }, price = new { amount = print + 100, currency = Currency } },
            new { productId = Web, price = new { amount = web, currency = Currency } },
            new { productId = Full, price = new { amount = full, currency = Currency } },
        },
    })).ShouldBe(200);

    /// <summary>A ready photo with its files in the store, bypassing the upload, because imaging has its own tests.</summary>
    public Task<string> PhotoAsync(string fileName = "IMG_0001.jpg", int bytes = 5000, string? galleryId = null) => Host.InScopeAsync(Studio.Id, async services =>
    {
        var db = services.GetRequiredService<ProofsheetDb>();
        var store = services.GetRequiredService<IObjectStore>();
        var tenant = Id<Tenant>.Parse(Studio.Id, null);
        var now = Host.Clock.GetUtcNow();
        var id = Id<Photo>.New(now);
        var original = await store.PutAsync(PhotoFiles.Original(tenant, id), new MemoryStream(RandomNumberGenerator.GetBytes(bytes)));
        await store.PutAsync(PhotoFiles.Clean(tenant, id, 1, 2048, RenditionFormat.Jpeg), new MemoryStream(RandomNumberGenerator.GetBytes(bytes / 2)));
        db.Add(new Photo
        {
            Id = id,
            GalleryId = Id<Gallery>.Parse(galleryId ?? Gallery.Id, null),
            CurrentVersionNumber = PhotoVersion.First,
            CurrentVersion = new PhotoVersion
            {
                PhotoId = id,
                Number = PhotoVersion.First,
                FileName = fileName,
                ContentType = "image/jpeg",
                Bytes = original.Length,
                Sha256 = original.Sha256,
                Crc32 = original.Crc32,
                Width = 3000,
                Height = 2000,
                CreatedAt = now,
            },
            SortName = fileName,
            Status = PhotoStatus.Ready,
            StatusChangedAt = now,
            LiveSha256 = original.Sha256,
            Position = 1,
            OrderedAt = now,
            CreatedAt = now,
            RenditionVersion = 1,
            Renditions = [new StoredRendition(2048, 2048, 1365) { Bytes = new Dictionary<RenditionFormat, long> { [RenditionFormat.Jpeg] = bytes / 2, [RenditionFormat.WebP] = bytes / 4 } }],
        });
        await db.SaveChangesAsync();
        return id.ToString();
    });

    public async Task<string> CartAsync(ApiClient? visitor = null) =>
        (await (visitor ?? Api).PostAsync($"{Gallery.Path}/carts")).ShouldBe(201)["id"];

    public Task<ApiAnswer> AddAsync(string cart, string photo, string product, int quantity = 1, string? paper = null, ApiClient? visitor = null) =>
        (visitor ?? Api).PostAsync($"/v1/carts/{cart}/items", new
        {
            photoId = photo,
            productId = product,
            quantity,
            options = product == Print ? new Dictionary<string, string> { ["paper"] = paper ?? "matt" } : [],
        });

    public async Task<string> CartOfAsync(string product, ApiClient? visitor = null, string? photo = null)
    {
        var cart = await CartAsync(visitor);
        (await AddAsync(cart, photo ?? await PhotoAsync(), product, visitor: visitor)).ShouldBe(201);
        if (product == Print)
        {
            (await (visitor ?? Api).PutAsync($"/v1/carts/{cart}/shipping", new { shippingMethodId = "post" })).ShouldBe(200);
        }

        return cart;
    }

    public object CheckoutBody(long total, string? currency = null, string email = "clara@example.com") => new
    {
        email,
        name = "Clara Müller",
        shippingAddress = new { line1 = "Hauptstr. 1", city = "Berlin", postalCode = "10115", country = "DE" },
        note = "Thank you",
        expectedTotal = new { amount = total, currency = currency ?? Currency },
    };

    public Task<ApiAnswer> CheckoutAsync(string cart, long total, ApiClient? visitor = null) =>
        (visitor ?? Api).PostAsync($"/v1/carts/{cart}/checkout", CheckoutBody(total));

    /// <summary>An order for one file at 9.00 that is waiting for its payment.</summary>
    public async Task<string> OrderAsync(string? product = null, string? photo = null)
    {
        var cart = await CartOfAsync(product ?? Web, photo: photo);
        var total = (await Api.GetAsync($"/v1/carts/{cart}")).Amount("total");
        return (await CheckoutAsync(cart, total)).ShouldBe(201)["order.id"];
    }

    public Task<ApiAnswer> PayAsync(string order, string token = "tok_success") => Api.PostAsync($"/v1/orders/{order}/payments", new { paymentToken = token });

    public async Task<string> StateAsync(string order) => (await Studio.Api.GetAsync($"/v1/orders/{order}")).ShouldBe(200)["status"];

    public Task PaidAsync(string order) => ApiHost.EventuallyAsync(
        async () => (await Studio.Api.GetAsync($"/v1/orders/{order}")).Body!["paidAt"] is not null, "the order is paid");

    internal Task<T> InDatabaseAsync<T>(Func<ProofsheetDb, Task<T>> work) => Host.InScopeAsync(Studio.Id, services => work(services.GetRequiredService<ProofsheetDb>()));
}

public static class Amounts
{
    public static long Amount(this ApiAnswer answer, string path) =>
        path.Split('.').Aggregate(answer.Body, (JsonNode? node, string name) => node![name])!["amount"]!.GetValue<long>();
}
