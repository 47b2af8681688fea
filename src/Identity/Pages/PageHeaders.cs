using Proofsheet.Identity.Pages.Branding;

namespace Proofsheet.Identity.Pages;

internal static class PageHeaders
{
    /// <summary>
    /// What every answer carries. Nothing inline and nothing from elsewhere but a studio's logo; nobody frames these pages, and addresses
    /// that carry a secret are told to nobody. Forms lead to this authority only: browsers hold form-action against redirects as well,
    /// so that pages lead on to clients by <see cref="Web.Continue"/> and not by redirects.
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
            // The protocol's own two pages have stricter ones.
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
