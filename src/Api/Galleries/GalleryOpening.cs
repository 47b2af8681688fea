namespace Proofsheet.Api.Galleries;

/// <summary>The status of a gallery at a given time. Expired is not stored; it follows from the expiry time.</summary>
internal enum GalleryStatus
{
    Draft,
    Published,
    Expired,
    Archived,
}

/// <summary>The state that the studio set, regardless of the time.</summary>
internal enum GalleryStage
{
    Draft,
    Published,
    Archived,
}

/// <summary>The part of a gallery's row that decides whether it is open, which is read alone where nothing else of the gallery is needed.</summary>
internal readonly record struct GalleryOpening(GalleryStage Stage, DateTimeOffset? ExpiresAt, DateTimeOffset? DeletedAt)
{
    public GalleryStatus StatusAt(DateTimeOffset now) => Stage switch
    {
        GalleryStage.Draft => GalleryStatus.Draft,
        GalleryStage.Archived => GalleryStatus.Archived,
        _ => HasExpiredAt(now) ? GalleryStatus.Expired : GalleryStatus.Published,
    };

    /// <summary>True if visitors may view the gallery.</summary>
    public bool IsOpenAt(DateTimeOffset now) => DeletedAt is null && StatusAt(now) == GalleryStatus.Published;

    public bool HasExpiredAt(DateTimeOffset now) => ExpiresAt is not null && ExpiresAt <= now;
}
