using Microsoft.Extensions.Options;
using Proofsheet.Api.Http;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Uploads.Tus;

/// <summary>Files that clients send to the object store directly, where the store supports it and the installation enables it.</summary>
internal sealed class DirectUploads(IObjectStore store, TenantContext tenant, PublicUrl publicUrl, IOptions<StorageOptions> options)
{
    /// <summary>The PUT must start within this time; one that has started may go on.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    public bool IsOffered => options.Value.DirectUploads && store is IPresignedAccess;

    /// <summary>Where a client requests a direct URL for this upload; null if it cannot have one.</summary>
    public string? UrlOf(Upload? upload) => upload is { MayGoDirectly: true } && IsOffered ? publicUrl.Of($"/v1/uploads/{upload.Id}/direct") : null;

    /// <summary>Null if the store offers no direct uploads.</summary>
    public PresignedPut? Presign(Upload upload, ReadOnlySpan<byte> md5) => IsOffered
        ? ((IPresignedAccess)store).PresignPut(UploadFiles.Direct(tenant.Current, upload.Id), Lifetime, upload.Length!.Value, md5)
        : null;

    /// <summary>How many bytes the store has received.</summary>
    public async Task<long?> StoredBytesAsync(Upload upload, CancellationToken cancellation) =>
        (await store.StatAsync(UploadFiles.Direct(tenant.Current, upload.Id), cancellation))?.Length;
}
