using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Photos.Processing;

/// <summary>An original has to be processed into renditions.</summary>
internal sealed record PhotoProcessingAsked : IBulkEvent
{
    public static string EventName => "photos.processing_asked";

    public required Id<Photo> PhotoId { get; init; }
}

/// <summary>A photo is ready in JPEG, and the other formats of its renditions have to be made.</summary>
/// <param name="PhotoId">The photo.</param>
/// <param name="RenditionVersion">The renditions that are meant. If the photo was processed again, this no longer matches.</param>
internal sealed record PhotoFormatsDue(Id<Photo> PhotoId, int RenditionVersion) : IDeferredEvent
{
    public static string EventName => "photos.formats_due";
}

/// <summary>A photo became ready, or failed for the reason in its row.</summary>
internal sealed record PhotoProcessed : IOutboxEvent
{
    public static string EventName => "photos.processed";

    public required Id<Photo> PhotoId { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required PhotoStatus Status { get; init; }
}

/// <summary>The time in which a deleted photo can be restored is over.</summary>
internal sealed record PhotoPurgeDue : IOutboxEvent
{
    public static string EventName => "photos.purge_due";

    public required Id<Photo> PhotoId { get; init; }

    /// <summary>Identifies the deletion that is meant. If the photo was restored, or deleted again, this no longer matches.</summary>
    public required DateTimeOffset DeletedAt { get; init; }
}

internal static class PhotoProcessing
{
    /// <summary>Requests that a photo is processed again from its original, once the change is saved.</summary>
    public static void AskProcessing(this ProofsheetDb db, Id<Tenant> studio, Photo photo, DateTimeOffset now)
    {
        photo.ProcessAgain(now);
        db.Publish(studio, new PhotoProcessingAsked { PhotoId = photo.Id }, now);
    }
}
