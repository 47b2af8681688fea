using Proofsheet.Identity.Pages.Branding;
using Proofsheet.Identity.Sessions;
using Proofsheet.Identity.Web;

namespace Proofsheet.Identity.Pages;

internal static class PagesSetup
{
    public static IServiceCollection AddPages(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<BrandingOptions>().Bind(configuration.GetSection("Branding"))
            .Validate(o => string.IsNullOrEmpty(o.ApiUrl) || (Uri.TryCreate(o.ApiUrl, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"), "Branding:ApiUrl is the API's address.")
            .ValidateOnStart();
        services.AddRazorPages(options =>
        {
            options.Conventions.AuthorizeFolder("/Account");
            options.Conventions.AuthorizePage("/Device");
        }).WithRazorPagesRoot("/Pages");
        services.AddRouting(options => options.LowercaseUrls = true);
        services.AddAuthorization();
        services.AddAntiforgery(options =>
        {
            options.Cookie = new HostCookieBuilder { Name = HostCookie.Form, HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };
            options.SuppressXFrameOptionsHeader = true;
        });
        services.AddHttpClient(StudioBrands.Client);
        services.AddSingleton<StudioBrands>();
        return services;
    }

    public static void MapPages(this WebApplication app)
    {
        app.MapAssets();
        app.MapGet("/brands/{slug}.css", async (string slug, StudioBrands brands, HttpResponse response, CancellationToken cancellation) =>
        {
            response.Headers.CacheControl = "public, max-age=300";
            return Results.Text((await brands.FindAsync(slug, cancellation))?.ToCss() ?? "", "text/css");
        });
        app.MapGet("/", () => Results.Redirect("/account"));
        app.MapRazorPages();
    }
}
