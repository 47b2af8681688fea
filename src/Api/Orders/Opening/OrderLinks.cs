using System.Text.Json;
using Microsoft.Extensions.Options;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Keyrings;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Orders.Opening;

/// <summary>
/// Signed tokens for the links in an order's emails: each opens that order alone, on any device, until it ends. The signature covers the studio, so the
/// token is worthless with another studio's key.
/// </summary>
internal sealed class OrderLinks(Keyring keys, IOptions<OrderOptions> options)
{
    public const string Prefix = "pso_";
    private const string Purpose = "order-link";

    private sealed record Link(Id<Tenant> Tenant, Id<Order> Order, DateTimeOffset EndsAt);

    public string TokenOf(Order order, DateTimeOffset now) =>
        Prefix + keys.Sign(Purpose, JsonSerializer.Serialize(new Link(order.TenantId, order.Id, now.AddDays(options.Value.LinkDays)), StoredJson.Options));

    /// <summary>The order of a token that we signed for this studio, and when the link ends, which may be over. Null for anything else.</summary>
    public (Id<Order> Order, DateTimeOffset EndsAt)? Read(string token, Id<Tenant> tenant)
    {
        if (!token.StartsWith(Prefix, StringComparison.Ordinal) || keys.Verify(Purpose, token[Prefix.Length..]) is not { } text)
        {
            return null;
        }

        var link = JsonSerializer.Deserialize<Link>(text, StoredJson.Options)!;
        return link.Tenant == tenant ? (link.Order, link.EndsAt) : null;
    }
}
