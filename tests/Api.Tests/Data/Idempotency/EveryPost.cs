using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Studios.Members;
using Proofsheet.Api.Tests.Imaging;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Tests.Data.Idempotency;

/// <summary>A request that succeeds with 2xx. The body is created for each sending, as a retrying client would do.</summary>
/// <param name="Expected">409 when the test's host cannot do what is requested; such a response is not stored.</param>
internal sealed record PostCase(ApiClient Client, string Path, Func<HttpContent>? Body, int Expected = 0);

/// <summary>One valid request for each POST of the document, in an order in which each still has what it needs.</summary>
internal sealed class EveryPost(ApiHost api, World world)
{
    private ApiClient Studio => world.Studio.Api;

    private ApiClient Visitor => world.Visitor;

    private string Gallery => $"/v1/galleries/{world.GalleryId}";

    private static string Unique => Guid.NewGuid().ToString("N")[..12];

    /// <summary>By operation ID. Each one creates what its request needs when it is called.</summary>
    public IReadOnlyDictionary<string, Func<Task<PostCase>>> Cases => new Dictionary<string, Func<Task<PostCase>>>(new VisitorPosts(api, world).Cases, StringComparer.Ordinal)
    {
        ["CreateCart"] = () => Of(Visitor, $"{Gallery}/carts"),
        ["AddCartItem"] = async () => await Of(Visitor, $"/v1/carts/{await CartAsync()}/items", new { photoId = world.Id("photoId"), productId = world.Id("productId"), options = new { }, quantity = 1 }),
        ["RefreshCart"] = async () => await Of(Visitor, $"/v1/carts/{await CartAsync(filled: true)}/refresh"),
        ["Checkout"] = CheckoutAsync,
        ["PayOrder"] = async () => await Of(Visitor, $"/v1/orders/{(await OrderAsync()).OrderId}/payments", new { paymentToken = "tok_success" }),
        ["ResendMail"] = () => Of(Studio, $"/v1/undelivered-mails/{world.Id("mailId")}/resend"),
        ["CancelOrder"] = async () => await Of(Studio, $"/v1/orders/{(await OrderAsync()).OrderId}/cancel"),
        ["CreateSimulatorToken"] = () => Of(Visitor, "/v1/payments/simulator/tokens", new { number = "4242424242424242", expiryMonth = 12, expiryYear = 2090, cvc = "123" }),
        ["AuthenticateSimulatorPayment"] = async () => await Of(Visitor, $"/v1/payments/simulator/{(await OrderAsync(pay: "tok_authentication")).PaymentId}/authenticate", new { isApproved = true }),
        ["RequestDownload"] = () => Of(Visitor, $"{Gallery}/downloads", new { size = "full", photoIds = new[] { world.Id("secondPhotoId") } }),
        ["CreateExport"] = () => Of(Studio, $"{Gallery}/exports"),
        ["CreateProduct"] = () => Of(Studio, "/v1/products", new { name = $"File {Unique}", type = "digital", options = Array.Empty<object>(), digital = new { size = "full" } }),
        ["CreatePriceSheet"] = () => Of(Studio, "/v1/price-sheets", new { name = $"Sheet {Unique}", isDefault = false }),
        ["CreateDiscount"] = () => Of(Studio, "/v1/discounts", new { code = $"C{Unique}".ToUpperInvariant(), type = "percent", percent = 10 }),
        ["CreateGallery"] = () => Of(Studio, "/v1/galleries", new { title = "Another", requires = "pin", pin = "135790" }),
        ["PublishGallery"] = async () => await Of(Studio, $"{await GalleryAsync()}/publish"),
        ["UnpublishGallery"] = async () => await Of(Studio, $"{await GalleryAsync("publish")}/unpublish"),
        ["ArchiveGallery"] = async () => await Of(Studio, $"{await GalleryAsync("publish")}/archive"),
        ["RestoreGallery"] = async () => await Of(Studio, $"{await DeletedGalleryAsync()}/restore"),
        ["CreateKey"] = () => Of(Studio, "/v1/keys", new { name = "Server", type = "secret" }),
        ["RotateKey"] = () => Of(Studio, $"/v1/keys/{world.Id("keyId")}/rotate", new { graceHours = 1 }),
        ["InviteMember"] = () => Of(Studio, "/v1/invitations", new { email = $"{Unique}@example.com", role = "viewer" }),
        ["ResendInvitation"] = async () => await Of(Studio, $"/v1/invitations/{await OldInvitationAsync()}/resend"),
        ["AcceptInvitation"] = AcceptInvitationAsync,
        ["CreateOAuthClient"] = () => Of(Studio, "/v1/oauth-clients", new { name = "Job", type = "service", scopes = new[] { "galleries:read" } }),
        ["RotateOAuthClientSecret"] = () => Of(Studio, $"/v1/oauth-clients/{world.Id("oAuthClientId")}/rotate-secret"),
        ["CreateStudio"] = () => Of(api.Platform, "/v1/studios", new { name = "Ben", slug = $"ben-{Unique}", currency = "USD" }),
        ["CreateSection"] = () => Of(Studio, $"{Gallery}/sections", new { title = "Party" }),
        ["ReorderSections"] = async () => await Of(Studio, $"{Gallery}/sections/reorder", new { sectionIds = (await Studio.GetAsync($"{Gallery}/sections")).ShouldBe(200).Body!["data"]!.AsArray().Select(s => s!["id"]!.GetValue<string>()).Reverse() }),
        ["CreateSelection"] = () => Of(Visitor, $"{Gallery}/selections", new { name = $"List {Unique}" }),
        ["SubmitSelection"] = () => Of(Visitor, $"/v1/selections/{world.Id("selectionId")}/submit"),
        ["LockSelection"] = () => Of(Studio, $"/v1/selections/{world.Id("selectionId")}/lock"),
        ["ReopenSelection"] = () => Of(Studio, $"/v1/selections/{world.Id("selectionId")}/reopen"),
        ["UnlockGallery"] = () => Of(api.Client(world.PublishableKey, world.Origin), $"/v1/storefront/galleries/{world.Slug}/unlock", new { pin = World.Pin, visitorName = "Tom" }),
        ["UploadPhotos"] = () => Of(Studio, $"{Gallery}/photos", Files(TestPictures.Jpeg(64, 48, 91), [1, 2, 3])),
        ["CreateUpload"] = CreateUploadAsync,
        // The disk store takes no direct uploads, which these two are about; DirectUploadTests send them twice on stores that do.
        ["CompleteUpload"] = async () => await Of(Studio, $"/v1/uploads/{world.Id("uploadId")}/complete") with { Expected = 409 },
        ["CreateDirectUpload"] = async () => await Of(Studio, $"/v1/uploads/{world.Id("uploadId")}/direct", new { }) with { Expected = 409 },
        ["CreateUploadBatch"] = () => Of(Studio, $"{Gallery}/upload-batches", new { files = new[] { new { path = $"{Unique}.jpg", bytes = 1_000 } } }),
        ["ReorderPhotos"] = () => Of(Studio, $"{Gallery}/photos/reorder", new { photoIds = new[] { world.Id("secondPhotoId") }, before = world.Id("photoId") }),
        ["RetryPhoto"] = async () => await Of(Studio, $"/v1/photos/{await FailedPhotoAsync()}/retry"),
        ["RestorePhoto"] = async () => await Of(Studio, $"/v1/photos/{await DeletedPhotoAsync()}/restore"),
        ["CreateWatermark"] = () => Of(Studio, "/v1/watermarks", new { name = $"Mark {Unique}", type = "text", text = "PROOF", position = "center", opacity = 40, sizePercent = 30, color = "#ffffff" }),
        ["ReplayDeadLetter"] = async () => await Of(api.Platform, $"/v1/platform/dead-letters/{await DeadLetterAsync()}/replay"),
    };

    /// <summary>Files as a browser sends them: each form has its own boundary.</summary>
    public static Func<HttpContent> Files(params byte[][] files) => () =>
    {
        var form = new MultipartFormDataContent();
        foreach (var (bytes, number) in files.Select((bytes, number) => (bytes, number)))
        {
            var file = new ByteArrayContent(bytes);
            file.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            form.Add(file, "files", $"{number}.jpg");
        }

        return form;
    };

    public static Task<PostCase> Of(ApiClient client, string path, object? body = null) => Task.FromResult(new PostCase(client, path, body switch
    {
        null => null,
        Func<HttpContent> made => made,
        _ => () => new StringContent(JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, "application/json"),
    }));

    private async Task<string> CartAsync(bool filled = false, string product = "productId", object? options = null)
    {
        var cart = (await Visitor.PostAsync($"{Gallery}/carts")).ShouldBe(201)["id"];
        if (filled)
        {
            (await Visitor.PostAsync($"/v1/carts/{cart}/items", new { photoId = world.Id("photoId"), productId = world.Id(product), options = options ?? new { }, quantity = 1 })).ShouldBe(201);
        }

        return cart;
    }

    private async Task<PostCase> CheckoutAsync()
    {
        var cart = await CartAsync(filled: true);
        var total = (await Visitor.GetAsync($"/v1/carts/{cart}")).ShouldBe(200).Body!["total"]!;
        return await Of(Visitor, $"/v1/carts/{cart}/checkout", new { email = "lena@example.com", name = "Lena", expectedTotal = total });
    }

    private async Task<(string OrderId, string PaymentId)> OrderAsync(string product = "productId", object? options = null, string? pay = null)
    {
        if (product == "printId")
        {
            // A cart offers the shipping methods that existed when it was created.
            (await Studio.PutAsync("/v1/commerce-settings", new { taxName = "VAT", taxBasisPoints = 1900, isTaxIncluded = true, downloadDays = 14, downloadsPerFile = 3, shippingMethods = new[] { new { id = "post", name = "Post", price = new { amount = 690, currency = "USD" } } } })).ShouldBe(200);
        }

        var cart = await CartAsync(filled: true, product, options);
        object? address = product == "printId" ? new { line1 = "Hauptstr. 1", city = "Berlin", postalCode = "10115", country = "DE" } : null;
        if (address is not null)
        {
            (await Visitor.PutAsync($"/v1/carts/{cart}/shipping", new { shippingMethodId = "post" })).ShouldBe(200);
        }

        var total = (await Visitor.GetAsync($"/v1/carts/{cart}")).ShouldBe(200).Body!["total"]!;
        var placed = (await Visitor.PostAsync($"/v1/carts/{cart}/checkout", new { email = "lena@example.com", name = "Lena", shippingAddress = address, expectedTotal = total })).ShouldBe(201);
        if (pay is not null)
        {
            (await Visitor.PostAsync($"/v1/orders/{placed["order.id"]}/payments", new { paymentToken = pay })).ShouldBe(200);
        }

        return (placed["order.id"], placed["payment.id"]);
    }

    private async Task<string> GalleryAsync(string? then = null)
    {
        var gallery = (await Studio.PostAsync("/v1/galleries", new { title = "Another", isListed = false })).ShouldBe(201)["id"];
        if (then is not null)
        {
            (await Studio.PostAsync($"/v1/galleries/{gallery}/{then}")).ShouldBe(200);
        }

        return $"/v1/galleries/{gallery}";
    }

    private async Task<string> DeletedGalleryAsync()
    {
        var gallery = await GalleryAsync();
        (await Studio.DeleteAsync(gallery)).ShouldBe(204);
        return gallery;
    }

    /// <summary>An invitation that can be sent again, because mails about it are at least a minute apart.</summary>
    private async Task<string> OldInvitationAsync()
    {
        await InDatabaseAsync(db => db.SetAsync<Invitation>(_ => true, nameof(Invitation.LastSentAt), api.Clock.GetUtcNow().AddHours(-1)));
        return world.Id("invitationId");
    }

    private async Task<PostCase> AcceptInvitationAsync()
    {
        var email = $"{Unique}@example.com";
        var invitation = (await Studio.PostAsync("/v1/invitations", new { email, role = "viewer" })).ShouldBe(201)["id"];
        var (code, subject) = (Guid.NewGuid().ToString("N"), api.Authority.Account(email, "Viewer"));
        await InDatabaseAsync(db => db.SetAsync<Invitation>(i => i.Id == Id<Invitation>.Parse(invitation, null), nameof(Invitation.CodeHash), Invitation.HashOf(code)));
        return await Of(api.Client(api.Authority.Token(subject, null, MemberClient.AllScopes)), "/v1/invitations/accept", new { code });
    }

    private Task<PostCase> CreateUploadAsync() => Of(Tus(), $"{Gallery}/uploads", (Func<HttpContent>)(() => Octets(TestPictures.Jpeg(64, 48, 92))));

    private ApiClient Tus()
    {
        var http = api.Client(world.Studio.SecretKey).Http;
        http.DefaultRequestHeaders.Add("Tus-Resumable", "1.0.0");
        http.DefaultRequestHeaders.Add("Upload-Length", $"{TestPictures.Jpeg(64, 48, 92).Length}");
        http.DefaultRequestHeaders.Add("Upload-Metadata", $"filename {Convert.ToBase64String("tus.jpg"u8)}");
        return new ApiClient(http);
    }

    private static ByteArrayContent Octets(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        return content;
    }

    private async Task<string> FailedPhotoAsync()
    {
        var photo = await PhotoAsync(94);
        await InDatabaseAsync(db => db.SetAsync<Photo>(p => p.Id == Id<Photo>.Parse(photo, null), nameof(Photo.Status), PhotoStatus.Failed));
        return photo;
    }

    private async Task<string> DeletedPhotoAsync()
    {
        var photo = await PhotoAsync(95);
        (await Studio.DeleteAsync($"/v1/photos/{photo}")).ShouldBe(204);
        return photo;
    }

    private async Task<string> PhotoAsync(int seed)
    {
        using var form = Files(TestPictures.Jpeg(64, 48, seed))();
        var photo = (await Studio.PostAsync($"{Gallery}/photos", form)).ShouldBe(201).Body!["results"]![0]!["photo"]!["id"]!.GetValue<string>();
        await ApiHost.EventuallyAsync(async () => (await Studio.GetAsync($"/v1/photos/{photo}"))["status"] == "ready", "the photo is ready");
        return photo;
    }

    private Task<string> DeadLetterAsync() => InDatabaseAsync(async db =>
    {
        var now = api.Clock.GetUtcNow();
        var message = new OutboxMessage { Id = Id<OutboxMessage>.New(now), Tenant = Id<Tenant>.Parse(world.Studio.Id, null), Event = "tests.nobody_listens", Payload = "{}", CreatedAt = now, DueAt = now, DeadAt = now };
        db.Add(message);
        await db.SaveChangesAsync();
        return message.Id.ToString();
    });

    private Task<T> InDatabaseAsync<T>(Func<ProofsheetDb, Task<T>> work) => api.InScopeAsync(world.Studio.Id, services => work(services.GetRequiredService<ProofsheetDb>()));
}
