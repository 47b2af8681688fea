using Microsoft.AspNetCore.Mvc;
using Proofsheet.Api.Http;
using Proofsheet.Shared.Database;

namespace Proofsheet.Api.Data;

/// <summary>Turns a database that is busy or cannot be reached into a problem.</summary>
internal sealed class DatabaseProblems(ILogger<DatabaseProblems> log) : IProblemTranslator
{
    public ProblemDetails? Translate(HttpContext http, Exception exception)
    {
        if (DatabaseFaults.Of(exception) is not { } fault)
        {
            return null;
        }

        log.LogWarning(exception, "{Method} {Path} is refused, because the database is {Fault}", http.Request.Method, http.Request.Path, fault);
        return fault == DatabaseFault.Busy
            ? Problems.Details(503, "database_busy", "The database is too busy at this moment. Send the request again, with the same `Idempotency-Key`, after the time in `Retry-After`.")
            : Problems.Details(503, "database_unavailable", "The database cannot be reached. Send the request again after the time in `Retry-After`.");
    }
}
