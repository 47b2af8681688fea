using Microsoft.AspNetCore.Mvc;
using Proofsheet.Api.Http;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Uploads.Multipart;
using Proofsheet.Api.Uploads.Tus;

namespace Proofsheet.Api.Uploads;

/// <summary>Turns exceptions of the store that endpoints do not catch into problems.</summary>
internal sealed class UploadProblems : IProblemTranslator
{
    public ProblemDetails? Translate(HttpContext http, Exception exception) => exception switch
    {
        StoreFullException => Problems.Details(507, "storage_full", "The store is full. Nothing of this file was kept."),
        ObjectTooLargeException e => Problems.Details(413, "file_too_large", FormattableString.Invariant($"This file is larger than {e.MaxBytes / 1_048_576.0:0.#} MB.")),
        StoreFailedException => Problems.Details(503, "storage_failed", "The store failed to keep what was sent. Ask for the offset and send the rest again."),
        UploadInterruptedException e => Problems.Details(e.Status, e.Code, e.Message),
        _ => null,
    };
}
