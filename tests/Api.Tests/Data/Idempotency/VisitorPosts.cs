using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Codes;
using Proofsheet.Api.Galleries.Invitations;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Orders.Opening;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Tests.Data.Idempotency;

/// <summary>One valid request for each POST about clients, visitors, invitations and links.</summary>
internal sealed class VisitorPosts(ApiHost api, World world)
{
    private ApiClient Storefront => api.Client(world.PublishableKey, world.Origin);

    private string Invitations => $"/v1/galleries/{world.GalleryId}/invitations";

    private string Consents => $"/v1/clients/{world.Id("clientId")}/consents";

    public IDictionary<string, Func<Task<PostCase>>> Cases => new Dictionary<string, Func<Task<PostCase>>>(StringComparer.Ordinal)
    {
        ["CreateClient"] = () => EveryPost.Of(world.Studio.Api, "/v1/clients", new { name = "Tom" }),
        ["RecordClientConsent"] = () => EveryPost.Of(world.Studio.Api, Consents, new { purpose = "newsletter", channel = "email", wording = "Send me news." }),
        ["WithdrawClientConsent"] = () => EveryPost.Of(world.Studio.Api, $"{Consents}/{world.Id("consentId")}/withdraw"),
        ["CreateGalleryInvitation"] = () => EveryPost.Of(world.Studio.Api, Invitations, new { clientId = world.Id("clientId"), isEmailed = false }),
        ["ResendGalleryInvitation"] = async () => await EveryPost.Of(world.Studio.Api, $"{Invitations}/{await OldInvitationAsync()}/resend"),
        ["RedeemLink"] = async () => await EveryPost.Of(Storefront, "/v1/storefront/links/redeem", new { token = await LinkAsync() }),
        ["RefreshVisit"] = async () => await EveryPost.Of(Storefront, "/v1/storefront/visits/refresh", new { refreshToken = (await VisitAsync())["refreshToken"] }),
        ["MergeVisitor"] = async () => await EveryPost.Of(world.Studio.Api, $"/v1/visitors/{(await VisitAsync())["visitorId"]}/merge", new { intoVisitorId = (await VisitAsync())["visitorId"] }),
        ["RequestVisitorCode"] = async () => await EveryPost.Of(api.Client((await VisitAsync())["token"]), "/v1/visitor/codes", new { email = $"{Guid.NewGuid():N}@example.com" }),
        ["ConfirmVisitorCode"] = ConfirmAsync,
        ["RequestOrderCode"] = () => EveryPost.Of(Storefront, "/v1/storefront/orders/codes", new { number = "1001", email = $"{Guid.NewGuid():N}@example.com" }),
        ["OpenOrder"] = async () => await EveryPost.Of(Storefront, "/v1/storefront/orders/open", new { token = await OrderTokenAsync() }),
    };

    private async Task<ApiAnswer> VisitAsync() => (await Storefront.PostAsync($"/v1/storefront/galleries/{world.Slug}/unlock", new { pin = World.Pin })).ShouldBe(200);

    private async Task<string> LinkAsync()
    {
        var url = (await world.Studio.Api.PostAsync(Invitations, new { clientId = world.Id("clientId"), isEmailed = false })).ShouldBe(201)["url"];
        return url[(url.IndexOf('=', StringComparison.Ordinal) + 1)..];
    }

    /// <summary>An invitation that can be sent again, because mails about it are at least a minute apart.</summary>
    private async Task<string> OldInvitationAsync()
    {
        var invitation = (await world.Studio.Api.PostAsync(Invitations, new { clientId = world.Id("clientId") })).ShouldBe(201)["id"];
        await InDatabaseAsync(db => db.SetAsync<GalleryInvitation>(i => i.Id == Id<GalleryInvitation>.Parse(invitation, null), nameof(GalleryInvitation.LastSentAt), api.Clock.GetUtcNow().AddHours(-1)));
        return invitation;
    }

    private async Task<PostCase> ConfirmAsync()
    {
        var (visitor, email) = (api.Client((await VisitAsync())["token"]), $"{Guid.NewGuid():N}@example.com");
        (await visitor.PostAsync("/v1/visitor/codes", new { email })).ShouldBe(202);
        var code = await api.InScopeAsync(world.Studio.Id, async services =>
        {
            var db = services.GetRequiredService<ProofsheetDb>();
            var id = (await db.Set<EmailCode>().SingleAsync(c => c.Email == email)).Id;
            var payloads = await db.Set<OutboxMessage>().Where(m => m.Event == EmailCodeIssued.EventName).Select(m => m.Payload).ToListAsync();
            var issued = payloads.Select(p => JsonSerializer.Deserialize<EmailCodeIssued>(p, StoredJson.Options)!).Single(e => e.CodeId == id);
            return services.GetRequiredService<EmailCodes>().Open(issued.SealedCode)!;
        });
        return await EveryPost.Of(visitor, "/v1/visitor/codes/confirm", new { code });
    }

    private Task<string> OrderTokenAsync() => api.InScopeAsync(world.Studio.Id, async services =>
    {
        var order = await services.GetRequiredService<ProofsheetDb>().Set<Order>().AsNoTracking().OrderBy(o => o.Id).FirstAsync();
        return services.GetRequiredService<OrderLinks>().TokenOf(order, api.Clock.GetUtcNow());
    });

    private Task<T> InDatabaseAsync<T>(Func<ProofsheetDb, Task<T>> work) => api.InScopeAsync(world.Studio.Id, services => work(services.GetRequiredService<ProofsheetDb>()));
}
