using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Http;

namespace Proofsheet.Api.Data;

/// <summary>For two concurrent changes of one row, refuses the second, so that nothing is overwritten.</summary>
internal sealed class ConcurrencyProblems : IProblemTranslator
{
    public ProblemDetails? Translate(HttpContext http, Exception exception) => exception switch
    {
        DbUpdateConcurrencyException when http.Request.Headers.IfMatch.Count > 0 => Problems.PreconditionFailed().ProblemDetails,
        DbUpdateConcurrencyException => Problems.Details(409, "concurrent_change", "It was changed by another request at the same time. Read it again and repeat your change."),
        _ => null,
    };
}
