using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Uploads.Tus;

/// <summary>
/// Where the bytes of unfinished uploads are: <c>{studio}/uploads/{upload}/{offset}-{attempt}</c>, or <c>…/direct</c> for a direct upload.
/// </summary>
internal static class UploadFiles
{
    public const string Folder = "uploads";
    private const string DirectName = "direct";

    public static ObjectKey Part(Id<Tenant> tenant, UploadPart part) => ObjectKey.Of(tenant.ToStored(), Folder, part.UploadId.ToStored(), part.Name);

    public static ObjectKey Direct(Id<Tenant> tenant, Id<Upload> upload) => ObjectKey.Of(tenant.ToStored(), Folder, upload.ToStored(), DirectName);

    public static bool IsDirect(ObjectKey key) => key.Value.EndsWith($"/{DirectName}", StringComparison.Ordinal);

    public static ObjectPrefix AllOf(Id<Tenant> tenant) => ObjectPrefix.Of(tenant.ToStored(), Folder);

    public static Task DeleteAllAsync(IObjectStore store, Id<Tenant> tenant, Id<Upload> upload, CancellationToken cancellation) =>
        store.DeleteAllAsync(ObjectPrefix.Of(tenant.ToStored(), Folder, upload.ToStored()), cancellation);
}
