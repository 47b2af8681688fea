using Microsoft.Extensions.Options;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.Steps;
using Proofsheet.Api.Media.Cache;
using Proofsheet.Api.Media.Signing;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Media.Serving;

/// <summary>
/// Signed URLs of pictures. The studio gets URLs of clean pictures, everyone else URLs of pictures with the gallery's mark.
/// The path alone decides, and only we can sign one, so a URL of one kind cannot be turned into the other.
/// </summary>
internal sealed class PhotoLinks(
    GalleryMarks marks, MediaSigner signer, Caller caller, TenantContext tenant, PublicUrl publicUrl, IOptions<PhotoOptions> options) : IPhotoUrls
{
    /// <summary>What this caller may see of this gallery, as a segment of its URLs.</summary>
    public async Task<string> VariantAsync(Id<Gallery> gallery, CancellationToken cancellation) =>
        caller.IsStudio ? MediaPath.Clean : await VisitorVariantAsync(gallery, cancellation);

    /// <summary>What visitors see of this gallery, regardless of the caller: for covers on a storefront.</summary>
    public async Task<string> VisitorVariantAsync(Id<Gallery> gallery, CancellationToken cancellation) =>
        (await marks.FindAsync(gallery, caller.Visitor(), cancellation))?.Variant ?? "none";

    public PhotoUrlsResponse? Urls(Photo photo, string variant) => photo.Renditions.Count == 0 || photo.Status != PhotoStatus.Ready ? null : new()
    {
        Thumbnail = Url(photo, variant, RenditionSizes.Thumbnail),
        Preview = Url(photo, variant, RenditionSizes.Preview),
        Large = Url(photo, variant, RenditionSizes.Large),
    };

    /// <summary>
    /// A photo is never enlarged, so several sizes may have the same width. Each width is listed once, by a size that is
    /// already stored if there is one.
    /// </summary>
    public IReadOnlyList<PhotoSourceResponse> Srcset(Photo photo, string variant)
    {
        if (photo.Status != PhotoStatus.Ready || photo.Renditions.MaxBy(r => r.Size) is not { } largest)
        {
            return [];
        }

        var stored = photo.Renditions.OrderBy(r => r.Size).Select(r => (r.Size, r.Width));
        var others = DeliverySizes.OnRequest.Select(size => (Size: size, Resizing.Fit(largest.Width, largest.Height, size).Width));
        return
        [
            .. stored.Concat(others).DistinctBy(r => r.Width).OrderBy(r => r.Width)
                .Select(r => new PhotoSourceResponse { Width = r.Width, Url = Url(photo, variant, r.Size) }),
        ];
    }

    public string Url(Photo photo, string variant, int size)
    {
        var path = new MediaPath(tenant.Current, photo.Id, photo.RenditionVersion, variant, size);
        return publicUrl.Of(signer.Sign(path.ToString(), TimeSpan.FromHours(options.Value.LinkHours)));
    }
}

internal static class CallersVisitor
{
    public static Id<Visitor>? Visitor(this Caller caller) => Id<Visitor>.TryRead(caller.VisitorId, out var visitor) ? visitor : null;
}
