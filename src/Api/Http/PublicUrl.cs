using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Proofsheet.Api.Http;

/// <summary>The section <c>Api</c>.</summary>
internal sealed class ApiOptions
{
    /// <summary>
    /// The scheme and host that clients call, for example <c>https://api.example</c>: every returned URL starts with it, and DPoP proofs
    /// have to name it. If empty, it is taken from the request, which is wrong behind a proxy that does not forward the host; emails then have no such URL.
    /// </summary>
    [RegularExpression("^(https?://[^/]+)?$", ErrorMessage = "Api:PublicUrl is a scheme and a host, without a path.")]
    public string PublicUrl { get; init; } = "";
}

/// <summary>Makes absolute URLs of paths of this API.</summary>
internal sealed class PublicUrl(IHttpContextAccessor http, IOptions<ApiOptions> options)
{
    /// <summary>The scheme and host; null in background work if none is configured.</summary>
    public string? Base => options.Value.PublicUrl.Length > 0
        ? options.Value.PublicUrl
        : http.HttpContext?.Request is { } request ? Of(request) : null;

    /// <param name="path">From the root, such as <c>/v1/studio</c>.</param>
    public string Of(string path) => Base + path;

    private static string Of(HttpRequest request) => $"{request.Scheme}://{request.Host}";
}

internal static class AbsoluteLocations
{
    /// <summary>Handlers set Location to a path; clients get the whole URL, as in bodies.</summary>
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
