using Proofsheet.Identity.Pages.Branding;

namespace Proofsheet.Identity.Pages;

internal static class PageHeaders
{
    /// <summary>
    /// The headers of every response. No inline content, and none from other hosts except a studio's logo; no framing, and no referrer, because URLs may
    /// carry a secret. Forms may only target this authority; browsers apply form-action to redirects too, so pages send the browser to clients with
    /// <see cref="Web.Continue"/>, not with a redirect.
    /// </summary>
    public static IApplicationBuilder UsePageHeaders(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), publickey-credentials-create=(self), publickey-credentials-get=(self)";
            var logo = http.Items.TryGetValue(typeof(StudioBrand), out var brand) ? ((StudioBrand)brand!).LogoOrigin : null;
            // The two pages of the protocol set a stricter policy.
            if (headers.ContentSecurityPolicy.Count == 0)
            {
                headers.ContentSecurityPolicy =
                    $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'{(logo is null ? "" : " " + logo)}; connect-src 'self'; "
                    + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
            }

            if (http.Request.IsHttps)
            {
                headers.StrictTransportSecurity = "max-age=31536000";
            }

            if (headers.CacheControl.Count == 0)
            {
                headers.CacheControl = "no-store";
            }

            return Task.CompletedTask;
        });
        return next(http);
    });
}
