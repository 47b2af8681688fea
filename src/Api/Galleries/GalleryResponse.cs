using Proofsheet.Api.Galleries.Storefront;
using Proofsheet.Api.Studios.Watermarks;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries;

internal sealed record GalleryResponse
{
    public required Id<Gallery> Id { get; init; }

    public required string Title { get; init; }

    /// <summary>The last part of the gallery's URL; unique in the studio.</summary>
    public required string Slug { get; init; }

    /// <summary>Where clients open the gallery.</summary>
    public required string Url { get; init; }

    public required string? Description { get; init; }

    public required DateOnly? EventDate { get; init; }

    public required GalleryStatus Status { get; init; }

    /// <summary>Whether the studio's storefront lists the gallery. Other galleries are reached by their URL alone.</summary>
    public required bool IsListed { get; init; }

    /// <summary>What a visitor has to know before the gallery opens.</summary>
    public required GalleryRequirement Requires { get; init; }

    public required GalleryPresentationResponse Presentation { get; init; }

    /// <summary>A BCP 47 language tag.</summary>
    public required string Language { get; init; }

    public required Id<Watermark>? WatermarkId { get; init; }

    /// <summary>What each visitor's pictures show about the visitor.</summary>
    public required ViewerWatermark ViewerWatermark { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The maximum number of photos in one selection. Null for no limit.</summary>
    public required int? PickLimit { get; init; }

    /// <summary>No photos can be picked after this time, which may be in the future. Null if picking does not end.</summary>
    public required DateTimeOffset? ProofingClosedAt { get; init; }

    public required int PhotoCount { get; init; }

    /// <summary>Null for the studio's default price sheet.</summary>
    public required string? PriceSheetId { get; init; }

    /// <summary>The studio's own data about the gallery.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required DateTimeOffset? PublishedAt { get; init; }

    /// <summary>When the gallery was deleted. It can be restored for 30 days from then. Null unless it is deleted.</summary>
    public required DateTimeOffset? DeletedAt { get; init; }
}

/// <summary>Creates gallery responses, including what other modules know about the galleries.</summary>
internal sealed class GalleryResponses(IGalleryFrontDetails details, GalleryAddresses addresses, TimeProvider clock)
{
    public async Task<GalleryResponse> OfAsync(Gallery gallery, CancellationToken cancellation) => (await OfAsync([gallery], cancellation))[0];

    public async Task<IReadOnlyList<GalleryResponse>> OfAsync(IReadOnlyCollection<Gallery> galleries, CancellationToken cancellation)
    {
        var known = await details.OfAsync(galleries, cancellation);
        return [.. galleries.Select(g => Of(g, known.GetValueOrDefault(g.Id)))];
    }

    private GalleryResponse Of(Gallery gallery, GalleryFrontDetails? known) => new()
    {
        Id = gallery.Id,
        Title = gallery.Title,
        Slug = gallery.Slug,
        Url = addresses.Of(gallery),
        Description = gallery.Description,
        EventDate = gallery.EventDate,
        Status = gallery.StatusAt(clock.GetUtcNow()),
        IsListed = gallery.IsListed,
        Requires = gallery.Requires,
        Presentation = gallery.ToPresentation(known?.Cover),
        Language = gallery.Language,
        WatermarkId = gallery.WatermarkId,
        ViewerWatermark = gallery.ViewerWatermark,
        ExpiresAt = gallery.ExpiresAt,
        PickLimit = gallery.PickLimit,
        ProofingClosedAt = gallery.ProofingClosedAt,
        PhotoCount = known?.PhotoCount ?? 0,
        PriceSheetId = gallery.PriceSheetId,
        Metadata = gallery.Metadata,
        CreatedAt = gallery.CreatedAt,
        UpdatedAt = gallery.UpdatedAt,
        PublishedAt = gallery.PublishedAt,
        DeletedAt = gallery.DeletedAt,
    };
}
