using System.Net;
using System.Text.Json;

namespace Proofsheet.Sdk;

/// <summary>
/// An error that the API returned, or a failure to reach it. Branch on <see cref="Code"/>, which is stable (see docs/errors.md for the list),
/// or on the exception type; the message is for people.
/// </summary>
public class ProofsheetException : Exception
{
    internal ProofsheetException(ProofsheetProblem problem, Exception? inner = null)
        : base(problem.Detail ?? problem.Title ?? $"The API answered {problem.Status}.", inner) => Problem = problem;

    /// <summary>A stable snake_case code; <c>network_error</c> when there was no response.</summary>
    public string Code => Problem.Code;

    /// <summary>The HTTP status; null when there was no response.</summary>
    public HttpStatusCode? Status => Problem.Status == 0 ? null : (HttpStatusCode)Problem.Status;

    /// <summary>Quote this ID when you contact support.</summary>
    public string? TraceId => Problem.TraceId;

    /// <summary>Error messages by field, spelled as in the request; empty when the error is not about fields.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors => Problem.Errors;

    /// <summary>How long to wait before trying again, when the response says so (429, 503).</summary>
    public TimeSpan? RetryAfter => Problem.RetryAfter;

    /// <summary>The whole problem document, including the members that are specific to this error.</summary>
    public ProofsheetProblem Problem { get; }

    internal static ProofsheetException Of(ProofsheetProblem problem) => problem.Status switch
    {
        400 => new ProofsheetValidationException(problem),
        401 => new ProofsheetUnauthorizedException(problem),
        403 => new ProofsheetForbiddenException(problem),
        404 => new ProofsheetNotFoundException(problem),
        409 or 412 => new ProofsheetConflictException(problem),
        410 => new ProofsheetGoneException(problem),
        422 => new ProofsheetRuleException(problem),
        429 => new ProofsheetRateLimitedException(problem),
        >= 500 => new ProofsheetServerException(problem),
        _ => new ProofsheetException(problem),
    };
}

/// <summary>400: the request is invalid; <see cref="ProofsheetException.Errors"/> names the fields.</summary>
public sealed class ProofsheetValidationException : ProofsheetException
{
    internal ProofsheetValidationException(ProofsheetProblem problem) : base(problem) { }
}

/// <summary>401: no credential, or one that is unknown, expired or revoked.</summary>
public sealed class ProofsheetUnauthorizedException : ProofsheetException
{
    internal ProofsheetUnauthorizedException(ProofsheetProblem problem) : base(problem) { }
}

/// <summary>403: the credential lacks permission. Also returned for a wrong PIN or password.</summary>
public sealed class ProofsheetForbiddenException : ProofsheetException
{
    internal ProofsheetForbiddenException(ProofsheetProblem problem) : base(problem) { }
}

/// <summary>404: not found, or not visible to this credential.</summary>
public sealed class ProofsheetNotFoundException : ProofsheetException
{
    internal ProofsheetNotFoundException(ProofsheetProblem problem) : base(problem) { }
}

/// <summary>409 or 412: the resource is in another state, or another version, than the request assumes.</summary>
public sealed class ProofsheetConflictException : ProofsheetException
{
    internal ProofsheetConflictException(ProofsheetProblem problem) : base(problem) { }
}

/// <summary>410: it existed and no longer does, such as an expired gallery.</summary>
public sealed class ProofsheetGoneException : ProofsheetException
{
    internal ProofsheetGoneException(ProofsheetProblem problem) : base(problem) { }
}

/// <summary>422: the request is well-formed, but breaks a rule of the product.</summary>
public sealed class ProofsheetRuleException : ProofsheetException
{
    internal ProofsheetRuleException(ProofsheetProblem problem) : base(problem) { }
}

/// <summary>429: too many requests; <see cref="ProofsheetException.RetryAfter"/> says how long to wait.</summary>
public sealed class ProofsheetRateLimitedException : ProofsheetException
{
    internal ProofsheetRateLimitedException(ProofsheetProblem problem) : base(problem) { }
}

/// <summary>5xx: an error on our side; include <see cref="ProofsheetException.TraceId"/> when you report it.</summary>
public sealed class ProofsheetServerException : ProofsheetException
{
    internal ProofsheetServerException(ProofsheetProblem problem) : base(problem) { }
}

/// <summary>No response: a failure of the network, DNS or TLS, or a timeout.</summary>
public sealed class ProofsheetConnectionException : ProofsheetException
{
    internal ProofsheetConnectionException(Exception inner)
        : base(new ProofsheetProblem { Code = "network_error", Detail = "The API could not be reached." }, inner)
    {
    }
}

/// <summary>The problem document (RFC 9457) that every error response of the API carries.</summary>
public sealed record ProofsheetProblem
{
    public int Status { get; init; }

    public required string Code { get; init; }

    public string? Title { get; init; }

    public string? Detail { get; init; }

    public string? TraceId { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The JSON document itself; undefined when a proxy answered instead of the API.</summary>
    public JsonElement Body { get; init; }

    internal static ProofsheetProblem Read(int status, string text, TimeSpan? retryAfter)
    {
        JsonElement body = default;
        try
        {
            using var json = JsonDocument.Parse(text);
            body = json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Clone() : default;
        }
        catch (JsonException)
        {
            // Not JSON, such as a proxy's error page: the status has to do.
        }

        string? Text(string name) =>
            body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        var errors = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (body.ValueKind == JsonValueKind.Object && body.TryGetProperty("errors", out var fields) && fields.ValueKind == JsonValueKind.Object)
        {
            foreach (var field in fields.EnumerateObject().Where(f => f.Value.ValueKind == JsonValueKind.Array))
            {
                errors[field.Name] = [.. field.Value.EnumerateArray().Select(e => e.ToString())];
            }
        }

        return new ProofsheetProblem
        {
            Status = status,
            Code = Text("code") ?? $"http_{status}",
            Title = Text("title"),
            Detail = Text("detail"),
            TraceId = Text("traceId"),
            Errors = errors,
            RetryAfter = retryAfter,
            Body = body,
        };
    }
}
