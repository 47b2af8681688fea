using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Proofsheet.Api.Http;

namespace Proofsheet.Api.Data.Idempotency;

/// <summary>A SHA-256 over everything that identifies a request: method, path, query, the headers that are arguments of an operation, and the body.</summary>
internal sealed class RequestFingerprint : IDisposable
{
    // Arguments of a tus upload (https://tus.io/protocols/resumable-upload).
    private static readonly string[] Arguments = ["Upload-Length", "Upload-Defer-Length", "Upload-Metadata", "Upload-Concat"];

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private HashedStream? _open;
    private bool _ended;

    private RequestFingerprint(HttpRequest request)
    {
        Append($"{request.Method} {request.Path}{request.QueryString}\n");
        foreach (var name in Arguments.Where(request.Headers.ContainsKey))
        {
            Append($"{name}: {request.Headers[name]}\n");
        }
    }

    /// <summary>False if the handler stopped before the end of the body: the fingerprint cannot be compared then.</summary>
    public bool IsWhole => _ended && _open is not { IsAtEnd: false };

    /// <summary>For a body that is kept in memory, or in a temporary file if it is large, so that the handler can read it again.</summary>
    public static async Task<RequestFingerprint> OfBufferedAsync(HttpRequest request, CancellationToken cancellation)
    {
        var fingerprint = new RequestFingerprint(request);
        request.EnableBuffering();
        await fingerprint.AppendAsync(request.Body, cancellation);
        request.Body.Position = 0;
        fingerprint._ended = true;
        return fingerprint;
    }

    /// <summary>For a body that the handler will read.</summary>
    public static RequestFingerprint WhileRead(HttpContext http, IdempotencyBody body)
    {
        var fingerprint = new RequestFingerprint(http.Request);
        if (body == IdempotencyBody.Files)
        {
            http.Features.Set(fingerprint);
            return fingerprint;
        }

        fingerprint._ended = true;
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != false)
        {
            http.Request.Body = fingerprint._open = new HashedStream(http.Request.Body, fingerprint._hash);
        }

        return fingerprint;
    }

    /// <summary>For a body that no handler will read.</summary>
    /// <exception cref="InvalidDataException">The body is not of the kind that the operation takes.</exception>
    public static async Task<RequestFingerprint> OfRepeatedAsync(HttpContext http, IdempotencyBody body, CancellationToken cancellation)
    {
        var fingerprint = new RequestFingerprint(http.Request);
        if (body != IdempotencyBody.Files)
        {
            await fingerprint.AppendAsync(http.Request.Body, cancellation);
        }
        else if (MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) && HeaderUtilities.RemoveQuotes(type.Boundary).ToString() is { Length: > 0 } boundary)
        {
            var reader = new MultipartReader(boundary, http.Request.Body);
            while (await reader.ReadNextSectionAsync(cancellation) is { } section)
            {
                await fingerprint.Part(section).DrainAsync(cancellation);
            }

            fingerprint.End();
        }

        fingerprint._ended = true;
        return fingerprint;
    }

    /// <summary>The content of a part, hashed as it is read.</summary>
    public Stream Read(MultipartSection section) => Part(section);

    /// <summary>There are no more parts.</summary>
    public void End()
    {
        ClosePart();
        _ended = true;
    }

    public byte[] Digest() => _hash.GetHashAndReset();

    public void Dispose()
    {
        _open?.Dispose();
        _hash.Dispose();
    }

    private HashedStream Part(MultipartSection section)
    {
        ClosePart();
        Append($"\n{section.ContentDisposition}\n");
        return _open = new HashedStream(section.Body, IncrementalHash.CreateHash(HashAlgorithmName.SHA256));
    }

    private void ClosePart()
    {
        if (_open is { IsAtEnd: true })
        {
            _hash.AppendData(_open.Hash.GetHashAndReset());
            _open.Hash.Dispose();
            _open = null;
        }
    }

    private void Append(string text) => _hash.AppendData(Encoding.UTF8.GetBytes(text));

    private async Task AppendAsync(Stream body, CancellationToken cancellation)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellation)) > 0)
        {
            _hash.AppendData(buffer, 0, read);
        }
    }

    private sealed class HashedStream(Stream inner, IncrementalHash hash) : ForwardStream
    {
        public IncrementalHash Hash => hash;

        public bool IsAtEnd { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            hash.AppendData(buffer.Span[..read]);
            IsAtEnd |= read == 0 && buffer.Length > 0;
            return read;
        }

        public async Task DrainAsync(CancellationToken cancellation)
        {
            var buffer = new byte[16 * 1024];
            while (await ReadAsync(buffer, cancellation) > 0)
            {
                // Only the hash is needed.
            }
        }
    }
}
