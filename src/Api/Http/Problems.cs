using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Proofsheet.Api.Http;

/// <summary>
/// Expected refusals, as RFC 9457 problem details with a stable <c>code</c>. docs/errors.md lists every code;
/// a test compares that list with the code.
/// </summary>
public static class Problems
{
    public const string TypeBase = "https://proofsheet.dev/errors/";

    public static ProblemHttpResult BadRequest(string code, string detail) => Of(400, code, detail);

    public static ProblemHttpResult Unauthorized(string code, string detail) => Of(401, code, detail);

    public static ProblemHttpResult Forbidden(string code, string detail) => Of(403, code, detail);

    /// <summary>Also used for an object of another studio, which does not exist for the caller.</summary>
    /// <param name="what">The noun, as in "No such <paramref name="what"/>.".</param>
    public static ProblemHttpResult NotFound(string what) => Of(404, "not_found", $"No such {what}.");

    public static ProblemHttpResult Conflict(string code, string detail) => Of(409, code, detail);

    public static ProblemHttpResult Gone(string code, string detail) => Of(410, code, detail);

    public static ProblemHttpResult PreconditionFailed() =>
        Of(412, "version_mismatch", "It has changed since you read it. Read it again and repeat your change.");

    public static ProblemHttpResult TooLarge(string code, string detail) => Of(413, code, detail);

    public static ProblemHttpResult UnsupportedMedia(string detail) => Of(415, "unsupported_media_type", detail);

    /// <summary>A rule of the product refuses a well-formed request. <paramref name="field"/> is spelled as in the request.</summary>
    public static ProblemHttpResult Rule(string code, string detail, string? field = null) => field is null
        ? Of(422, code, detail)
        : Of(422, code, detail, new Dictionary<string, object?> { ["errors"] = new Dictionary<string, string[]> { [field] = [detail] } });

    public static ProblemHttpResult Invalid(IDictionary<string, string[]> errors) =>
        Of(400, "validation_failed", "Some fields are not acceptable.", new Dictionary<string, object?> { ["errors"] = errors });

    public static ProblemHttpResult Of(int status, string code, string detail, IDictionary<string, object?>? more = null) =>
        TypedResults.Problem(Details(status, code, detail, more));

    public static ProblemDetails Details(int status, string code, string detail, IDictionary<string, object?>? more = null)
    {
        var problem = new ProblemDetails
        {
            Type = TypeBase + code,
            Title = Title(status),
            Status = status,
            Detail = detail,
        };
        problem.Extensions["code"] = code;
        foreach (var (name, value) in more ?? new Dictionary<string, object?>())
        {
            problem.Extensions[name] = value;
        }

        return problem;
    }

    private static string Title(int status) => status switch
    {
        400 => "The request is malformed",
        401 => "No valid credential",
        403 => "Not allowed",
        404 => "Not found",
        405 => "Method not allowed",
        406 => "Not acceptable",
        409 => "Conflicts with the present state",
        410 => "Gone",
        411 => "Length required",
        412 => "Precondition failed",
        413 => "Too large",
        415 => "Unsupported media type",
        416 => "Range not satisfiable",
        422 => "Refused by a rule",
        429 => "Too many requests",
        503 => "Not available now",
        507 => "Storage is full",
        _ => status < 500 ? "Refused" : "Something failed on our side",
    };
}

/// <summary>Thrown where a refusal is detected too deep to be returned, such as inside a body's stream; it becomes a problem response.</summary>
public sealed class ProblemException(ProblemDetails problem) : Exception(problem.Detail)
{
    public ProblemException(int status, string code, string detail)
        : this(Problems.Details(status, code, detail))
    {
    }

    public ProblemDetails Problem { get; } = problem;
}
