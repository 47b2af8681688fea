using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Archives;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Catalog.Settings;
using Proofsheet.Api.Data;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Orders;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.OrderDownloads;

/// <summary>All files of a paid order can be downloaded.</summary>
internal sealed record DownloadsReady(Id<Order> OrderId) : IOutboxEvent
{
    public static string EventName => "downloads.ready";
}

/// <summary>Gives the buyer of a paid order its files: one copy and one grant for each, however often this runs.</summary>
internal sealed class GrantDownloads(ProofsheetDb db, TenantContext tenant, IObjectStore store, TimeProvider clock) : IHandle<OrderPaid>
{
    public async Task HandleAsync(OrderPaid happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var order = await db.Set<Order>().AsNoTracking().Include(o => o.Items).SingleAsync(o => o.Id == happened.OrderId, cancellation);
        var files = order.Items.Where(i => i.Type == ProductType.Digital).OrderBy(i => i.Position).ToList();
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

        // Not filtered, because a photo that was deleted after the purchase keeps its files until it is purged.
        var photo = await db.Set<Photo>().AsNoTracking().SingleAsync(p => p.Id == item.PhotoId, cancellation);
        var size = item.DigitalSize ?? DigitalSize.Full;
        var (from, contentType) = size == DigitalSize.Full
            ? (PhotoFiles.Original(tenant.Current, photo.Id), photo.CurrentVersion.ContentType)
            : (RenditionOf(tenant.Current, photo), "image/jpeg");
        // The key is derived from the item, so a repetition writes the same object again.
        var to = ObjectKey.Of(tenant.Current.ToStored(), DownloadObjects.Folder, order.Id.ToStored(), item.Id.ToStored());
        var copy = size == DigitalSize.Full
            ? await CopyOriginalAsync(photo, item, from, to, cancellation)
            : await CopyRenditionAsync(store, from, to, cancellation) ?? throw NotInStore(photo);

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
        db.Add(new DownloadTransfer { About = grant.Id.ToString() });
        // The archive's row comes with the first file, so a grant never exists without it.
        var archive = order.Id.ToString();
        if (!await db.Set<DownloadTransfer>().AnyAsync(t => t.About == archive, cancellation))
        {
            db.Add(new DownloadTransfer { About = archive });
        }

        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // A concurrent attempt has already granted it.
            db.ChangeTracker.Clear();
        }
    }

    /// <summary>
    /// Copies inside the store, without reading the file. This is safe because an original is written once, under the key of its photo, and its
    /// length and checksums were measured while it was written: if the length matches, the object is what the row says, and the row must say what
    /// was sold. Bits that the disk lost since then are copied too; the archive's checksums reveal them when it is unpacked.
    /// </summary>
    private async Task<StoredObject> CopyOriginalAsync(Photo photo, OrderItem item, ObjectKey from, ObjectKey to, CancellationToken cancellation)
    {
        var version = photo.CurrentVersion;
        if (version.Sha256 != item.PhotoSha256)
        {
            throw new InvalidOperationException($"The original of {photo.Id} is not the one that was sold.");
        }

        if (!await store.CopyAsync(from, to, cancellation) || await store.StatAsync(to, cancellation) is not { } copy)
        {
            throw NotInStore(photo);
        }

        return copy.Length == version.Bytes
            ? new StoredObject(to, version.Bytes, version.Sha256, (uint)version.Crc32)
            : throw new InvalidOperationException($"The original of {photo.Id} has {copy.Length} bytes instead of {version.Bytes}.");
    }

    /// <summary>The source of a file in web size.</summary>
    public static ObjectKey RenditionOf(Id<Tenant> studio, Photo photo) =>
        PhotoFiles.Clean(studio, photo.Id, photo.RenditionVersion, photo.Renditions.Max(r => r.Size), RenditionFormat.Jpeg);

    /// <summary>Copies through this process, because no row has the length and checksums of a rendition. Null if it does not exist.</summary>
    public static async Task<StoredObject?> CopyRenditionAsync(IObjectStore store, ObjectKey from, ObjectKey to, CancellationToken cancellation)
    {
        await using var source = await store.OpenAsync(from, cancellation: cancellation);
        return source is null ? null : await store.PutAsync(to, source.Content, cancellation: cancellation);
    }

    private static InvalidOperationException NotInStore(Photo photo) => new($"The file of {photo.Id} that was sold is not in the store.");

    private Task<bool> CompleteAsync(Id<Order> orderId, CancellationToken cancellation) => db.InTransactionAsync(async () =>
    {
        var order = (await db.TakeOrderAsync(orderId, cancellation))!;
        var changed = order.Items.Where(i => i.Type == ProductType.Digital).ToList().FindAll(i => order.Mark(i, OrderItemStatus.Completed));
        if (changed.Count > 0)
        {
            db.Publish(tenant.Current, new DownloadsReady(orderId), clock.GetUtcNow());
            await db.SaveChangesAsync(cancellation);
        }

        return true;
    }, cancellation);
}
