using Microsoft.AspNetCore.Mvc;
using Proofsheet.Api.Http;

namespace Proofsheet.Api.Payments;

/// <summary>Turns a payment provider that does not answer into a problem.</summary>
internal sealed class PaymentProblems : IProblemTranslator
{
    public ProblemDetails? Translate(HttpContext http, Exception exception) => exception is PaymentUnavailableException
        ? Problems.Details(503, "payment_provider_unavailable", "The payment provider does not answer. Send the request again as `Retry-After` says; nothing is charged twice.")
        : null;
}
