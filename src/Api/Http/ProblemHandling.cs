using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace Proofsheet.Api.Http;

/// <summary>Turns exceptions into problem details. A 5xx is a bug of ours and reveals only the trace id.</summary>
internal sealed class ProblemHandler(IProblemDetailsService problems, ILogger<ProblemHandler> log, IEnumerable<IProblemTranslator> translators) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var problem = Translate(httpContext, exception);
        if (problem.Status >= 500 && problem.Status is not (503 or 507))
        {
            log.LogError(exception, "{Method} {Path} failed", httpContext.Request.Method, httpContext.Request.Path);
        }

        httpContext.Response.StatusCode = problem.Status!.Value;
        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = problem });
    }

    private ProblemDetails Translate(HttpContext http, Exception exception) => exception switch
    {
        ProblemException p => p.Problem,
        BadHttpRequestException bad => OfBadRequest(bad),
        _ => translators.Select(t => t.Translate(http, exception)).FirstOrDefault(p => p is not null)
            ?? Problems.Details(500, "internal_error", "The server failed. The error was logged under this trace id."),
    };

    private static ProblemDetails OfBadRequest(BadHttpRequestException bad)
    {
        if (bad.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Problems.Details(413, "body_too_large", "The body is larger than this operation takes.");
        }

        if (bad.StatusCode == StatusCodes.Status415UnsupportedMediaType)
        {
            return Problems.Details(415, "unsupported_media_type", "Send the media type that the API document names.");
        }

        return bad.InnerException is JsonException json
            ? JsonProblems.Of(json).Problem
            : Problems.Details(bad.StatusCode == 408 ? 408 : 400, "malformed_request", "A parameter or the body could not be read.");
    }
}

/// <summary>Turns a module's own exceptions into problems, because Http cannot reference their types.</summary>
internal interface IProblemTranslator
{
    ProblemDetails? Translate(HttpContext http, Exception exception);
}

internal static class ProblemHandlingSetup
{
    // For a 503 that does not know better.
    private const string RetryAfterSeconds = "5";

    public static IServiceCollection AddProblemHandling(this IServiceCollection services)
    {
        services.AddExceptionHandler<ProblemHandler>();
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            var problem = context.ProblemDetails;
            if (problem.Status == StatusCodes.Status503ServiceUnavailable && context.HttpContext.Response.Headers.RetryAfter.Count == 0)
            {
                context.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
            }

            problem.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier;
            if (!problem.Extensions.ContainsKey("code"))
            {
                // Responses of the framework itself: an unknown route, a wrong method, a wrong media type.
                var status = problem.Status ?? context.HttpContext.Response.StatusCode;
                var (code, detail) = status switch
                {
                    // A parameter that could not be bound: endpoints compiled at build time set the status and throw nothing.
                    400 => ("malformed_request", "A parameter or the body could not be read."),
                    404 => ("not_found", "No such address."),
                    405 => ("method_not_allowed", "This address does not take that method."),
                    415 => ("unsupported_media_type", "Send the media type that the API document names."),
                    416 => ("range_not_satisfiable", "The range begins behind the end of the file. `Content-Range` names its length."),
                    _ => ($"http_{status}", problem.Detail ?? "Refused."),
                };
                var ours = Problems.Details(status, code, detail);
                (problem.Type, problem.Title, problem.Detail) = (ours.Type, ours.Title, ours.Detail);
                problem.Extensions["code"] = code;
            }
        });
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return services;
    }
}
