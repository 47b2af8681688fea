using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Lifecycle;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios;
using Proofsheet.Api.Studios.Watermarks;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries;

internal sealed record UpdateGalleryRequest
{
    [OneLine, Required, StringLength(200)]
    public required string Title { get; init; }

    /// <summary>If the gallery was ever published, its former slug still leads to it, and no other gallery can take it for a year.</summary>
    [RegularExpression(GallerySlugs.Pattern, ErrorMessage = "3 to 63 lower-case letters, digits and hyphens, not at the ends.")]
    public required string Slug { get; init; }

    public required DateOnly? EventDate { get; init; }

    [StringLength(4000)]
    public required string? Description { get; init; }

    /// <summary>Whether the studio's storefront lists the gallery. Other galleries are reached by their URL alone.</summary>
    public required bool IsListed { get; init; }

    public required UpdateGalleryPresentationRequest Presentation { get; init; }

    /// <summary>A BCP 47 language tag, for example <c>fr</c> or <c>pt-BR</c>.</summary>
    [RegularExpression("^[a-z]{2,3}(-[A-Z]{2})?$", ErrorMessage = "A language such as en, fr or pt-BR.")]
    public required string Language { get; init; }

    /// <summary>Null shows visitors the photos without a watermark.</summary>
    public required Id<Watermark>? WatermarkId { get; init; }

    /// <summary>What each visitor's pictures show about the visitor, in addition to the watermark. If it is not known, the visitor's id is shown.</summary>
    public required ViewerWatermark ViewerWatermark { get; init; }

    /// <summary>Null if the gallery does not expire. A new value must be in the future. With an offset (RFC 3339) or, without one, in the studio's time zone: 2036-12-31T18:00, or 2036-12-31 for the end of that day.</summary>
    public required StudioTime? ExpiresAt { get; init; }

    [Range(1, 100_000)]
    public required int? PickLimit { get; init; }

    /// <summary>No photos can be picked after this time. Null allows picking again. With an offset (RFC 3339) or, without one, in the studio's time zone: 2036-12-31T18:00, or 2036-12-31 for the end of that day.</summary>
    public required StudioTime? ProofingClosedAt { get; init; }

    /// <summary>The studio's own data about the gallery. A null value removes a key.</summary>
    [Metadata]
    public required IReadOnlyDictionary<string, string?> Metadata { get; init; }
}

internal static class UpdateGallery
{
    public static void MapUpdateGallery(this IEndpointRouteBuilder routes) => routes
        .MapPatch("/galleries/{galleryId}", HandleAsync)
        .WithName("UpdateGallery")
        .WithTags("Galleries")
        .WithSummary("Change a gallery")
        .WithDescription("A JSON merge patch. Use `SetGalleryAccess` to change the password or PIN.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .TakesIfMatch()
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.GalleriesWrite);

    private static async Task<Results<Ok<GalleryResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, MergePatch<UpdateGalleryRequest> patch, HttpContext http, Caller caller, ProofsheetDb db, IGalleryFrontDetails details, SlugClaims slugs, GalleryResponses responses, TimeProvider clock, CancellationToken cancellation)
    {
        var gallery = await db.FindGalleryAsync(caller, galleryId, cancellation);
        if (gallery is null)
        {
            return Problems.NotFound("gallery");
        }

        if (!ETags.IfMatch(http, gallery))
        {
            return Problems.PreconditionFailed();
        }

        var wanted = patch.ApplyTo(Present(gallery));
        if (wanted.Slug != gallery.Slug && GallerySlugs.IsReserved(wanted.Slug))
        {
            return GalleryRules.SlugReserved();
        }

        var now = clock.GetUtcNow();
        var zone = TimeZones.Of(await db.Set<Studio>().Select(s => s.TimeZone).SingleAsync(cancellation));
        // The patch carries times with millisecond precision, so an expiry that was not sent is compared at that precision.
        if (wanted.ExpiresAt?.In(zone) is { } expiry && expiry <= now && !SameMillisecond(expiry, gallery.ExpiresAt))
        {
            return GalleryRules.AlreadyExpired();
        }

        if (wanted.WatermarkId is { } watermark && watermark != gallery.WatermarkId && !await db.Set<Watermark>().AnyAsync(w => w.Id == watermark, cancellation))
        {
            return GalleryRules.UnknownWatermark();
        }

        if (wanted.Presentation.Cover?.PhotoId is { } cover && cover != gallery.CoverPhotoId && !await details.HasPhotoAsync(gallery.Id, cover, cancellation))
        {
            return GalleryRules.UnknownPhoto();
        }

        var (expired, slug) = (gallery.ExpiresAt, gallery.Slug);
        Apply(wanted, gallery, zone);
        if (gallery.ExpiresAt != expired)
        {
            db.PublishExpiryNear(gallery, now);
        }

        if (gallery.Slug != slug)
        {
            await slugs.LeaveAsync(gallery, slug, now, cancellation);
            await slugs.TakeAsync(gallery, cancellation);
        }

        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            return GalleryRules.SlugTaken();
        }

        ETags.Write(http, gallery);
        return TypedResults.Ok(await responses.OfAsync(gallery, cancellation));
    }

    private static UpdateGalleryRequest Present(Gallery gallery) => new()
    {
        Title = gallery.Title,
        Slug = gallery.Slug,
        EventDate = gallery.EventDate,
        Description = gallery.Description,
        IsListed = gallery.IsListed,
        Presentation = gallery.ToRequest(),
        Language = gallery.Language,
        WatermarkId = gallery.WatermarkId,
        ViewerWatermark = gallery.ViewerWatermark,
        ExpiresAt = gallery.ExpiresAt is { } expiry ? StudioTime.Of(expiry) : null,
        PickLimit = gallery.PickLimit,
        ProofingClosedAt = gallery.ProofingClosedAt is { } closing ? StudioTime.Of(closing) : null,
        Metadata = Metadata.Present(gallery.Metadata),
    };

    private static void Apply(UpdateGalleryRequest wanted, Gallery gallery, TimeZoneInfo zone)
    {
        (gallery.Title, gallery.Slug, gallery.Description, gallery.EventDate) = (wanted.Title.Trim(), wanted.Slug, wanted.Description, wanted.EventDate);
        (gallery.IsListed, gallery.Language, gallery.WatermarkId) = (wanted.IsListed, wanted.Language, wanted.WatermarkId);
        wanted.Presentation.Apply(gallery);
        gallery.Metadata = Metadata.Kept(wanted.Metadata);
        (gallery.ViewerWatermark, gallery.PickLimit) = (wanted.ViewerWatermark, wanted.PickLimit);
        gallery.ExpiresAt = Changed(gallery.ExpiresAt, wanted.ExpiresAt?.In(zone));
        gallery.ProofingClosedAt = Changed(gallery.ProofingClosedAt, wanted.ProofingClosedAt?.In(zone));
    }

    private static DateTimeOffset? Changed(DateTimeOffset? present, DateTimeOffset? wanted) => SameMillisecond(present, wanted) ? present : wanted;

    private static bool SameMillisecond(DateTimeOffset? a, DateTimeOffset? b) => a?.ToUnixTimeMilliseconds() == b?.ToUnixTimeMilliseconds();
}
