namespace Proofsheet.Api.Http;

/// <summary>
/// The versions of the API, each named by its date. A request names the version it was written for in the header Proofsheet-Version;
/// without it the newest version is used. docs/api-conventions.md says how long a version is supported.
/// </summary>
internal static class ApiVersions
{
    public const string Header = "Proofsheet-Version";

    /// <summary>Used for requests that name no version, and sent by both SDKs.</summary>
    public const string Newest = "2026-12-01";

    /// <summary>The supported versions. Until 1.0 there is one.</summary>
    public static IReadOnlyList<string> Known { get; } = [Newest];

    public static IApplicationBuilder UseApiVersions(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (!http.Request.Path.StartsWithSegments("/v1"))
        {
            return next(http);
        }

        var asked = http.Request.Headers[Header];
        if (asked.Count > 0 && !Known.Contains(asked.ToString()))
        {
            return Problems.BadRequest("unknown_version", $"Send one of these as `{Header}`, or leave it out for the newest: {string.Join(", ", Known)}.").ExecuteAsync(http);
        }

        http.Response.Headers[Header] = asked.Count > 0 ? asked.ToString() : Newest;
        return next(http);
    });
}
