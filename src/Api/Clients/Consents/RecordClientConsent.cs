using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Clients.Consents;

internal sealed record RecordClientConsentRequest
{
    /// <summary>What the client agrees to, for example `newsletter` or `publication`, or a word of the studio's own.</summary>
    [Required, RegularExpression(Texts.Word, ErrorMessage = Texts.WordError)]
    public required string Purpose { get; init; }

    /// <summary>Where or by what means it happens, for example `email`, `sms` or `website`, or a word of the studio's own.</summary>
    [Required, RegularExpression(Texts.Word, ErrorMessage = Texts.WordError)]
    public required string Channel { get; init; }

    /// <summary>The text that the client agreed to, word for word.</summary>
    [Required, StringLength(ClientConsent.MaxWordingLength)]
    public required string Wording { get; init; }

    /// <summary>Not in the future; now if it is left out.</summary>
    public DateTimeOffset? GivenAt { get; init; }
}

internal static class RecordClientConsent
{
    public static void MapRecordClientConsent(this IEndpointRouteBuilder routes) => routes
        .MapPost("/clients/{clientId}/consents", HandleAsync)
        .WithName("RecordClientConsent")
        .WithTags("Clients")
        .WithSummary("Record a client's consent")
        .WithDescription("A recorded consent is never changed or removed: `WithdrawClientConsent` ends it, and a new one is recorded for other words. A client has up to 50. "
            + "The client's ETag changes with it.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.GalleriesWrite);

    private static Task<Results<Created<ClientConsentResponse>, ProblemHttpResult>> HandleAsync(
        Id<Client> clientId, RecordClientConsentRequest request, HttpContext http, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation) =>
        db.InTransactionAsync<Results<Created<ClientConsentResponse>, ProblemHttpResult>>(
            async () =>
            {
                var now = clock.GetUtcNow();
                var client = await db.LockClientAsync(clientId, cancellation);
                if (client is null)
                {
                    return Problems.NotFound("client");
                }

                if (request.GivenAt > now)
                {
                    return Problems.Rule("invalid_consent_time", "A consent cannot be given in the future. Send an earlier `givenAt`, or none for now.", "givenAt");
                }

                if (client.Consents.Count >= ClientConsent.MaxPerClient)
                {
                    return Problems.Rule("too_many_consents", $"A client has up to {ClientConsent.MaxPerClient} consents.");
                }

                var consent = new ClientConsent
                {
                    Id = Id<ClientConsent>.New(now),
                    ClientId = client.Id,
                    Purpose = request.Purpose,
                    Channel = request.Channel,
                    Wording = request.Wording.Trim(),
                    GivenAt = request.GivenAt ?? now,
                    CreatedAt = now,
                };
                client.Consents.Add(consent);
                db.MarkChanged(client);
                await db.SaveChangesAsync(cancellation);

                ETags.Write(http, consent);
                return TypedResults.Created($"/v1/clients/{client.Id}/consents/{consent.Id}", consent.ToResponse());
            },
            cancellation);
}
