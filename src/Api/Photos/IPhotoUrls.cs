using Proofsheet.Api.Galleries;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Photos;

/// <summary>Signed URLs of a photo's pictures for the current caller, implemented by Media.</summary>
internal interface IPhotoUrls
{
    /// <summary>What this caller may see of this gallery, as a segment of its URLs.</summary>
    Task<string> VariantAsync(Id<Gallery> gallery, CancellationToken cancellation);

    /// <summary>Null while there is no picture to show.</summary>
    PhotoUrlsResponse? Urls(Photo photo, string variant);

    /// <summary>Each available width once, narrowest first.</summary>
    IReadOnlyList<PhotoSourceResponse> Srcset(Photo photo, string variant);
}
