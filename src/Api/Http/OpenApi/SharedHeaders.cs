using Microsoft.OpenApi;

namespace Proofsheet.Api.Http.OpenApi;

/// <summary>Headers of responses that many operations have. The document describes each once.</summary>
internal static class SharedHeaders
{
    public const string RateLimit = "RateLimit-Limit";
    public const string RateLimitRemaining = "RateLimit-Remaining";

    private static readonly Dictionary<string, OpenApiHeader> All = new(StringComparer.Ordinal)
    {
        [RateLimit] = Number("How many requests in an hour are accepted from this credential; without a credential, from this address."),
        [RateLimitRemaining] = Number("How many of them are left."),
        ["Retry-After"] = Number("Seconds to wait."),
        ["WWW-Authenticate"] = Text("What kind of credential is asked for (RFC 9110, RFC 6750, RFC 9470)."),
        ["Content-Range"] = Text("The length of the file, as in `bytes */1024`."),
    };

    /// <summary>A reference to the header's description, which is added to the document's components.</summary>
    public static IOpenApiHeader Reference(OpenApiDocument document, string name)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.Headers ??= new Dictionary<string, IOpenApiHeader>();
        document.Components.Headers.TryAdd(name, All[name]);
        return new OpenApiHeaderReference(name, document);
    }

    private static OpenApiHeader Number(string description) =>
        new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0" } };

    private static OpenApiHeader Text(string description) => new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
}
