using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Http;

namespace Proofsheet.Api.Uploads.Multipart;

/// <summary>Streams the files of a multipart body one after the other, with no more than a buffer of one file in memory.</summary>
internal sealed class IncomingFiles
{
    private const int MaxHeadersBytes = 16 * 1024;
    private const int MaxHeaders = 16;
    private readonly MultipartReader _reader;
    private readonly RequestFingerprint? _fingerprint;

    private IncomingFiles(MultipartReader reader, RequestFingerprint? fingerprint) => (_reader, _fingerprint) = (reader, fingerprint);

    /// <exception cref="ProblemException">415 for another content type, 400 for one without a boundary.</exception>
    public static IncomingFiles Of(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(415, "unsupported_media_type", "Send the files as `multipart/form-data`.");
        }

        // RFC 2046 allows 70 characters.
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        return boundary.Length is > 0 and <= 70
            ? new(new MultipartReader(boundary, request.Body) { HeadersLengthLimit = MaxHeadersBytes, HeadersCountLimit = MaxHeaders }, request.HttpContext.Features.Get<RequestFingerprint>())
            : throw new ProblemException(400, "malformed_multipart", "`Content-Type` needs a boundary of 1 to 70 characters.");
    }

    /// <summary>The next part; null after the last one.</summary>
    /// <exception cref="UploadInterruptedException">The body ended early or is malformed.</exception>
    public async Task<IncomingPart?> NextAsync(CancellationToken cancellation)
    {
        try
        {
            if (await _reader.ReadNextSectionAsync(cancellation) is { } section)
            {
                return IncomingPart.Of(section, _fingerprint?.Read(section) ?? section.Body);
            }

            _fingerprint?.End();
            return null;
        }
        catch (Exception e) when (UploadInterruptedException.Of(e) is { } interrupted)
        {
            throw interrupted;
        }
    }
}

/// <param name="Name">The form field.</param>
/// <param name="FileName">Null for a field that is not a file.</param>
/// <param name="Content">Must be read before the next part is requested.</param>
internal sealed record IncomingPart(string Name, string? FileName, Stream Content)
{
    public static IncomingPart Of(MultipartSection section, Stream body)
    {
        // A part without a readable disposition is handled like one that is not a file.
        _ = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition);
        var fileName = disposition?.FileNameStar is { Length: > 0 } extended ? extended : disposition?.FileName;
        return new IncomingPart(
            HeaderUtilities.RemoveQuotes(disposition?.Name ?? default).ToString(),
            // Only an escaped quote is treated as an escape, since some clients send whole Windows paths, backslashes included.
            fileName is { HasValue: true } name ? HeaderUtilities.RemoveQuotes(name).ToString().Replace("\\\"", "\"", StringComparison.Ordinal) : null,
            new PartContent(body));
    }

    /// <summary>Distinguishes a broken body from a broken disk: when one is copied to the other, both throw IOException.</summary>
    private sealed class PartContent(Stream body) : ForwardStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await body.ReadAsync(buffer, cancellationToken);
            }
            catch (Exception e) when (UploadInterruptedException.Of(e) is { } interrupted)
            {
                throw interrupted;
            }
        }
    }
}

/// <summary>The rest of the body will not arrive, or is malformed.</summary>
internal sealed class UploadInterruptedException(int status, string code, string detail, Exception inner) : Exception(detail, inner)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public static UploadInterruptedException? Of(Exception e) => e switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            new(413, "body_too_large", "The upload is larger than one request takes. Send the files in several requests.", e),
        BadHttpRequestException or EndOfStreamException or IOException =>
            new(400, "upload_incomplete", "The body ended before this file was whole. Send the file again.", e),
        InvalidDataException => new(400, "malformed_multipart", "The body is not well-formed multipart/form-data.", e),
        _ => null,
    };
}
