using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Http;
using Proofsheet.Api.Photos;

namespace Proofsheet.Api.Uploads.Tus;

/// <summary>Which parts of tus this server supports, for clients that ask before they send. It needs no credential.</summary>
internal static class TusOptions
{
    public static void MapTusOptions(this IEndpointRouteBuilder routes)
    {
        foreach (var path in (string[])["/galleries/{galleryId}/uploads", "/uploads/{uploadId}"])
        {
            routes.MapMethods(path, [HttpMethods.Options], Handle).ExcludeFromDescription().WithMetadata(new NotRateLimited()).AddEndpointFilter<TusFilter>();
        }
    }

    private static NoContent Handle(HttpContext http, IOptions<PhotoOptions> options)
    {
        var headers = http.Response.Headers;
        headers["Tus-Version"] = Tus.Version;
        headers["Tus-Extension"] = Tus.Extensions;
        headers["Tus-Max-Size"] = options.Value.MaxFileBytes.ToString(CultureInfo.InvariantCulture);
        headers["Tus-Checksum-Algorithm"] = UploadDigest.Algorithms;
        return TypedResults.NoContent();
    }
}
