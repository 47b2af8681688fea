using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Notifications;
using Proofsheet.Api.Orders.Payments;
using Proofsheet.Api.Payments;
using Proofsheet.Api.Tests.Imaging;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Tests.Support;

/// <summary>
/// One studio with one of everything: a PIN-protected gallery with a section and two ready photos, a visitor with a selection, a cart and a paid
/// order with downloads, a catalog with prices, a discount, a watermark and keys.
/// </summary>
public sealed class World
{
    public const string Pin = "204816";

    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);

    private World(StudioClient studio) => Studio = studio;

    public StudioClient Studio { get; }

    public ApiClient Visitor { get; private set; } = null!;

    /// <summary>The studio's owner, with a token for it.</summary>
    public MemberClient Owner { get; private set; } = null!;

    public string VisitorToken { get; private set; } = "";

    public string GalleryId => Id("galleryId");

    public string Slug { get; private set; } = "";

    public string PublishableKey { get; private set; } = "";

    public string Origin { get; } = "https://anna.example";

    public IReadOnlyDictionary<string, string> Ids => _ids;

    /// <summary>The ID for a path parameter of this name.</summary>
    public string Id(string parameter) => _ids[parameter];

    public static async Task<World> MakeAsync(ApiHost host, string name = "anna", string currency = "USD")
    {
        var world = new World(await host.StudioAsync(name, currency));
        await world.FillAsync(host, currency);
        return world;
    }

    private async Task FillAsync(ApiHost host, string currency)
    {
        var api = Studio.Api;
        PublishableKey = await Studio.PublishableKeyAsync(Origin);
        Keep("keyId", (await api.PostAsync("/v1/keys", new { name = "Server", type = "secret" })).ShouldBe(201)["id"]);
        Keep("watermarkId", (await api.PostAsync("/v1/watermarks", new { name = "Proof", type = "text", text = "PROOF", position = "center", opacity = 40, sizePercent = 30, color = "#ffffff" })).ShouldBe(201)["id"]);

        Owner = await Studio.MemberAsync("owner");
        var editor = await Studio.MemberAsync("editor");
        Keep("studioId", Studio.Id);
        Keep("memberId", (await api.GetAsync("/v1/members")).ShouldBe(200).Body!["data"]!.AsArray().Single(m => m!["subject"]!.GetValue<string>() == editor.Subject)!["id"]!.GetValue<string>());
        Keep("invitationId", (await api.PostAsync("/v1/invitations", new { email = $"{Guid.NewGuid():N}@example.com", role = "viewer" })).ShouldBe(201)["id"]);
        Keep("oAuthClientId", (await api.PostAsync("/v1/oauth-clients", new { name = "Shop", type = "service", scopes = new[] { "galleries:read" } })).ShouldBe(201)["id"]);

        var gallery = (await api.PostAsync("/v1/galleries", new { title = "Lena & Tom", requires = "pin", pin = Pin, watermarkId = Id("watermarkId") })).ShouldBe(201);
        Keep("galleryId", gallery["id"]);
        Slug = gallery["slug"];
        Keep("slug", Slug);
        Keep("sectionId", (await api.PostAsync($"/v1/galleries/{GalleryId}/sections", new { title = "Ceremony" })).ShouldBe(201)["id"]);
        await UploadAsync("first.jpg", 1);
        Keep("photoId", Uploaded);
        await UploadAsync("second.jpg", 2);
        Keep("secondPhotoId", Uploaded);
        (await api.PostAsync($"/v1/galleries/{GalleryId}/publish")).ShouldBe(200);
        await AnnounceAsync();

        await PriceAsync(currency);
        var unlocked = (await host.Client(PublishableKey, Origin).PostAsync($"/v1/storefront/galleries/{Slug}/unlock", new { pin = Pin, visitorName = "Lena", visitorEmail = "lena@example.com" })).ShouldBe(200);
        VisitorToken = unlocked["token"];
        Keep("visitorId", unlocked["visitorId"]);
        Keep("sessionId", unlocked["sessionId"]);
        Keep("clientId", (await api.PostAsync("/v1/clients", new { name = "Lena", emails = new[] { "lena@example.com" } })).ShouldBe(201)["id"]);
        Keep("consentId", (await api.PostAsync($"/v1/clients/{Id("clientId")}/consents", new { purpose = "newsletter", channel = "email", wording = "Send me news." })).ShouldBe(201)["id"]);
        Keep("galleryInvitationId", (await api.PostAsync($"/v1/galleries/{GalleryId}/invitations", new { clientId = Id("clientId"), isEmailed = false })).ShouldBe(201)["id"]);
        Visitor = host.Client(VisitorToken, Origin);
        Keep("selectionId", (await Visitor.PostAsync($"/v1/galleries/{GalleryId}/selections", new { name = "Favorites" })).ShouldBe(201)["id"]);
        (await Visitor.PutAsync($"/v1/selections/{Id("selectionId")}/picks/{Id("photoId")}", new { })).ShouldBe(200);
        await BuyAsync();
        (await api.PatchAsync($"/v1/galleries/{GalleryId}/download-rules", new { allowsDownloads = true, sizes = new[] { "full" } })).ShouldBe(200);
        Keep("downloadId", (await Visitor.PostAsync($"/v1/galleries/{GalleryId}/downloads", new { size = "full", photoIds = new[] { Id("photoId") } })).ShouldBe(201)["id"]);
        Keep("exportId", (await api.PostAsync($"/v1/galleries/{GalleryId}/exports")).ShouldBe(202)["id"]);
        await ApiHost.EventuallyAsync(async () => (await api.GetAsync($"/v1/exports/{Id("exportId")}"))["status"] == "ready", "the export is ready");
        await QuietAsync(host);
    }

    /// <summary>
    /// The provider's notice and everything that follows from it happen after the responses above. A test that compares the studio's rows before and after
    /// must not see them in between.
    /// </summary>
    private async Task QuietAsync(ApiHost host)
    {
        await ApiHost.EventuallyAsync(
            () => host.InScopeAsync(Studio.Id, services => services.GetRequiredService<ProofsheetDb>().Set<PaymentNotice>().AnyAsync(n => n.Kind == PaymentEventKind.Succeeded)),
            "the payment's notice came");
        await host.QuietAsync(Studio.Id);
        Keep("mailId", await UndeliveredMailAsync(host));
    }

    /// <summary>A mail that could not be sent; the handler behind it is not there any more.</summary>
    private Task<string> UndeliveredMailAsync(ApiHost host) => host.InScopeAsync(Studio.Id, async services =>
    {
        var (db, now) = (services.GetRequiredService<ProofsheetDb>(), host.Clock.GetUtcNow());
        var mail = new MailRecord
        {
            Id = Id<MailRecord>.New(now), About = "world", Kind = "order-confirmation", Address = "client@example.com", Subject = "Your order", Status = MailStatus.Failed, CreatedAt = now, At = now,
            Failure = "No such mailbox.", Event = "world.happened", Handler = "world.tell", Payload = "{}",
        };
        db.Add(mail);
        await db.SaveChangesAsync();
        return mail.Id.ToString();
    });

    private string Uploaded { get; set; } = "";

    private async Task UploadAsync(string fileName, int seed)
    {
        using var form = new MultipartFormDataContent();
        var file = new ByteArrayContent(TestPictures.Jpeg(640, 480, seed));
        file.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        form.Add(file, "files", fileName);
        var answer = (await Studio.Api.PostAsync($"/v1/galleries/{GalleryId}/photos", form)).ShouldBe(201);
        Uploaded = answer.Body!["results"]![0]!["photo"]!["id"]!.GetValue<string>();
        var id = Uploaded;
        await ApiHost.EventuallyAsync(async () => (await Studio.Api.GetAsync($"/v1/photos/{id}"))["status"] == "ready", $"{fileName} is ready");
    }

    /// <summary>A batch of one file whose bytes are never sent.</summary>
    private async Task AnnounceAsync()
    {
        var batch = (await Studio.Api.PostAsync($"/v1/galleries/{GalleryId}/upload-batches", new { files = new[] { new { path = "third.jpg", bytes = 1_000 } } })).ShouldBe(201);
        Keep("batchId", batch["id"]);
        Keep("uploadId", batch.Body!["files"]![0]!["uploadId"]!.GetValue<string>());
    }

    private async Task PriceAsync(string currency)
    {
        var api = Studio.Api;
        Keep("productId", (await api.PostAsync("/v1/products", new { name = "Digital file", type = "digital", options = Array.Empty<object>(), digital = new { size = "full" } })).ShouldBe(201)["id"]);
        Keep("printId", (await api.PostAsync("/v1/products", new
        {
            name = "Print",
            type = "print",
            options = new[] { new { name = "Paper", values = new[] { "Matte", "Glossy" } } },
            print = new { widthMm = 300, heightMm = 200 },
        })).ShouldBe(201)["id"]);
        Keep("priceSheetId", (await api.PostAsync("/v1/price-sheets", new { name = "Standard", isDefault = true })).ShouldBe(201)["id"]);
        (await api.PutAsync($"/v1/price-sheets/{Id("priceSheetId")}/prices", new
        {
            prices = new object[]
            {
                new { productId = Id("productId"), options = new { }, price = new { amount = 2_500, currency } },
                new { productId = Id("printId"), options = new { Paper = "Matte" }, price = new { amount = 1_900, currency } },
                new { productId = Id("printId"), options = new { Paper = "Glossy" }, price = new { amount = 2_100, currency } },
            },
        })).ShouldBe(200);
        Keep("discountId", (await api.PostAsync("/v1/discounts", new { code = "SPRING", type = "percent", percent = 10 })).ShouldBe(201)["id"]);
    }

    private async Task BuyAsync()
    {
        var cart = (await Visitor.PostAsync($"/v1/galleries/{GalleryId}/carts")).ShouldBe(201);
        Keep("cartId", cart["id"]);
        var filled = (await Visitor.PostAsync($"/v1/carts/{Id("cartId")}/items", new { photoId = Id("photoId"), productId = Id("productId"), options = new { }, quantity = 1 })).ShouldBe(201);
        Keep("itemId", filled.Body!["items"]![0]!["id"]!.GetValue<string>());

        var second = (await Visitor.PostAsync($"/v1/galleries/{GalleryId}/carts")).ShouldBe(201)["id"];
        var bought = (await Visitor.PostAsync($"/v1/carts/{second}/items", new { photoId = Id("photoId"), productId = Id("productId"), options = new { }, quantity = 1 })).ShouldBe(201);
        var checkout = (await Visitor.PostAsync($"/v1/carts/{second}/checkout", new { email = "lena@example.com", name = "Lena", expectedTotal = bought.Body!["total"]!.DeepClone() })).ShouldBe(201);
        Keep("orderId", checkout["order.id"]);
        Keep("orderItemId", checkout.Body!["order"]!["items"]![0]!["id"]!.GetValue<string>());
        Keep("paymentId", checkout["payment.id"]);
        (await Visitor.PostAsync($"/v1/orders/{Id("orderId")}/payments", new { paymentToken = "tok_success" })).ShouldBe(200);
        await ApiHost.EventuallyAsync(
            async () =>
            {
                var downloads = await Studio.Api.GetAsync($"/v1/orders/{Id("orderId")}/downloads");
                if (downloads.Status != 200 || downloads.Body!["data"]!.AsArray().Count == 0)
                {
                    return false;
                }

                Keep("grantId", downloads.Body["data"]![0]!["grantId"]!.GetValue<string>());
                return true;
            },
            "the paid file can be downloaded");
    }

    private void Keep(string name, string id) => _ids[name] = id;

    /// <summary>The ID of this world with the prefix, for bodies generated from a schema.</summary>
    public string? OfPrefix(string prefix) => _ids.Values.FirstOrDefault(id => id.StartsWith(prefix + "_", StringComparison.Ordinal));
}
