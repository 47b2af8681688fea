using Proofsheet.Api.Imaging;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Photos;

/// <summary>
/// Where a photo's files are: <c>{studio}/photos/{photo}/original</c> and <c>…/v{n}/…</c>. Built only from our own ids and
/// numbers; client-supplied names are never part of a path.
/// </summary>
internal static class PhotoFiles
{
    public const string Folder = "photos";

    public static ObjectKey Original(Id<Tenant> tenant, Id<Photo> photo) => ObjectKey.Of(tenant.ToStored(), Folder, photo.ToStored(), "original");

    /// <summary>The photo that an object is the original of; null if it is another object.</summary>
    public static Id<Photo>? PhotoOfOriginal(Id<Tenant> tenant, ObjectKey key) =>
        key.Value.Split('/') is [_, Folder, var id, "original"] && Id<Photo>.TryRead($"{Photo.Prefix}_{id}", out var photo) && Original(tenant, photo) == key ? photo : null;

    /// <summary>The private picture that watermarked renditions are made from; never served.</summary>
    public static ObjectKey Master(Id<Tenant> tenant, Id<Photo> photo, int version) => Of(tenant, photo, version, "master.jpg");

    public static ObjectKey Clean(Id<Tenant> tenant, Id<Photo> photo, int version, int size, RenditionFormat format) =>
        Of(tenant, photo, version, $"{size}.{format.Extension()}");

    public static ObjectKey Watermarked(Id<Tenant> tenant, Id<Photo> photo, int version, string mark, int size, RenditionFormat format) =>
        ObjectKey.Of(tenant.ToStored(), Folder, photo.ToStored(), Version(version), WatermarkFolder + mark, $"{size}.{format.Extension()}");

    public const string WatermarkFolder = "w-";

    public static string Version(int version) => FormattableString.Invariant($"v{version}");

    public static ObjectPrefix AllOf(Id<Tenant> tenant, Id<Photo> photo) => ObjectPrefix.Of(tenant.ToStored(), Folder, photo.ToStored());

    public static ObjectPrefix AllOf(Id<Tenant> tenant) => ObjectPrefix.Of(tenant.ToStored(), Folder);

    private static ObjectKey Of(Id<Tenant> tenant, Id<Photo> photo, int version, string file) =>
        ObjectKey.Of(tenant.ToStored(), Folder, photo.ToStored(), Version(version), file);
}
