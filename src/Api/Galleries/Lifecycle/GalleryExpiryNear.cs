using Proofsheet.Api.Data;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Galleries.Lifecycle;

/// <summary>A published gallery expires soon, unless the studio has set another date since.</summary>
internal sealed record GalleryExpiryNear(Id<Gallery> GalleryId, DateTimeOffset ExpiresAt) : IOutboxEvent
{
    public static string EventName => "galleries.expiry_near";

    // Databases keep fewer digits of a time than events do.
    public bool IsStillTrue(Gallery gallery) => gallery.ExpiresAt?.ToUnixTimeMilliseconds() == ExpiresAt.ToUnixTimeMilliseconds();
}

internal static class GalleryExpiryNotice
{
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(7);

    /// <summary>Publishes <see cref="GalleryExpiryNear"/> for seven days before the gallery expires, or for half of the time that is left if that is later.</summary>
    public static void PublishExpiryNear(this ProofsheetDb db, Gallery gallery, DateTimeOffset now)
    {
        if (gallery.Stage == GalleryStage.Published && gallery.ExpiresAt is { } expiry && expiry > now)
        {
            var left = expiry - now;
            db.Publish(gallery.TenantId, new GalleryExpiryNear(gallery.Id, expiry), now, left > 2 * Ahead ? left - Ahead : left / 2);
        }
    }
}
