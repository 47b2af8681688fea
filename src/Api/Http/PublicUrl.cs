using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Proofsheet.Api.Http;

/// <summary>The section <c>Api</c>.</summary>
internal sealed class ApiOptions
{
    /// <summary>
    /// Scheme and host under which clients call, e.g. <c>https://api.example</c>: every URL that is answered begins with it, and DPoP proofs
    /// have to name it. Empty: as the request says, which a proxy that does not pass the host on makes wrong; mails then have no such URL.
    /// </summary>
    [RegularExpression("^(https?://[^/]+)?$", ErrorMessage = "Api:PublicUrl is a scheme and a host, without a path.")]
    public string PublicUrl { get; init; } = "";
}

/// <summary>Makes absolute URLs of this API's paths.</summary>
internal sealed class PublicUrl(IHttpContextAccessor http, IOptions<ApiOptions> options)
{
    /// <summary>Scheme and host; null in background work when none is configured.</summary>
    public string? Base => options.Value.PublicUrl.Length > 0
        ? options.Value.PublicUrl
        : http.HttpContext?.Request is { } request ? Of(request) : null;

    /// <param name="path">From the root, such as <c>/v1/studio</c>.</param>
    public string Of(string path) => Base + path;

    private static string Of(HttpRequest request) => $"{request.Scheme}://{request.Host}";
}

internal static class AbsoluteLocations
{
    /// <summary>Handlers name what they made by its path; clients get the whole URL, as in bodies.</summary>
    public static IApplicationBuilder UseAbsoluteLocations(this IApplicationBuilder app)
    {
        var url = app.ApplicationServices.GetRequiredService<PublicUrl>();
        return app.Use((http, next) =>
        {
            http.Response.OnStarting(() =>
            {
                if (http.Response.Headers.Location.ToString() is ['/', not '/', ..] path)
                {
                    http.Response.Headers.Location = url.Of(path);
                }

                return Task.CompletedTask;
            });
            return next(http);
        });
    }
}
