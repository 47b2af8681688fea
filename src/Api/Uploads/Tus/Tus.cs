using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Http;

namespace Proofsheet.Api.Uploads.Tus;

/// <summary>The headers of tus 1.0.0, and our own.</summary>
internal static class Tus
{
    public const string Version = "1.0.0";
    public const string Extensions = "creation,creation-with-upload,creation-defer-length,expiration,checksum,termination,concatenation";
    public const string ContentType = "application/offset+octet-stream";

    public const string Resumable = "Tus-Resumable";
    public const string Offset = "Upload-Offset";
    public const string Length = "Upload-Length";
    public const string DeferLength = "Upload-Defer-Length";
    public const string Metadata = "Upload-Metadata";
    public const string Checksum = "Upload-Checksum";
    public const string Concat = "Upload-Concat";
    public const string Expires = "Upload-Expires";

    public const string Outcome = "Proofsheet-Upload-Outcome";
    public const string Photo = "Proofsheet-Photo";

    public const string MalformedHeader = "invalid_upload_header";

    public static ProblemHttpResult? RefuseVersion(HttpContext http)
    {
        if (http.Request.Headers[Resumable] == Version)
        {
            return null;
        }

        http.Response.Headers["Tus-Version"] = Version;
        return Problems.Of(412, "tus_version_unsupported", $"Send `{Resumable}: {Version}`.");
    }

    public static bool HasBytes(HttpRequest request) =>
        request.ContentType is { } type && type.Split(';')[0].Trim().Equals(ContentType, StringComparison.OrdinalIgnoreCase);

    /// <summary>A count of bytes; null when the header is absent.</summary>
    public static long? Number(HttpRequest request, string header)
    {
        var given = request.Headers[header];
        if (given.Count == 0)
        {
            return null;
        }

        return long.TryParse(given.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Malformed($"{header} is a whole number of bytes, from 0.");
    }

    public static ProblemException Malformed(string detail) => new(400, MalformedHeader, detail);

    public static void Show(HttpContext http, Upload upload)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers[Offset] = upload.Offset.ToString(CultureInfo.InvariantCulture);
        headers[Expires] = upload.ExpiresAt.ToString("R", CultureInfo.InvariantCulture);
        if (upload.Status == UploadStatus.Done && upload.PhotoId is { } photo)
        {
            headers[Outcome] = upload.Outcome!.Value.ToString().ToLowerInvariant();
            headers[Photo] = photo.ToString();
        }
    }
}

/// <summary>Adds the tus version to every response of an endpoint, errors included.</summary>
internal sealed class TusFilter : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        // As late as possible, because the exception handler clears headers that were set earlier.
        context.HttpContext.Response.OnStarting(() =>
        {
            context.HttpContext.Response.Headers[Tus.Resumable] = Tus.Version;
            return Task.CompletedTask;
        });
        return next(context);
    }
}

/// <summary>The checksum that the bytes of one request must have.</summary>
internal sealed record UploadDigest(HashAlgorithmName Algorithm, byte[] Expected)
{
    public const string Algorithms = "sha1,sha256";

    /// <summary>Null if the request has no checksum.</summary>
    public static UploadDigest? Of(HttpRequest request)
    {
        var given = request.Headers[Tus.Checksum];
        if (given.Count == 0)
        {
            return null;
        }

        var parts = given.ToString().Split(' ');
        (HashAlgorithmName Name, int Bytes) algorithm = parts[0] switch
        {
            "sha1" => (HashAlgorithmName.SHA1, SHA1.HashSizeInBytes),
            "sha256" => (HashAlgorithmName.SHA256, SHA256.HashSizeInBytes),
            _ => throw Tus.Malformed($"{Tus.Checksum} is by one of {Algorithms}."),
        };
        var expected = new byte[algorithm.Bytes];
        return parts.Length == 2 && Convert.TryFromBase64String(parts[1], expected, out var read) && read == algorithm.Bytes
            ? new(algorithm.Name, expected)
            : throw Tus.Malformed($"{Tus.Checksum} is an algorithm, a space and the digest in base64.");
    }

    public bool Fits(IncrementalHash hash) => CryptographicOperations.FixedTimeEquals(hash.GetHashAndReset(), Expected);
}
