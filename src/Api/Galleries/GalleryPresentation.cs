using System.ComponentModel.DataAnnotations;
using Proofsheet.Api.Http;

namespace Proofsheet.Api.Galleries;

/// <summary>How a gallery looks. The API stores the values for storefronts, which use their default for values that they do not know.</summary>
internal sealed record GalleryPresentationResponse
{
    /// <summary>Either masonry, grid, rows, or a word that the studio's own storefront understands.</summary>
    public required string Layout { get; init; }

    /// <summary>Either light, dark, auto, or a word that the studio's own storefront understands.</summary>
    public required string Theme { get; init; }

    public required GalleryCoverResponse? Cover { get; init; }
}

internal sealed record GalleryCoverResponse
{
    public required string PhotoId { get; init; }

    /// <summary>The point that stays visible when the cover is cropped: 0 is the left edge, 1 the right.</summary>
    public required double FocalX { get; init; }

    /// <summary>The same vertically: 0 is the top edge, 1 the bottom.</summary>
    public required double FocalY { get; init; }

    /// <summary>Null while the photo is not ready, hidden or deleted.</summary>
    public required PhotoUrlsResponse? Urls { get; init; }
}

/// <summary>Signed URLs of a photo's renditions, by longest side. They are valid for at least a day. Each returns AVIF, WebP or JPEG, depending on Accept.</summary>
internal sealed record PhotoUrlsResponse
{
    /// <summary>300 pixels on the longest side.</summary>
    public required string Thumbnail { get; init; }

    /// <summary>1200 pixels on the longest side.</summary>
    public required string Preview { get; init; }

    /// <summary>2048 pixels on the longest side.</summary>
    public required string Large { get; init; }
}

/// <summary>How a new gallery looks. It has no photos yet to choose a cover from.</summary>
internal sealed record CreateGalleryPresentationRequest
{
    [RegularExpression(Texts.Word, ErrorMessage = Texts.WordError)]
    public string Layout { get; init; } = GalleryPresentation.DefaultLayout;

    [RegularExpression(Texts.Word, ErrorMessage = Texts.WordError)]
    public string Theme { get; init; } = GalleryPresentation.DefaultTheme;
}

internal sealed record UpdateGalleryPresentationRequest
{
    [RegularExpression(Texts.Word, ErrorMessage = Texts.WordError)]
    public required string Layout { get; init; }

    [RegularExpression(Texts.Word, ErrorMessage = Texts.WordError)]
    public required string Theme { get; init; }

    /// <summary>Null removes the cover.</summary>
    public required UpdateGalleryCoverRequest? Cover { get; init; }
}

internal sealed record UpdateGalleryCoverRequest
{
    /// <summary>A photo of this gallery.</summary>
    [RegularExpression("^pho_[0-7][0-9a-hjkmnp-tv-z]{25}$", ErrorMessage = "The id of a photo.")]
    public required string PhotoId { get; init; }

    /// <summary>The point that stays visible when the cover is cropped: 0 is the left edge, 1 the right.</summary>
    [Range(0.0, 1.0)]
    public double FocalX { get; init; } = 0.5;

    /// <summary>The same vertically: 0 is the top edge, 1 the bottom.</summary>
    [Range(0.0, 1.0)]
    public double FocalY { get; init; } = 0.5;
}

internal static class GalleryPresentation
{
    public const string DefaultLayout = "masonry";
    public const string DefaultTheme = "auto";

    public static GalleryPresentationResponse ToPresentation(this Gallery gallery, PhotoUrlsResponse? coverUrls) => new()
    {
        Layout = gallery.Layout,
        Theme = gallery.Theme,
        Cover = gallery.ToCover(coverUrls),
    };

    public static GalleryCoverResponse? ToCover(this Gallery gallery, PhotoUrlsResponse? urls) => gallery.CoverPhotoId is null
        ? null
        : new GalleryCoverResponse { PhotoId = gallery.CoverPhotoId, FocalX = gallery.CoverFocalX, FocalY = gallery.CoverFocalY, Urls = urls };

    public static UpdateGalleryPresentationRequest ToRequest(this Gallery gallery) => new()
    {
        Layout = gallery.Layout,
        Theme = gallery.Theme,
        Cover = gallery.CoverPhotoId is null ? null : new() { PhotoId = gallery.CoverPhotoId, FocalX = gallery.CoverFocalX, FocalY = gallery.CoverFocalY },
    };

    public static void Apply(this UpdateGalleryPresentationRequest wanted, Gallery gallery)
    {
        (gallery.Layout, gallery.Theme) = (wanted.Layout, wanted.Theme);
        if (wanted.Cover is { } cover)
        {
            gallery.SetCover(cover.PhotoId, cover.FocalX, cover.FocalY);
        }
        else
        {
            gallery.RemoveCover();
        }
    }
}
