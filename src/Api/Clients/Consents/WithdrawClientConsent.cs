using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Clients.Consents;

internal sealed record WithdrawClientConsentRequest
{
    /// <summary>Not before the consent was given and not in the future; now if it is left out.</summary>
    public DateTimeOffset? WithdrawnAt { get; init; }
}

internal static class WithdrawClientConsent
{
    public static void MapWithdrawClientConsent(this IEndpointRouteBuilder routes) => routes
        .MapPost("/clients/{clientId}/consents/{consentId}/withdraw", HandleAsync)
        .WithName("WithdrawClientConsent")
        .WithTags("Clients")
        .WithSummary("Withdraw a client's consent")
        .WithDescription("The consent stays, with the time at which it ended. Withdrawing it again changes nothing.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .TakesIfMatch()
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.GalleriesWrite);

    private static Task<Results<Ok<ClientConsentResponse>, ProblemHttpResult>> HandleAsync(
        Id<Client> clientId, Id<ClientConsent> consentId, WithdrawClientConsentRequest? request, HttpContext http, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation) =>
        db.InTransactionAsync<Results<Ok<ClientConsentResponse>, ProblemHttpResult>>(
            async () =>
            {
                var now = clock.GetUtcNow();
                var client = await db.LockClientAsync(clientId, cancellation);
                var consent = client?.Consents.Find(c => c.Id == consentId);
                if (client is null || consent is null)
                {
                    return Problems.NotFound("consent");
                }

                if (!ETags.IfMatch(http, consent))
                {
                    return Problems.PreconditionFailed();
                }

                if (consent.WithdrawnAt is null)
                {
                    var at = request?.WithdrawnAt ?? now;
                    if (at < consent.GivenAt || at > now)
                    {
                        return Problems.Rule("invalid_consent_time", "A consent is withdrawn after it was given, and not in the future. Send another `withdrawnAt`, or none for now.", "withdrawnAt");
                    }

                    consent.Withdraw(at);
                    db.MarkChanged(client);
                    await db.SaveChangesAsync(cancellation);
                }

                ETags.Write(http, consent);
                return TypedResults.Ok(consent.ToResponse());
            },
            cancellation);
}
