namespace Proofsheet.Api.Tests.Crash;

/// <summary>A studio that is ready to sell, with a client for its software and one for its storefront.</summary>
internal sealed record Shop(CrashSite Site, string StudioId, StubbornClient Studio, StubbornClient Storefront)
{
    public const string DiscountCode = "THANKS10";
    public const string ShippingMethod = "parcel";

    public string FileProduct { get; private init; } = "";

    public string PrintProduct { get; private init; } = "";

    public string Discount { get; private init; } = "";

    public static async Task<Shop> OpenAsync(CrashSite site)
    {
        var made = (await site.Client(site.PlatformKey).PostAsync("/v1/studios", new { name = "Anna", slug = "anna", currency = "EUR" })).ShouldBe(201);
        var studio = site.Client(made["secretKey.secret"]);
        var key = (await studio.PostAsync("/v1/keys", new { name = "Storefront", type = "publishable", origins = new[] { "https://anna.example" } })).ShouldBe(201);

        var file = (await studio.PostAsync("/v1/products", new { name = "File", type = "digital", digital = new { size = "full" } })).ShouldBe(201)["id"];
        var print = (await studio.PostAsync("/v1/products", new { name = "Print", type = "print", print = new { widthMm = 150, heightMm = 100 } })).ShouldBe(201)["id"];
        var sheet = (await studio.PostAsync("/v1/price-sheets", new { name = "All", isDefault = true })).ShouldBe(201)["id"];
        (await studio.PutAsync($"/v1/price-sheets/{sheet}/prices", new { prices = new[] { Price(file, 2900), Price(print, 1250) } })).ShouldBe(200);
        (await studio.PutAsync("/v1/commerce-settings", new
        {
            taxName = "VAT",
            taxBasisPoints = 2000,
            isTaxIncluded = true,
            shippingMethods = new[] { new { id = ShippingMethod, name = "Parcel", price = Euro(590) } },
            downloadDays = 30,
            downloadsPerFile = 5,
        })).ShouldBe(200);
        var discount = (await studio.PostAsync("/v1/discounts", new { code = DiscountCode, type = "percent", percent = 10 })).ShouldBe(201)["id"];
        return new Shop(site, made["studio.id"], studio, site.Client(key["secret"])) { FileProduct = file, PrintProduct = print, Discount = discount };
    }

    public StubbornClient Visitor(string token) => Site.Client(token);

    private static object Price(string productId, int cents) => new { productId, price = Euro(cents) };

    private static object Euro(int cents) => new { amount = cents, currency = "EUR" };
}
