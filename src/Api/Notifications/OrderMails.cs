using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Storefront;
using Proofsheet.Api.Http;
using Proofsheet.Api.Notifications.Templates;
using Proofsheet.Api.OrderDownloads;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Orders.Opening;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Mail;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Notifications;

/// <summary>Tells the buyer that the order is paid.</summary>
internal sealed class MailOrderConfirmation(ProofsheetDb db, Notifier notifier, OrderAddresses addresses) : IHandle<OrderPaid>
{
    public async Task HandleAsync(OrderPaid happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var order = await db.Set<Order>().AsNoTracking().Include(o => o.Items).SingleAsync(o => o.Id == happened.OrderId, cancellation);
        await notifier.SendOnceAsync<OrderConfirmationMail>(order.Id.ToString(), "order-confirmation", new MailParty(order.Email, order.Name), $"Your order {order.Number}", new()
        {
            ["Number"] = order.Number,
            ["Name"] = order.Name,
            ["Total"] = order.TotalMoney.ToString(),
            ["Lines"] = Lines(order),
            ["Address"] = Address(order),
            ["Url"] = await addresses.OfAsync(order, cancellation),
        }, cancellation);
    }

    public static string? Address(Order order) => order.ShippingAddress is not { } a
        ? null
        : string.Join(", ", new[] { order.Name, a.Line1, a.Line2, $"{a.PostalCode} {a.City}".Trim(), a.Region, a.Country }.Where(p => !string.IsNullOrWhiteSpace(p)));

    private static List<(string, string)> Lines(Order order)
    {
        var lines = order.Items.OrderBy(i => i.Position).Select(i =>
        {
            var options = i.Options.Count > 0 ? $" ({string.Join(", ", i.Options.Values)})" : "";
            return ($"{i.Quantity} × {i.ProductName}{options}: {i.FileName}", Of(i.LineAmount));
        }).ToList();
        if (order.Discount > 0)
        {
            lines.Add(($"Discount {order.QuotedDiscount?.Code}", Of(-order.Discount)));
        }

        if (order.ShippingMethod is { } shipping)
        {
            lines.Add((shipping.Name, Of(order.Shipping)));
        }

        if (order.Tax > 0)
        {
            lines.Add((order.IsTaxIncluded ? $"{order.TaxName}, included" : order.TaxName, Of(order.Tax)));
        }

        return lines;

        string Of(long amount) => new Money(amount, order.Currency).ToString();
    }
}

/// <summary>Tells the buyer that a pending payment failed.</summary>
internal sealed class MailPaymentFailed(ProofsheetDb db, Notifier notifier, OrderAddresses addresses) : IHandle<OrderPaymentFailed>
{
    public async Task HandleAsync(OrderPaymentFailed happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var order = await db.Set<Order>().AsNoTracking().Include(o => o.Payment).SingleAsync(o => o.Id == happened.OrderId, cancellation);
        if (order.Status != OrderStatus.Pending)
        {
            return;
        }

        await notifier.SendOnceAsync<PaymentFailedMail>(order.Id.ToString(), "payment-failed", new MailParty(order.Email, order.Name), $"The payment of your order {order.Number} failed", new()
        {
            ["Number"] = order.Number,
            ["Name"] = order.Name,
            ["Total"] = order.TotalMoney.ToString(),
            ["Reason"] = order.Payment!.DeclineMessage,
            ["Url"] = await addresses.OfAsync(order, cancellation),
        }, cancellation);
    }
}

/// <summary>Tells the buyer where the files are.</summary>
internal sealed class MailDownloadsReady(ProofsheetDb db, Notifier notifier, OrderAddresses addresses, DownloadLinks links, PublicUrl publicUrl) : IHandle<DownloadsReady>
{
    public async Task HandleAsync(DownloadsReady happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var order = await db.Set<Order>().AsNoTracking().SingleAsync(o => o.Id == happened.OrderId, cancellation);
        var grants = await db.Set<DownloadGrant>().AsNoTracking().Where(g => g.OrderId == order.Id).OrderBy(g => g.Id).ToListAsync(cancellation);
        // Without the API's public URL, an email can only link to the storefront.
        var direct = publicUrl.Base is not null;
        await notifier.SendOnceAsync<DownloadsReadyMail>(order.Id.ToString(), "downloads-ready", new MailParty(order.Email, order.Name), $"The photos of your order {order.Number} are ready", new()
        {
            ["Number"] = order.Number,
            ["Name"] = order.Name,
            ["Until"] = await db.DayAsync(grants.Min(g => g.ExpiresAt), cancellation),
            ["Times"] = grants.Min(g => g.MaxDownloads),
            ["GalleryUrl"] = await addresses.OfAsync(order, cancellation),
            ["ZipUrl"] = direct ? links.OfZip(order.Id, grants) : null,
            ["Files"] = direct ? grants.Where(g => g.Left > 0).Take(50).Select(g => (g.FileName, links.OfFile(g) ?? "")).Where(f => f.Item2.Length > 0).ToList() : new List<(string, string)>(),
        }, cancellation);
    }
}

internal sealed class OrderAddresses(ProofsheetDb db, GalleryAddresses galleries, OrderLinks links, TimeProvider clock)
{
    /// <summary>Where the buyer opens the order, on any device. The gallery may have been deleted in the meantime.</summary>
    public async Task<string> OfAsync(Order order, CancellationToken cancellation)
    {
        var gallery = await db.Past<Gallery>(Gallery.DeletedFilter).AsNoTracking().SingleAsync(g => g.Id == order.GalleryId, cancellation);
        // In the fragment, browsers send the token to no server and no log has it.
        return $"{galleries.Of(gallery)}/orders/{order.Id}#order={links.TokenOf(order, clock.GetUtcNow())}";
    }
}
