using System.Xml;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Storage.Remote;

namespace Proofsheet.Api.Storage.Azure;

/// <summary>Objects as block blobs of one container of Azure Blob Storage.</summary>
internal sealed class AzureBlobStore(IOptions<StorageOptions> options, ILogger<AzureBlobStore> log)
    : RemoteStore(options.Value.Azure, options.Value.TemporaryFolder, log), IPresignedAccess
{
    private const string Writing = "writing";
    private static readonly TimeSpan CopyPoll = TimeSpan.FromMilliseconds(250);
    private readonly AzureBlobStoreOptions _options = options.Value.Azure;

    public BlobContainerClient Container { get; } = Connect(options.Value.Azure);

    public override StoreFault Judge(Exception e) => e switch
    {
        RequestFailedException failed => JudgeAnswer(failed),
        // Thrown by the library for responses that are not Azure's, such as an error page of a gateway in between.
        XmlException or NullReferenceException => StoreFault.Passing,
        _ => StoreFault.Other,
    };

    private static StoreFault JudgeAnswer(RequestFailedException failed) => failed switch
    {
        { ErrorCode: "ContainerNotFound" } => StoreFault.Other,
        { ErrorCode: "AccountIsFull" or "InsufficientStorage" or "QuotaExceeded" } => StoreFault.Full,
        { ErrorCode: "Md5Mismatch" or "Crc64Mismatch" or "OperationTimedOut" or "ServerBusy" or "InternalError" } => StoreFault.Passing,
        { Status: 404 } => StoreFault.Missing,
        { Status: 412 } => StoreFault.Changed,
        { Status: 416 } => StoreFault.BehindTheEnd,
        { Status: 507 } => StoreFault.Full,
        { Status: 0 or 408 or 429 or >= 500 } => StoreFault.Passing,
        _ => StoreFault.Other,
    };

    protected override async Task ProbeAsync(CancellationToken cancellation)
    {
        try
        {
            await Container.GetPropertiesAsync(cancellationToken: cancellation);
        }
        catch (RequestFailedException e) when (Judge(e) != StoreFault.Passing)
        {
            throw new InvalidOperationException($"Storage:Azure: the container '{_options.Container}' cannot be used: {e.ErrorCode} ({e.Status}). Look at Container, AccountName, AccountKey and Endpoint.", e);
        }
    }

    protected override async Task<RemoteObject> HeadAsync(ObjectKey key, CancellationToken cancellation)
    {
        var head = (await BlobOf(key).GetPropertiesAsync(cancellationToken: cancellation)).Value;
        return new RemoteObject(head.ContentLength, head.LastModified, head.ETag.ToString(), WritingOf(head.Metadata), MarkOf(head.ContentHash));
    }

    protected override async Task<RemotePart> GetAsync(ObjectKey key, long from, long? length, string? version, CancellationToken cancellation)
    {
        var asked = new BlobDownloadOptions { Conditions = version is null ? null : new BlobRequestConditions { IfMatch = new ETag(version) } };
        var isRange = from > 0 || length is not null;
        if (isRange)
        {
            asked.Range = new HttpRange(from, length);
        }

        var answer = (await BlobOf(key).DownloadStreamingAsync(asked, cancellation)).Value;
        var details = answer.Details;
        if (isRange && details.ContentLength == 0)
        {
            // Azurite does not refuse a range that starts at the end.
            answer.Dispose();
            throw new RequestFailedException(StatusCodes.Status416RangeNotSatisfiable, "The range is empty.");
        }

        var whole = details.ContentLength;
        if (ContentRange.TryParse(details.ContentRange, out var range))
        {
            whole = range.Whole;
        }

        if (range.From != from)
        {
            answer.Dispose();
            throw new StoreUnreliableException("The store gave another part than it was asked for.");
        }

        var found = new RemoteObject(whole, details.LastModified, details.ETag.ToString(), WritingOf(details.Metadata), MarkOf(details.BlobContentHash is { Length: > 0 } hash ? hash : isRange ? null : details.ContentHash));
        return new RemotePart(found, answer.Content);
    }

    protected override async Task<(IReadOnlyList<ObjectStat> Found, string? Next)> ListPageAsync(ObjectPrefix prefix, string? after, CancellationToken cancellation)
    {
        var pages = Container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix.Value.Length > 0 ? prefix.Value : null, cancellation).AsPages(after, _options.PageItems);
        await foreach (var page in pages)
        {
            var found = new List<ObjectStat>();
            foreach (var item in page.Values)
            {
                if (ObjectKey.TryParse(item.Name, out var key))
                {
                    found.Add(new ObjectStat(key, item.Properties.ContentLength ?? 0, item.Properties.LastModified ?? default));
                }
            }

            return (found, string.IsNullOrEmpty(page.ContinuationToken) ? null : page.ContinuationToken);
        }

        return ([], null);
    }

    protected override Task RemoveAsync(ObjectKey key, CancellationToken cancellation) => BlobOf(key).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellation);

    public override Task SendAsync(ObjectKey key, PartBuffer content, byte[] md5, string writing, CancellationToken cancellation) => BlobOf(key).UploadAsync(content.Open(), new BlobUploadOptions
    {
        HttpHeaders = new BlobHttpHeaders { ContentHash = md5 },
        Metadata = Named(writing),
        AccessTier = TierOf(key),
        TransferValidation = new UploadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 },
        TransferOptions = new StorageTransferOptions { InitialTransferSize = long.MaxValue },
    }, cancellation);

    public override Task<IRemoteParts> BeginPartsAsync(ObjectKey key, string writing, CancellationToken cancellation) =>
        Task.FromResult<IRemoteParts>(new AzureParts(BlobOf(key), writing, Named(writing), TierOf(key)));

    public override async Task SendCopyAsync(ObjectKey from, RemoteObject source, ObjectKey to, CancellationToken cancellation)
    {
        var target = BlobOf(to);
        var copy = await Attempts.RunAsync("copy an object", token => target.StartCopyFromUriAsync(BlobOf(from).Uri, new BlobCopyFromUriOptions
        {
            SourceConditions = new BlobRequestConditions { IfMatch = new ETag(source.Version) },
            AccessTier = TierOf(to),
        }, token), cancellation);

        // Within one account the copy is usually done at once.
        while (!copy.HasCompleted)
        {
            await Task.Delay(CopyPoll, cancellation);
            await Attempts.RunAsync("look at a copy", token => copy.UpdateStatusAsync(token).AsTask(), cancellation);
        }
    }

    public Uri? PresignGet(ObjectKey key, TimeSpan lifetime, string contentType, string disposition) =>
        Presign(key, lifetime, BlobSasPermissions.Read, new BlobSasBuilder { ContentType = contentType, ContentDisposition = disposition, CacheControl = "private, no-store" });

    public PresignedPut? PresignPut(ObjectKey key, TimeSpan lifetime, long length, ReadOnlySpan<byte> md5)
    {
        // Azure checks the MD5 if it is sent, but does not require it.
        var headers = new Dictionary<string, string>
        {
            ["Content-Length"] = FormattableString.Invariant($"{length}"),
            ["x-ms-blob-type"] = "BlockBlob",
        };
        if (!md5.IsEmpty)
        {
            headers["Content-MD5"] = Convert.ToBase64String(md5);
        }

        return new PresignedPut(Presign(key, lifetime, BlobSasPermissions.Create | BlobSasPermissions.Write, new BlobSasBuilder()), headers, BindsContent: false);
    }

    private Uri Presign(ObjectKey key, TimeSpan lifetime, BlobSasPermissions permissions, BlobSasBuilder sas)
    {
        (sas.BlobContainerName, sas.BlobName, sas.Resource) = (_options.Container, key.Value, "b");
        sas.ExpiresOn = TimeProvider.System.GetUtcNow() + lifetime;
        sas.Protocol = _options.ServiceAddress.Scheme == Uri.UriSchemeHttp ? SasProtocol.HttpsAndHttp : SasProtocol.Https;
        sas.SetPermissions(permissions);
        return BlobOf(key).GenerateSasUri(sas);
    }

    private BlockBlobClient BlobOf(ObjectKey key) => Container.GetBlockBlobClient(key.Value);

    // default and not null, because null would be converted to a tier of that name.
    private AccessTier? TierOf(ObjectKey key) => _options.StorageClassOf(key) is { } name ? new AccessTier(name) : default(AccessTier?);

    private static Dictionary<string, string> Named(string writing) => new(StringComparer.OrdinalIgnoreCase) { [Writing] = writing };

    private static string? WritingOf(IDictionary<string, string>? metadata) => metadata is not null && metadata.TryGetValue(Writing, out var name) ? name : null;

    private static ContentMark? MarkOf(byte[]? md5) => md5 is { Length: 16 } ? new ContentMark(Convert.ToHexStringLower(md5)) : null;

    private static BlobContainerClient Connect(AzureBlobStoreOptions options)
    {
        var client = new BlobClientOptions();
        // The store does its own retries and timeouts.
        client.Retry.MaxRetries = 0;
        client.Retry.NetworkTimeout = TimeSpan.FromHours(2);
        client.Diagnostics.IsLoggingContentEnabled = false;
        var service = new BlobServiceClient(options.ServiceAddress, new StorageSharedKeyCredential(options.AccountName, options.AccountKey), client);
        return service.GetBlobContainerClient(options.Container);
    }
}
