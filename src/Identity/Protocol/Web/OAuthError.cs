using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Proofsheet.Identity.Protocol.Web;

/// <summary>An OAuth error (RFC 6749 section 5.2 and its extensions).</summary>
internal sealed record OAuthError(string Code, string Description, int Status = StatusCodes.Status400BadRequest)
{
    /// <summary>The challenge of a 401 response, when the client used the Authorization header (RFC 6749 section 5.2).</summary>
    public string? Challenge { get; init; }

    public static OAuthError InvalidRequest(string description) => new("invalid_request", description);

    public static OAuthError InvalidGrant(string description) => new("invalid_grant", description);

    public static OAuthError InvalidScope(string description) => new("invalid_scope", description);

    public static OAuthError InvalidDpopProof(string description) => new("invalid_dpop_proof", description);

    /// <summary>One text for every reason: an unknown client, a wrong secret and a replayed assertion are indistinguishable.</summary>
    public static OAuthError InvalidClient(bool byHeader = false) => new("invalid_client", "The client could not be authenticated.", StatusCodes.Status401Unauthorized)
    {
        Challenge = byHeader ? "Basic realm=\"proofsheet\", charset=\"UTF-8\"" : null,
    };

    public IResult ToResult() => new Result(this);

    private sealed class Result(OAuthError error) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = error.Status;
            if (error.Challenge is not null)
            {
                httpContext.Response.Headers.WWWAuthenticate = error.Challenge;
            }

            return httpContext.Response.WriteAsJsonAsync(new Body(error.Code, error.Description), ProtocolJson.Options, httpContext.RequestAborted);
        }
    }

    private sealed record Body([property: JsonPropertyName("error")] string Error, [property: JsonPropertyName("error_description")] string Description);
}

/// <summary>Either a value or an error.</summary>
internal readonly struct Outcome<T>
    where T : class
{
    private readonly T? _value;
    private readonly OAuthError? _error;

    private Outcome(T? value, OAuthError? error) => (_value, _error) = (value, error);

    public bool IsRefused([NotNullWhen(true)] out OAuthError? error, [NotNullWhen(false)] out T? value)
    {
        (error, value) = (_error, _value);
        return error is not null;
    }

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(OAuthError error) => new(null, error);
}

internal static class ProtocolJson
{
    public static System.Text.Json.JsonSerializerOptions Options { get; } = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower,
    };
}
