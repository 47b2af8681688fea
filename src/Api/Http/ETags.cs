using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Http;

/// <summary>Versions as entity tags: a read returns the version, and a change may name the version it was based on (RFC 9110, 13.1.1).</summary>
public static class ETags
{
    public static void Write(HttpContext http, IVersioned row) => http.Response.Headers.ETag = Of(row);

    public static string Of(IVersioned row) => $"\"v{row.Version}\"";

    /// <summary>False if If-Match names another version than the row's; true without If-Match.</summary>
    public static bool IfMatch(HttpContext http, IVersioned row)
    {
        if (http.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<TakesIfMatch>() is null)
        {
            throw new InvalidOperationException($"{endpoint.DisplayName} reads If-Match, so it is mapped with TakesIfMatch().");
        }

        var given = http.Request.Headers.IfMatch;
        if (given.Count == 0)
        {
            return true;
        }

        return given.SelectMany(v => (v ?? "").Split(',')).Any(tag => tag.Trim() is "*" || tag.Trim() == Of(row));
    }
}

/// <summary>Endpoint metadata: the endpoint supports If-Match.</summary>
internal sealed class TakesIfMatch;

internal static class IfMatchMetadata
{
    /// <summary>Documents the header If-Match, and the 412 for another version.</summary>
    public static RouteHandlerBuilder TakesIfMatch(this RouteHandlerBuilder route) =>
        route.WithMetadata(new TakesIfMatch()).ProducesProblem(StatusCodes.Status412PreconditionFailed);
}
