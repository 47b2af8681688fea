using System.Globalization;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Media.Cache;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Media.Serving;

/// <summary>
/// What an address of a picture says: studio, photo, version of its content, what the reader may see, and the size.
/// All of it is in the path, since the path is what is signed.
/// </summary>
/// <param name="Variant"><see cref="Clean"/> for the studio; for visitors the gallery's lock and mark.</param>
internal sealed record MediaPath(Id<Tenant> Tenant, Id<Photo> Photo, int Version, string Variant, int Size)
{
    public const string Root = "/v1/media/photos/";
    public const string Clean = "clean";

    /// <summary>The one whom the picture is for; null for everybody's.</summary>
    public Id<Visitor>? Visitor { get; } = ViewerMark.VisitorOf(Variant);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Root}{Tenant.ToStored()}/{Photo.ToStored()}/v{Version}/{Variant}/{Size}");

    /// <summary>Null for anything that <see cref="ToString"/> would not have written in these very letters.</summary>
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
