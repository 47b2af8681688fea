using System.Security.Cryptography;

namespace Proofsheet.Sdk;

/// <summary>The upload has ended or never existed: the file has to start over.</summary>
internal sealed class UploadGoneException : Exception;

/// <summary>
/// Sends one range of a file to one upload, piece by piece. The API decides how much has arrived: after any failure it is asked for the offset,
/// so a lost response costs nothing and no byte is sent twice.
/// </summary>
internal sealed class RangeUploader(TusClient wire, ResumableUploadOptions options, PauseGate gate, UploadFile file, string uploadId, long start, long length)
{
    private readonly RetryPolicy _patience = new(options);
    private byte[] _buffer = [];

    /// <summary>Called with the bytes of the range that have arrived, the stage of the file, and the bytes sent since the last call.</summary>
    public Action<long, UploadStage, long> Moved { get; init; } = static (_, _, _) => { };

    /// <summary>Sends the rest and returns the outcome; null for a part that has arrived completely.</summary>
    /// <param name="isPart">A part is complete with its last byte; the file is made only when all parts are joined.</param>
    /// <param name="offset">Where to begin; null to ask the API.</param>
    /// <param name="cancellationToken">Stops sending; the API keeps what has arrived.</param>
    public async Task<UploadEnd?> SendAsync(bool isPart, long? offset, CancellationToken cancellationToken)
    {
        UploadPoint? at = offset is { } known ? new UploadPoint(known) : null;
        while (true)
        {
            if (gate.IsClosed)
            {
                await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
                _patience.Progressed();
                at = null;
            }

            try
            {
                at ??= await HeadAsync(cancellationToken).ConfigureAwait(false);
                if (at.End is not null || (isPart && at.Offset == length))
                {
                    return at.End;
                }

                // Every byte has arrived, but the outcome is unknown: an empty PATCH returns it, or finishes the upload.
                var before = at.Offset;
                at = await PieceAsync(before, cancellationToken).ConfigureAwait(false);
                if (at.Offset > before || at.End is not null)
                {
                    _patience.Progressed();
                }
                else if (before == length)
                {
                    throw new ProofsheetConnectionException(new InvalidDataException("The upload is whole and has not ended."));
                }
            }
            catch (OperationCanceledException) when (gate.IsClosed && !cancellationToken.IsCancellationRequested)
            {
                at = null;
            }
            catch (ProofsheetException failure) when ((int?)failure.Status is 404 or 410)
            {
                throw new UploadGoneException();
            }
            catch (ProofsheetException failure) when (RetryPolicy.IsRefusal(failure))
            {
                return UploadEnd.Refused(failure.Code, failure.Message);
            }
            catch (ProofsheetException failure) when (RetryPolicy.MayPass(failure))
            {
                var stood = at?.Offset ?? 0;
                at = null;
                Moved(stood, UploadStage.Waiting, 0);
                await _patience.WaitAsync(failure, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<UploadPoint> HeadAsync(CancellationToken cancellationToken)
    {
        UploadPoint at;
        try
        {
            at = await wire.HeadAsync(uploadId, cancellationToken).ConfigureAwait(false);
        }
        catch (ProofsheetException failure) when ((int?)failure.Status == 422)
        {
            // A response to HEAD has no body, so the reason has to be fetched.
            at = new UploadPoint(length, await wire.EndOfAsync(uploadId, cancellationToken).ConfigureAwait(false));
        }

        if (at.Offset > length)
        {
            throw new UploadGoneException();
        }

        Moved(at.Offset, UploadStage.Sending, 0);
        return at;
    }

    private async Task<UploadPoint> PieceAsync(long offset, CancellationToken cancellationToken)
    {
        var piece = await ReadAsync(offset, (int)Math.Min(options.ChunkBytes, length - offset), cancellationToken).ConfigureAwait(false);
        using var stall = new StallWatch(options.StallTimeout, gate, cancellationToken);
        var sent = offset;
        using var content = new PieceContent(piece, bytes =>
        {
            if (stall.Moves())
            {
                Moved(sent += bytes, UploadStage.Sending, bytes);
            }
        });
        try
        {
            var at = await wire.AppendAsync(uploadId, offset, content, ChecksumOf(piece), stall.Token).ConfigureAwait(false);
            if (at.Offset != sent)
            {
                Moved(at.Offset, UploadStage.Sending, 0);
            }

            return at;
        }
        catch (OperationCanceledException stalled) when (!cancellationToken.IsCancellationRequested && !gate.IsClosed)
        {
            throw new ProofsheetConnectionException(stalled);
        }
    }

    private async Task<ArraySegment<byte>> ReadAsync(long offset, int count, CancellationToken cancellationToken)
    {
        if (_buffer.Length < count)
        {
            _buffer = new byte[count];
        }

        using var content = file.Open();
        await content.SkipAsync(start + offset, cancellationToken).ConfigureAwait(false);
        for (var filled = 0; filled < count;)
        {
            var read = await content.ReadAsync(_buffer, filled, count - filled, cancellationToken).ConfigureAwait(false);
            filled += read > 0 ? read : throw new EndOfStreamException($"{file.Path} became shorter while it was sent.");
        }

        return new ArraySegment<byte>(_buffer, 0, count);
    }

    private static string ChecksumOf(ArraySegment<byte> piece) => $"sha256 {Convert.ToBase64String(OlderFrameworks.Sha256(piece))}";
}

internal static class FileReading
{
    /// <summary>Advances a stream that is at its beginning.</summary>
    public static async Task SkipAsync(this Stream stream, long bytes, CancellationToken cancellationToken)
    {
        if (stream.CanSeek)
        {
            stream.Seek(bytes, SeekOrigin.Begin);
            return;
        }

        var buffer = new byte[64 * 1024];
        while (bytes > 0)
        {
            var read = await stream.ReadAsync(buffer, 0, (int)Math.Min(buffer.Length, bytes), cancellationToken).ConfigureAwait(false);
            bytes -= read > 0 ? read : throw new EndOfStreamException();
        }
    }

    /// <summary>Copies the file and reports each piece that was written.</summary>
    public static async Task CopyToAsync(this UploadFile file, Stream target, Action<int> written, CancellationToken cancellationToken)
    {
        using var content = file.Open();
        var buffer = new byte[128 * 1024];
        int read;
        while ((read = await content.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)) > 0)
        {
            await target.WriteAsync(buffer, 0, read, cancellationToken).ConfigureAwait(false);
            written(read);
        }
    }

    /// <summary>SHA-256 in lowercase hexadecimal, computed one buffer at a time.</summary>
    public static async Task<string> Sha256Async(this UploadFile file, CancellationToken cancellationToken)
    {
        using var sha256 = SHA256.Create();
        using var content = file.Open();
        var buffer = new byte[256 * 1024];
        int read;
        while ((read = await content.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)) > 0)
        {
            sha256.TransformBlock(buffer, 0, read, null, 0);
        }

        sha256.TransformFinalBlock([], 0, 0);
        return sha256.Hash!.ToHex();
    }
}
