using Microsoft.AspNetCore.Http.Metadata;

namespace Proofsheet.Api.Uploads.Multipart;

/// <summary>How long an endpoint's bodies may be, in place of the server's limit. Read by the routing, which tells the server before the body is touched.</summary>
/// <param name="bytes">Null where the handler knows it better.</param>
internal sealed class BodySize(long? bytes) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize { get; } = bytes;
}
