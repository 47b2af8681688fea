using System.Diagnostics;

namespace Proofsheet.Api.Kernel;

internal static class SecurityHeaders
{
    /// <summary>Headers every answer carries, and the request's id: the W3C trace id, which the logs carry too.</summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Request-Id"] = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
        if (!http.Request.Path.StartsWithSegments("/reference"))
        {
            headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
            headers.XFrameOptions = "DENY";
        }

        // Pictures are shown on the studios' own sites; nothing else is meant to be embedded.
        headers["Cross-Origin-Resource-Policy"] = http.Request.Path.StartsWithSegments("/v1/media") ? "cross-origin" : "same-origin";
        return next(http);
    });
}
