using Microsoft.Extensions.Options;
using Proofsheet.Api.Http;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Uploads.Tus;

/// <summary>Files that clients send to the store itself, where it gives addresses and the installation wants that.</summary>
internal sealed class DirectUploads(IObjectStore store, TenantContext tenant, PublicUrl publicUrl, IOptions<StorageOptions> options)
{
    /// <summary>To begin in; a body that has begun goes on.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    public bool IsOffered => options.Value.DirectUploads && store is IPresignedAccess;

    /// <summary>Where an address for this upload is asked for; null where there is none.</summary>
    public string? UrlOf(Upload? upload) => upload is { MayGoDirectly: true } && IsOffered ? publicUrl.Of($"/v1/uploads/{upload.Id}/direct") : null;

    /// <summary>Null where the store gives none.</summary>
    public PresignedPut? Presign(Upload upload, ReadOnlySpan<byte> md5) => IsOffered
        ? ((IPresignedAccess)store).PresignPut(UploadFiles.Direct(tenant.Current, upload.Id), Lifetime, upload.Length!.Value, md5)
        : null;

    /// <summary>How many bytes have come there.</summary>
    public async Task<long?> StoredBytesAsync(Upload upload, CancellationToken cancellation) =>
        (await store.StatAsync(UploadFiles.Direct(tenant.Current, upload.Id), cancellation))?.Length;
}
