using System.Text;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Proofsheet.Api.Storage.Remote;

namespace Proofsheet.Api.Storage.Azure;

/// <summary>Blocks that together become a blob. Azure deletes uncommitted blocks after a week; there is no call to delete them.</summary>
internal sealed class AzureParts(BlockBlobClient blob, string writing, Dictionary<string, string> metadata, AccessTier? tier) : IRemoteParts
{
    private readonly List<string> _blocks = [];

    public async Task SendAsync(int number, PartBuffer content, byte[] md5, CancellationToken cancellation)
    {
        // Named after the writing, so that concurrent puts of one key do not mix their blocks.
        var block = Convert.ToBase64String(Encoding.ASCII.GetBytes(FormattableString.Invariant($"{writing}{number:00000}")));
        var check = new UploadTransferValidationOptions { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5, PrecalculatedChecksum = md5 };
        await blob.StageBlockAsync(block, content.Open(), new BlockBlobStageBlockOptions { TransferValidation = check }, cancellation);
        if (_blocks.Count < number)
        {
            _blocks.Add(block);
        }
    }

    public async Task CompleteAsync(byte[] wholeMd5, CancellationToken cancellation)
    {
        try
        {
            await blob.CommitBlockListAsync(_blocks, new CommitBlockListOptions
            {
                HttpHeaders = new BlobHttpHeaders { ContentHash = wholeMd5 },
                Metadata = metadata,
                AccessTier = tier,
            }, cancellation);
        }
        catch (RequestFailedException e) when (e.ErrorCode == "InvalidBlockList")
        {
            // Another put of the key was completed in the meantime, which drops all blocks: ours came first and was replaced.
            // The caller checks that there is another one.
        }
    }

    public Task AbortAsync(CancellationToken cancellation) => Task.CompletedTask;
}
