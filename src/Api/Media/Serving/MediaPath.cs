using System.Globalization;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Media.Cache;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Media.Serving;

/// <summary>
/// The parts of a picture's URL: studio, photo, rendition version, what the reader may see, and the size.
/// All of them are in the path, because the path is what is signed.
/// </summary>
/// <param name="Variant"><see cref="Clean"/> for the studio; for visitors, the versions of the gallery's lock and mark.</param>
internal sealed record MediaPath(Id<Tenant> Tenant, Id<Photo> Photo, int Version, string Variant, int Size)
{
    public const string Root = "/v1/media/photos/";
    public const string Clean = "clean";

    /// <summary>The visitor that the picture is for; null if it is the same for everyone.</summary>
    public Id<Visitor>? Visitor { get; } = ViewerMark.VisitorOf(Variant);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Root}{Tenant.ToStored()}/{Photo.ToStored()}/v{Version}/{Variant}/{Size}");

    /// <summary>Null for anything that <see cref="ToString"/> would not have written in exactly this form.</summary>
    public static MediaPath? Read(string path)
    {
        if (!path.StartsWith(Root, StringComparison.Ordinal)
            || path[Root.Length..].Split('/') is not [var tenant, var photo, ['v', .. var version], var variant, var size]
            || !Id<Tenant>.TryRead($"{Shared.Tenancy.Tenant.Prefix}_{tenant}", out var tenantId)
            || !Id<Photo>.TryRead($"{Photos.Photo.Prefix}_{photo}", out var photoId)
            || !int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var pixels)
            || !DeliverySizes.All.Contains(pixels))
        {
            return null;
        }

        var read = new MediaPath(tenantId, photoId, number, variant, pixels);
        return read.ToString() == path ? read : null;
    }
}
