using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog;
using Proofsheet.Api.Data;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Kernel;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Outbox;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;

namespace Proofsheet.Api.Downloads;

/// <summary>All files of a paid order can be downloaded.</summary>
internal sealed record DownloadsReady(Id<Order> OrderId) : IOutboxEvent
{
    public static string EventName => "downloads.ready";
}

/// <summary>Gives the buyer of a paid order its files: a copy and a grant for each, once, however often this runs.</summary>
internal sealed class GrantDownloads(ProofsheetDb db, TenantContext tenant, IObjectStore store, TimeProvider clock) : IHandle<OrderPaid>
{
    public async Task HandleAsync(OrderPaid happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var order = await db.Set<Order>().AsNoTracking().Include(o => o.Items).SingleAsync(o => o.Id == happened.OrderId, cancellation);
        var files = order.Items.Where(i => i.Kind == ProductKind.Digital).OrderBy(i => i.Position).ToList();
        if (files.Count == 0)
        {
            return;
        }

        var settings = await db.CommerceSettingsAsync(cancellation);
        foreach (var item in files)
        {
            await GrantAsync(order, item, settings, cancellation);
        }

        await CompleteAsync(happened.OrderId, cancellation);
    }

    private async Task GrantAsync(Order order, OrderItem item, CommerceSettings settings, CancellationToken cancellation)
    {
        if (await db.Set<DownloadGrant>().AnyAsync(g => g.OrderItemId == item.Id, cancellation))
        {
            return;
        }

        // Past the photos' filters: what was bought before it was deleted is still there, for its days.
        var photo = await db.Set<Photo>().AsNoTracking().SingleAsync(p => p.Id == item.PhotoId, cancellation);
        var size = item.DigitalSize ?? DigitalSize.Full;
        var (from, contentType) = size == DigitalSize.Full
            ? (PhotoFiles.Original(tenant.Current, photo.Id), photo.ContentType)
            : (PhotoFiles.Clean(tenant.Current, photo.Id, photo.ContentVersion, photo.Renditions.Max(r => r.Size), RenditionFormat.Jpeg), "image/jpeg");
        await using var source = await store.OpenAsync(from, cancellation: cancellation)
            ?? throw new InvalidOperationException($"The file of {photo.Id} that {order.Id} sold is not in the store.");
        // The key follows from the item, so a repetition writes the same object again.
        var copy = await store.PutAsync(ObjectKey.Of(tenant.Current.ToStored(), "downloads", order.Id.ToStored(), item.Id.ToStored()), source.Content, cancellation: cancellation);
        if (size == DigitalSize.Full && copy.Sha256 != item.PhotoSha256)
        {
            throw new InvalidOperationException($"The original of {photo.Id} is not the one that {order.Id} sold.");
        }

        var now = clock.GetUtcNow();
        var grant = new DownloadGrant
        {
            Id = Id<DownloadGrant>.New(now),
            OrderId = order.Id,
            OrderItemId = item.Id,
            PhotoId = photo.Id,
            Size = size,
            FileName = FileNames.Of(item.FileName, contentType),
            ContentType = contentType,
            ObjectKey = copy.Key.Value,
            Bytes = copy.Length,
            Sha256 = copy.Sha256,
            Crc32 = copy.Crc32,
            MaxDownloads = settings.DownloadsPerFile,
            CreatedAt = now,
            ExpiresAt = now.AddDays(settings.DownloadDays),
        };
        db.Add(grant);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Another attempt at the same time granted it.
            db.Entry(grant).State = EntityState.Detached;
        }
    }

    private Task<bool> CompleteAsync(Id<Order> orderId, CancellationToken cancellation) => db.InTransactionAsync(async () =>
    {
        var order = (await db.TakeOrderAsync(orderId, cancellation))!;
        var changed = order.Items.Where(i => i.Kind == ProductKind.Digital).ToList().FindAll(i => order.Mark(i, OrderItemStatus.Completed));
        if (changed.Count > 0)
        {
            db.Publish(tenant.Current, new DownloadsReady(orderId), clock.GetUtcNow());
            await db.SaveChangesAsync(cancellation);
        }

        return true;
    }, cancellation);
}
