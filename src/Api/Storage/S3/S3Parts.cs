using Amazon.S3;
using Amazon.S3.Model;
using Proofsheet.Api.Storage.Remote;

namespace Proofsheet.Api.Storage.S3;

/// <summary>A multipart upload.</summary>
internal sealed class S3Parts(AmazonS3Client client, string bucket, string key, string uploadId) : IRemoteParts
{
    private readonly List<PartETag> _sent = [];

    public async Task SendAsync(int number, PartBuffer content, byte[] md5, CancellationToken cancellation)
    {
        var answer = await client.UploadPartAsync(new UploadPartRequest
        {
            BucketName = bucket,
            Key = key,
            UploadId = uploadId,
            PartNumber = number,
            PartSize = content.Count,
            InputStream = content.Open(),
            MD5Digest = Convert.ToBase64String(md5),
            UseChunkEncoding = false,
        }, cancellation);
        Keep(number, answer.ETag);
    }

    public async Task CompleteAsync(byte[] wholeMd5, CancellationToken cancellation) => await client.CompleteMultipartUploadAsync(
        new CompleteMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = uploadId, PartETags = _sent }, cancellation);

    public async Task AbortAsync(CancellationToken cancellation)
    {
        try
        {
            await client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = uploadId }, cancellation);
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchUpload")
        {
        }
    }

    /// <summary>Copies all bytes of another object that is larger than one request may copy.</summary>
    /// <param name="isSame">Whether it is still the same object; checked at the end, so that no two objects are mixed.</param>
    public async Task CopyAsync(string from, RemoteObject source, long partBytes, Attempts attempts, Func<Task<bool>> isSame, CancellationToken cancellation)
    {
        try
        {
            for (var (number, first) = (1, 0L); first < source.Length; (number, first) = (number + 1, first + partBytes))
            {
                var request = new CopyPartRequest
                {
                    SourceBucket = bucket,
                    SourceKey = from,
                    DestinationBucket = bucket,
                    DestinationKey = key,
                    UploadId = uploadId,
                    PartNumber = number,
                    FirstByte = first,
                    LastByte = Math.Min(first + partBytes, source.Length) - 1,
                };
                Keep(number, (await attempts.RunAsync("copy a part", token => client.CopyPartAsync(request, token), cancellation)).ETag);
            }

            if (!await isSame())
            {
                throw new ObjectChangedException();
            }

            await attempts.RunAsync("complete a copy", token => CompleteAsync([], token), cancellation);
        }
        catch
        {
            await attempts.RunAsync("abort a copy", AbortAsync, CancellationToken.None);
            throw;
        }
    }

    // An attempt whose response was lost may have been stored too; the later one counts.
    private void Keep(int number, string etag)
    {
        _sent.RemoveAll(part => part.PartNumber == number);
        _sent.Add(new PartETag(number, etag));
    }
}
