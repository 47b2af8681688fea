using System.Diagnostics;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Http.OpenApi;

namespace Proofsheet.Api.Http;

internal static class SecurityHeaders
{
    // The reference is a page with its own scripts and styles, embedded pictures, and calls to this API and, for tokens, to the
    // authority. Nothing is inline except one style, allowed by its hash, that colors Swagger's logo.
    private static string ReferencePolicy(string authority) =>
        $"default-src 'none'; script-src 'self'; style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; img-src 'self' data:; font-src 'self'; connect-src 'self' {authority}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Headers of every response, including the request's id: the W3C trace id, which the logs contain too.</summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app)
    {
        var reference = ReferencePolicy(app.ApplicationServices.GetRequiredService<IOptions<OAuthDocumentOptions>>().Value.TokenOrigin);
        return app.Use((http, next) => AddAsync(http, next, reference));
    }

    private static Task AddAsync(HttpContext http, RequestDelegate next, string reference)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["X-Request-Id"] = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;
        headers.ContentSecurityPolicy = http.Request.Path.StartsWithSegments("/reference") ? reference : "default-src 'none'; frame-ancestors 'none'";
        headers.XFrameOptions = "DENY";

        // Pictures are shown on the studios' own sites; nothing else is meant to be embedded.
        headers["Cross-Origin-Resource-Policy"] = http.Request.Path.StartsWithSegments("/v1/media") ? "cross-origin" : "same-origin";
        return next(http);
    }
}
