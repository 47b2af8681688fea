using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Galleries.Codes;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;

namespace Proofsheet.Api.Galleries.Visitors;

internal sealed record ConfirmVisitorCodeRequest
{
    [Required, RegularExpression("^[0-9]{6}$", ErrorMessage = "Six digits.")]
    public required string Code { get; init; }
}

internal static class ConfirmVisitorCode
{
    private const int Rounds = 3;

    public static void MapConfirmVisitorCode(this IEndpointRouteBuilder routes) => routes
        .MapPost("/visitor/codes/confirm", HandleAsync)
        .WithName("ConfirmVisitorCode")
        .WithTags("Visitors")
        .WithSummary("Prove an email address with a code")
        .WithDescription("Links the visitor to the studio's client of this address, who is created if there is none. If that client has been in the gallery before, "
            + "on another device, the visitors become one: selections, carts and orders come together, and a selection of the same name gets a number. Selections "
            + "that a visitor made who had only typed this address are copied. The response has a new token, because the visitor may be another one now.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound)
        // In one transaction with the response, a wrong guess would be rolled back together with its count.
        .WithMetadata(IdempotencyMode.ClaimedFirst)
        .RequireScope(Scopes.VisitorView);

    private static async Task<Results<Ok<VisitResponse>, ProblemHttpResult>> HandleAsync(
        ConfirmVisitorCodeRequest request, Caller caller, ProofsheetDb db, EmailCodes codes, VisitorProof proof, CancellationToken cancellation)
    {
        if (await codes.CheckAsync(RequestVisitorCode.SubjectOf(caller), request.Code, cancellation) is not { } proven)
        {
            return EmailCodes.Wrong();
        }

        for (var round = 1; ; round++)
        {
            try
            {
                return await db.InTransactionAsync<Results<Ok<VisitResponse>, ProblemHttpResult>>(
                    async () => await codes.UseAsync(proven.Id, cancellation) ? await proof.ConfirmAsync(caller, proven.Email, cancellation) : EmailCodes.Wrong(), cancellation);
            }
            catch (DbUpdateException e) when (round < Rounds && (e.IsUniqueViolation() || e is DbUpdateConcurrencyException))
            {
                // Another device of the same person confirms at the same moment, and was first to create the client.
                db.ChangeTracker.Clear();
            }
        }
    }
}
