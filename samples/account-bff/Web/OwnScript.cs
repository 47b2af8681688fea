namespace Proofsheet.AccountBff.Web;

/// <summary>
/// Allows a request only from scripts of this site. The cookie is sent with every request to this site, but the header is not: a form cannot send
/// it, and a script of another site would need a preflight, which is never answered.
/// </summary>
internal static class OwnScript
{
    public const string Header = "X-CSRF";

    public static TBuilder RequireOwnScript<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.AddEndpointFilter(async (context, next) => IsOwn(context.HttpContext) ? await next(context) : Answers.Refusal(StatusCodes.Status403Forbidden, "csrf", "This needs the header X-CSRF: 1, from a page of this site."));

    private static bool IsOwn(HttpContext http)
    {
        var headers = http.Request.Headers;
        return headers[Header] == "1"
            && (!headers.TryGetValue("Sec-Fetch-Site", out var site) || site == "same-origin")
            && (!headers.TryGetValue("Origin", out var origin) || Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == http.Request.Host.Value);
    }
}

internal static class Answers
{
    /// <summary>In the API's format (problem+json with a code), so that the SDKs can read it.</summary>
    public static IResult Refusal(int status, string code, string detail) =>
        Results.Problem(statusCode: status, detail: detail, extensions: new Dictionary<string, object?> { ["code"] = code });
}
