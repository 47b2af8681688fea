using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Storefront;
using Proofsheet.Api.Notifications.Templates;
using Proofsheet.Api.Orders;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Notifications;

/// <summary>Tells the studio that an order was paid, and of what it consists.</summary>
internal sealed class MailOrderToStudio(ProofsheetDb db, Notifier notifier, MailPictures pictures, GalleryAddresses galleries) : IHandle<OrderPaid>
{
    public async Task HandleAsync(OrderPaid happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        if (await db.ContactAsync(cancellation) is not { } contact)
        {
            return;
        }

        var order = await db.Set<Order>().AsNoTracking().Include(o => o.Items).SingleAsync(o => o.Id == happened.OrderId, cancellation);
        var gallery = await db.Past<Gallery>(Gallery.DeletedFilter).AsNoTracking().SingleAsync(g => g.Id == order.GalleryId, cancellation);
        await notifier.SendOnceAsync<OrderToStudioMail>(order.Id.ToString(), "order-to-studio", contact, $"{order.Name} has ordered for {order.TotalMoney} in {gallery.Title}", new()
        {
            ["Number"] = order.Number,
            ["Name"] = order.Name,
            ["Email"] = order.Email,
            ["Total"] = order.TotalMoney.ToString(),
            ["Gallery"] = gallery.Title,
            ["Address"] = MailOrderConfirmation.Address(order),
            ["Shipping"] = order.ShippingMethod?.Name,
            ["Note"] = order.Note,
            ["Photos"] = await PhotosAsync(order, cancellation),
            ["Url"] = galleries.Of(gallery),
        }, cancellation);
    }

    private async Task<List<MailPhoto>> PhotosAsync(Order order, CancellationToken cancellation)
    {
        var items = order.Items.OrderBy(i => i.Position).ToList();
        var urls = await pictures.OfAsync(items.Select(i => i.PhotoId), cancellation);
        return [.. items.Select(i => new MailPhoto(i.FileName, urls.GetValueOrDefault(i.PhotoId), Detail(i)))];
    }

    private static string Detail(OrderItem item) =>
        $"{item.Quantity} × {item.ProductName}{(item.Options.Count > 0 ? $" ({string.Join(", ", item.Options.Values)})" : "")}";
}
