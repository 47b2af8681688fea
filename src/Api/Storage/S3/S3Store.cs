using System.Globalization;
using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Storage.Remote;

namespace Proofsheet.Api.Storage.S3;

/// <summary>Objects in an S3 bucket: on AWS, OpenStack Swift, or another server.</summary>
internal sealed class S3Store : RemoteStore, IPresignedAccess
{
    private const string Writing = "writing";
    private const string Md5 = "md5";
    private const string PartBytes = "part-bytes";
    private readonly S3StoreOptions _options;
    private readonly AmazonS3Client _client;

    public S3Store(IOptions<StorageOptions> options, ILogger<S3Store> log)
        : base(options.Value.S3, options.Value.TemporaryFolder, log)
    {
        _options = options.Value.S3;
        _client = S3Client.Make(_options);
    }

    public AmazonS3Client Client => _client;

    public override StoreFault Judge(Exception e) => e switch
    {
        AmazonServiceException { ErrorCode: "NoSuchBucket" or "NoSuchUpload" } => StoreFault.Other,
        AmazonServiceException { ErrorCode: "QuotaExceeded" or "XMinioStorageFull" or "XMinioAdminBucketQuotaExceeded" or "InsufficientStorage" } => StoreFault.Full,
        AmazonServiceException { ErrorCode: "BadDigest" or "XAmzContentSHA256Mismatch" or "RequestTimeout" or "SlowDown" or "OperationAborted" or "InternalError" or "IncompleteBody" } => StoreFault.Passing,
        AmazonServiceException { StatusCode: HttpStatusCode.NotFound } => StoreFault.Missing,
        AmazonServiceException { StatusCode: HttpStatusCode.PreconditionFailed } => StoreFault.Changed,
        AmazonServiceException { StatusCode: HttpStatusCode.RequestedRangeNotSatisfiable } => StoreFault.BehindTheEnd,
        AmazonServiceException { StatusCode: HttpStatusCode.InsufficientStorage } => StoreFault.Full,
        AmazonServiceException { StatusCode: HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout } => StoreFault.Passing,
        AmazonServiceException service when (int)service.StatusCode is 0 or >= 500 => StoreFault.Passing,
        AmazonUnmarshallingException => StoreFault.Passing,
        // The library verifies some bodies itself. When they are requested again, we verify them.
        AmazonClientException { InnerException: null } client when client.Message.StartsWith("Expected hash", StringComparison.Ordinal) => StoreFault.Passing,
        AmazonClientException { InnerException: IOException or HttpRequestException or TimeoutException } => StoreFault.Passing,
        _ => StoreFault.Other,
    };

    public Uri? PresignGet(ObjectKey key, TimeSpan lifetime, string contentType, string disposition) => Presign(new GetPreSignedUrlRequest
    {
        Verb = HttpVerb.GET,
        ResponseHeaderOverrides = new ResponseHeaderOverrides { ContentType = contentType, ContentDisposition = disposition, CacheControl = "private, no-store" },
    }, key, lifetime);

    public PresignedPut? PresignPut(ObjectKey key, TimeSpan lifetime, long length, ReadOnlySpan<byte> md5)
    {
        // The headers are signed, so a body of another length or content cannot be sent with them.
        var headers = new Dictionary<string, string> { ["Content-Length"] = length.ToString(CultureInfo.InvariantCulture) };
        if (!md5.IsEmpty)
        {
            headers["Content-MD5"] = Convert.ToBase64String(md5);
        }

        var request = new GetPreSignedUrlRequest { Verb = HttpVerb.PUT };
        foreach (var (name, value) in headers)
        {
            request.Headers[name] = value;
        }

        return new PresignedPut(Presign(request, key, lifetime), headers, BindsContent: !md5.IsEmpty);
    }

    public override void Dispose()
    {
        base.Dispose();
        _client.Dispose();
        GC.SuppressFinalize(this);
    }

    private Uri Presign(GetPreSignedUrlRequest request, ObjectKey key, TimeSpan lifetime)
    {
        (request.BucketName, request.Key) = (_options.Bucket, key.Value);
        request.Expires = TimeProvider.System.GetUtcNow().UtcDateTime + lifetime;
        request.Protocol = _options.Endpoint.StartsWith("http:", StringComparison.OrdinalIgnoreCase) ? Protocol.HTTP : Protocol.HTTPS;
        return new Uri(_client.GetPreSignedURL(request));
    }

    protected override async Task ProbeAsync(CancellationToken cancellation)
    {
        try
        {
            await _client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _options.Bucket, MaxKeys = 1 }, cancellation);
        }
        catch (AmazonServiceException e) when (Judge(e) != StoreFault.Passing)
        {
            throw new InvalidOperationException($"Storage:S3: the bucket '{_options.Bucket}' cannot be used: {e.ErrorCode} ({(int)e.StatusCode}). Look at Bucket, Region, Endpoint and the keys.", e);
        }
    }

    protected override async Task<RemoteObject> HeadAsync(ObjectKey key, CancellationToken cancellation)
    {
        var head = await _client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = _options.Bucket, Key = key.Value }, cancellation);
        return Read(head.ContentLength, head.LastModified, head.ETag, head.Metadata, head.ServerSideEncryptionMethod);
    }

    protected override async Task<RemotePart> GetAsync(ObjectKey key, long from, long? length, string? version, CancellationToken cancellation)
    {
        var isRange = from > 0 || length is not null;
        var request = new GetObjectRequest { BucketName = _options.Bucket, Key = key.Value, EtagToMatch = version };
        if (isRange)
        {
            request.ByteRange = new ByteRange($"bytes={from.ToString(CultureInfo.InvariantCulture)}-{(length is { } some ? (from + some - 1).ToString(CultureInfo.InvariantCulture) : "")}");
        }

        var answer = await _client.GetObjectAsync(request, cancellation);
        var whole = answer.ContentLength;
        if (ContentRange.TryParse(answer.ContentRange, out var range))
        {
            whole = range.Whole;
        }

        if (range.From != from)
        {
            answer.Dispose();
            throw new StoreUnreliableException("The store gave another part than it was asked for.");
        }

        return new RemotePart(Read(whole, answer.LastModified, answer.ETag, answer.Metadata, answer.ServerSideEncryptionMethod), answer.ResponseStream);
    }

    protected override async Task<(IReadOnlyList<ObjectStat> Found, string? Next)> ListPageAsync(ObjectPrefix prefix, string? after, CancellationToken cancellation)
    {
        var page = await _client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = prefix.Value, ContinuationToken = after, MaxKeys = _options.PageItems }, cancellation);
        var found = new List<ObjectStat>();
        foreach (var item in page.S3Objects ?? [])
        {
            if (ObjectKey.TryParse(item.Key, out var key))
            {
                found.Add(new ObjectStat(key, item.Size ?? 0, Utc(item.LastModified)));
            }
        }

        return (found, page.IsTruncated == true ? page.NextContinuationToken : null);
    }

    protected override Task RemoveAsync(ObjectKey key, CancellationToken cancellation) => _client.DeleteObjectAsync(_options.Bucket, key.Value, cancellation);

    public override async Task SendAsync(ObjectKey key, PartBuffer content, byte[] md5, string writing, CancellationToken cancellation)
    {
        var request = new PutObjectRequest
        {
            BucketName = _options.Bucket,
            Key = key.Value,
            InputStream = content.Open(),
            MD5Digest = Convert.ToBase64String(md5),
            UseChunkEncoding = false,
            StorageClass = ClassOf(key),
        };
        request.Metadata[Writing] = writing;
        request.Metadata[Md5] = Convert.ToHexStringLower(md5);
        await _client.PutObjectAsync(request, cancellation);
    }

    public override async Task<IRemoteParts> BeginPartsAsync(ObjectKey key, string writing, CancellationToken cancellation) =>
        new S3Parts(_client, _options.Bucket, key.Value, await BeginAsync(key, writing, _options.PartBytes, cancellation));

    public override async Task SendCopyAsync(ObjectKey from, RemoteObject source, ObjectKey to, CancellationToken cancellation)
    {
        if (source.Length > _options.MaxCopyBytes)
        {
            var upload = await Attempts.RunAsync("begin a copy", token => BeginAsync(to, source.Writing ?? "", _options.CopyPartBytes, token), cancellation);
            var parts = new S3Parts(_client, _options.Bucket, to.Value, upload);
            await parts.CopyAsync(from.Value, source, _options.CopyPartBytes, Attempts, async () => (await FindAsync(from, cancellation))?.Version == source.Version, cancellation);
            return;
        }

        await Attempts.RunAsync("copy an object", token => _client.CopyObjectAsync(new CopyObjectRequest
        {
            SourceBucket = _options.Bucket,
            SourceKey = from.Value,
            // Swift compares with a different tag if the object was sent in parts. A newer source is then detected by the name of its writing.
            ETagToMatch = source.Version.Contains('-') ? null : source.Version,
            DestinationBucket = _options.Bucket,
            DestinationKey = to.Value,
            StorageClass = ClassOf(to),
        }, token), cancellation);
    }

    private async Task<string> BeginAsync(ObjectKey key, string writing, long partBytes, CancellationToken cancellation)
    {
        var request = new InitiateMultipartUploadRequest { BucketName = _options.Bucket, Key = key.Value, StorageClass = ClassOf(key) };
        request.Metadata[Writing] = writing;
        request.Metadata[PartBytes] = partBytes.ToString(CultureInfo.InvariantCulture);
        return (await _client.InitiateMultipartUploadAsync(request, cancellation)).UploadId;
    }

    private RemoteObject Read(long length, DateTime? writtenAt, string etag, MetadataCollection metadata, ServerSideEncryptionMethod? encryption) =>
        new(length, Utc(writtenAt), etag, metadata[Writing], MarkOf(etag.Trim('"'), metadata, encryption));

    private ContentMark? MarkOf(string etag, MetadataCollection metadata, ServerSideEncryptionMethod? encryption)
    {
        if (metadata[Md5] is { Length: 32 } whole)
        {
            return new ContentMark(whole);
        }

        // With a customer-managed key the tag is not an MD5, although it looks like one.
        var isPlain = encryption is null || encryption.Value is null or "" or "AES256";
        return _options.ETagsAreMd5 && isPlain
            ? ContentMark.OfETag(etag, long.TryParse(metadata[PartBytes], CultureInfo.InvariantCulture, out var partBytes) ? partBytes : null)
            : null;
    }

    private S3StorageClass? ClassOf(ObjectKey key) => _options.StorageClassOf(key) is { } name ? new S3StorageClass(name) : null;

    private static DateTimeOffset Utc(DateTime? time) => new(time?.ToUniversalTime() ?? default, TimeSpan.Zero);
}
