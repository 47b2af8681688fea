using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Media.Serving;
using Proofsheet.Api.Media.Signing;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Notifications;

/// <summary>A photo in a mail to the studio.</summary>
/// <param name="Picture">The URL of a small picture; null if there is none.</param>
/// <param name="Detail">What is said about the photo, such as the product.</param>
public sealed record MailPhoto(string FileName, string? Picture, string? Detail = null);

/// <summary>Signed URLs of small clean pictures, for mails to the studio only.</summary>
internal sealed class MailPictures(ProofsheetDb db, MediaSigner signer, PublicUrl publicUrl, TenantContext tenant)
{
    /// <summary>More photos are only counted: mail programs cut off long mails.</summary>
    public const int Most = 30;

    // A mail is read within weeks, and shows no pictures after that.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(60);

    /// <summary>The URLs by photo. Empty without a public URL of the API.</summary>
    public async Task<IReadOnlyDictionary<Id<Photo>, string>> OfAsync(IEnumerable<Id<Photo>> ids, CancellationToken cancellation)
    {
        var wanted = ids.Distinct().Take(Most).ToList();
        if (publicUrl.Base is null)
        {
            return new Dictionary<Id<Photo>, string>();
        }

        var photos = await db.Set<Photo>().AsNoTracking().Where(p => wanted.Contains(p.Id) && p.Status == PhotoStatus.Ready && p.PurgedAt == null).ToListAsync(cancellation);
        return photos.Where(p => p.Renditions.Count > 0).ToDictionary(p => p.Id, Url);
    }

    private string Url(Photo photo) =>
        publicUrl.Of(signer.Sign(new MediaPath(tenant.Current, photo.Id, photo.RenditionVersion, MediaPath.Clean, RenditionSizes.Thumbnail).ToString(), Lifetime));
}
