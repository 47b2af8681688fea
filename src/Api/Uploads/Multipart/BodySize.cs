using Microsoft.AspNetCore.Http.Metadata;

namespace Proofsheet.Api.Uploads.Multipart;

/// <summary>The maximum body size of an endpoint, in place of the server's limit. Routing applies it before the body is read.</summary>
/// <param name="bytes">Null where the handler enforces its own limit.</param>
internal sealed class BodySize(long? bytes) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize { get; } = bytes;
}
