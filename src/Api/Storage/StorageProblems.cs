using Microsoft.AspNetCore.Mvc;
using Proofsheet.Api.Http;
using Proofsheet.Api.Storage.Remote;

namespace Proofsheet.Api.Storage;

/// <summary>Turns an unavailable store into a problem.</summary>
internal sealed class StorageProblems : IProblemTranslator
{
    private const string RetryAfterSeconds = "10";

    public ProblemDetails? Translate(HttpContext http, Exception exception)
    {
        if (exception is not (StoreUnavailableException or StoreUnreliableException))
        {
            return null;
        }

        http.Response.Headers.RetryAfter = RetryAfterSeconds;
        return Problems.Details(503, "storage_unavailable", "The store does not answer as it should. Nothing was kept; try again later.");
    }
}
