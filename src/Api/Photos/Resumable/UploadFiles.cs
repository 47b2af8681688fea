using Proofsheet.Api.Kernel;
using Proofsheet.Api.Storage;

namespace Proofsheet.Api.Photos.Resumable;

/// <summary>Where the bytes of unfinished uploads are: <c>{studio}/uploads/{upload}/{offset}-{attempt}</c>.</summary>
internal static class UploadFiles
{
    public const string Folder = "uploads";

    public static ObjectKey Part(Id<Tenant> tenant, UploadPart part) => ObjectKey.Of(tenant.ToStored(), Folder, part.UploadId.ToStored(), part.Name);

    public static ObjectPrefix AllOf(Id<Tenant> tenant) => ObjectPrefix.Of(tenant.ToStored(), Folder);

    public static Task DeleteAllAsync(IObjectStore store, Id<Tenant> tenant, Id<Upload> upload, CancellationToken cancellation) =>
        store.DeleteAllAsync(ObjectPrefix.Of(tenant.ToStored(), Folder, upload.ToStored()), cancellation);
}
