using System.IO.Hashing;
using Proofsheet.Api.Http;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Uploads.Tus;

/// <summary>The parts of an upload as one stream. Each is compared with what was measured when it was received.</summary>
internal sealed class JoinedParts(IObjectStore store, Id<Tenant> tenant, IReadOnlyList<UploadPart> parts) : ForwardStream
{
    private readonly Crc32 _crc32 = new();
    private ObjectReader? _reader;
    private int _next;
    private long _passed;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_reader is not null || _next < parts.Count)
        {
            _reader ??= await OpenAsync(cancellationToken);
            var read = await _reader.Content.ReadAsync(buffer, cancellationToken);
            if (read > 0)
            {
                _crc32.Append(buffer.Span[..read]);
                _passed += read;
                return read;
            }

            await CloseAsync();
        }

        return 0;
    }

    private async Task<ObjectReader> OpenAsync(CancellationToken cancellation) =>
        await store.OpenAsync(UploadFiles.Part(tenant, parts[_next]), cancellation: cancellation) ?? throw new PartMissingException();

    private async Task CloseAsync()
    {
        var part = parts[_next++];
        await _reader!.DisposeAsync();
        _reader = null;
        if (_passed != part.Length || _crc32.GetCurrentHashAsUInt32() != part.Crc32)
        {
            throw new StoreFailedException();
        }

        _crc32.Reset();
        _passed = 0;
    }

    public override async ValueTask DisposeAsync()
    {
        if (_reader is not null)
        {
            await _reader.DisposeAsync();
        }

        await base.DisposeAsync();
    }
}

/// <summary>An object with bytes of the upload is missing or has changed.</summary>
internal sealed class PartMissingException() : Exception("A part of the upload is not there any more.");
