using System.Net;
using System.Text.Json;

namespace Proofsheet.Sdk;

/// <summary>
/// A refusal of the API, or the failure to reach it. Decide by <see cref="Code"/>, which is stable (docs/errors.md lists
/// them), or by the class; the message is for people.
/// </summary>
public class ProofsheetException : Exception
{
    internal ProofsheetException(ProofsheetProblem problem, Exception? inner = null)
        : base(problem.Detail ?? problem.Title ?? $"The API answered {problem.Status}.", inner) => Problem = problem;

    /// <summary>Stable, snake_case; <c>network_error</c> when no answer came at all.</summary>
    public string Code => Problem.Code;

    /// <summary>The HTTP status; null when no answer came.</summary>
    public HttpStatusCode? Status => Problem.Status == 0 ? null : (HttpStatusCode)Problem.Status;

    /// <summary>Name it when you ask for help.</summary>
    public string? TraceId => Problem.TraceId;

    /// <summary>What is wrong by field, in the request's spelling; empty when the refusal is not about fields.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors => Problem.Errors;

    /// <summary>How long to wait before asking again, when the answer says so (429, 503).</summary>
    public TimeSpan? RetryAfter => Problem.RetryAfter;

    /// <summary>The whole refusal, with what this one adds to it.</summary>
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

/// <summary>400: the request is not acceptable as it is; <see cref="ProofsheetException.Errors"/> says which fields.</summary>
public sealed class ProofsheetValidationException : ProofsheetException
{
    internal ProofsheetValidationException(ProofsheetProblem problem) : base(problem) { }
}

/// <summary>401: no credential, or one that is unknown, expired or revoked.</summary>
public sealed class ProofsheetUnauthorizedException : ProofsheetException
{
    internal ProofsheetUnauthorizedException(ProofsheetProblem problem) : base(problem) { }
}

/// <summary>403: the credential may not do this. Also a wrong PIN or password.</summary>
public sealed class ProofsheetForbiddenException : ProofsheetException
{
    internal ProofsheetForbiddenException(ProofsheetProblem problem) : base(problem) { }
}

/// <summary>404: it does not exist, at least not for this credential.</summary>
public sealed class ProofsheetNotFoundException : ProofsheetException
{
    internal ProofsheetNotFoundException(ProofsheetProblem problem) : base(problem) { }
}

/// <summary>409 and 412: it is in another state, or another version, than the request supposes.</summary>
public sealed class ProofsheetConflictException : ProofsheetException
{
    internal ProofsheetConflictException(ProofsheetProblem problem) : base(problem) { }
}

/// <summary>410: it was there and is over, such as an expired gallery.</summary>
public sealed class ProofsheetGoneException : ProofsheetException
{
    internal ProofsheetGoneException(ProofsheetProblem problem) : base(problem) { }
}

/// <summary>422: a rule of the product refuses a well-formed request.</summary>
public sealed class ProofsheetRuleException : ProofsheetException
{
    internal ProofsheetRuleException(ProofsheetProblem problem) : base(problem) { }
}

/// <summary>429: too many requests; <see cref="ProofsheetException.RetryAfter"/> says how long to wait.</summary>
public sealed class ProofsheetRateLimitedException : ProofsheetException
{
    internal ProofsheetRateLimitedException(ProofsheetProblem problem) : base(problem) { }
}

/// <summary>5xx: ours to mend; <see cref="ProofsheetException.TraceId"/> helps us.</summary>
public sealed class ProofsheetServerException : ProofsheetException
{
    internal ProofsheetServerException(ProofsheetProblem problem) : base(problem) { }
}

/// <summary>No answer came: the network, the name, the certificate, or the time limit.</summary>
public sealed class ProofsheetConnectionException : ProofsheetException
{
    internal ProofsheetConnectionException(Exception inner)
        : base(new ProofsheetProblem { Code = "network_error", Detail = "The API could not be reached." }, inner)
    {
    }
}

/// <summary>problem+json (RFC 9457), as every refusal carries it.</summary>
public sealed record ProofsheetProblem
{
    public int Status { get; init; }

    public required string Code { get; init; }

    public string? Title { get; init; }

    public string? Detail { get; init; }

    public string? TraceId { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The document itself; undefined when something between us and the API answered in its own words.</summary>
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
            // A proxy's page: the status says enough.
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
