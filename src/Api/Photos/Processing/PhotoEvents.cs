using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Photos.Processing;

/// <summary>An original waits for its renditions.</summary>
internal sealed record PhotoProcessingAsked : IBulkEvent
{
    public static string EventName => "photos.processing_asked";

    public required Id<Photo> PhotoId { get; init; }
}

/// <summary>A photo became ready, or failed for a reason its row tells.</summary>
internal sealed record PhotoProcessed : IOutboxEvent
{
    public static string EventName => "photos.processed";

    public required Id<Photo> PhotoId { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required PhotoStatus Status { get; init; }
}

/// <summary>A deleted photo's days are over.</summary>
internal sealed record PhotoPurgeDue : IOutboxEvent
{
    public static string EventName => "photos.purge_due";

    public required Id<Photo> PhotoId { get; init; }

    /// <summary>Names the deletion that is meant: one that was taken back, or done again, has another.</summary>
    public required DateTimeOffset DeletedAt { get; init; }
}

internal static class PhotoProcessing
{
    /// <summary>Has a photo processed again from its original, when the change is saved.</summary>
    public static void AskProcessing(this ProofsheetDb db, Id<Tenant> studio, Photo photo, DateTimeOffset now)
    {
        photo.ProcessAgain(now);
        db.Publish(studio, new PhotoProcessingAsked { PhotoId = photo.Id }, now);
    }
}
