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
/// Signed addresses of pictures. Whoever asks gets those of its own kind: the studio clean ones, everybody else those
/// with the gallery's mark. Only the path decides, and only we can sign one, so neither turns into the other.
/// </summary>
internal sealed class PhotoLinks(
    GalleryMarks marks, MediaSigner signer, Caller caller, TenantContext tenant, PublicUrl publicUrl, IOptions<PhotoOptions> options) : IPhotoUrls
{
    /// <summary>What this caller may see of this gallery, as a segment of its addresses.</summary>
    public async Task<string> VariantAsync(Id<Gallery> gallery, CancellationToken cancellation) =>
        caller.IsStudio ? MediaPath.Clean : await VisitorVariantAsync(gallery, cancellation);

    /// <summary>What visitors see of this gallery, whoever asks: for covers on a front.</summary>
    public async Task<string> VisitorVariantAsync(Id<Gallery> gallery, CancellationToken cancellation) =>
        (await marks.FindAsync(gallery, caller.Visitor(), cancellation))?.Variant ?? "none";

    public PhotoUrlsResponse? Urls(Photo photo, string variant) => photo.Renditions.Count == 0 || photo.Status != PhotoStatus.Ready ? null : new()
    {
        Thumbnail = Url(photo, variant, RenditionSizes.Thumbnail),
        Preview = Url(photo, variant, RenditionSizes.Preview),
        Large = Url(photo, variant, RenditionSizes.Large),
    };

    /// <summary>
    /// A photo smaller than a size is not enlarged, so several sizes may be of one width: it is named once, by a size that is
    /// there already rather than by one that has to be made.
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
