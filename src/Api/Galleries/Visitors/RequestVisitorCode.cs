using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Galleries.Codes;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Api.Galleries.Visitors;

internal sealed record RequestVisitorCodeRequest
{
    [Required, StringLength(EmailAddress.MaxLength), Email]
    public required string Email { get; init; }
}

internal static class RequestVisitorCode
{
    public static void MapRequestVisitorCode(this IEndpointRouteBuilder routes) => routes
        .MapPost("/visitor/codes", HandleAsync)
        .WithName("RequestVisitorCode")
        .WithTags("Visitors")
        .WithSummary("Send a code to an email address of the visitor")
        .WithDescription("Six digits, valid for ten minutes and five tries, for `ConfirmVisitorCode`. The response is the same whether the address is known or not. "
            + "A mailbox gets at most five an hour.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status429TooManyRequests)
        .WithMetadata(IdempotencyMode.ClaimedFirst)
        .RequireScope(Scopes.VisitorView);

    private static async Task<Results<Accepted, ProblemHttpResult>> HandleAsync(
        RequestVisitorCodeRequest request, Caller caller, ProofsheetDb db, EmailCodes codes, CancellationToken cancellation)
    {
        var visitor = await db.FindVisitorAsync(caller, cancellation);
        if (visitor is null)
        {
            return Problems.NotFound("visitor");
        }

        if (await codes.RefuseAsync(request.Email, cancellation) is { } tooMany)
        {
            return tooMany;
        }

        var gallery = await db.Set<Gallery>().AsNoTracking().SingleAsync(g => g.Id == visitor.GalleryId, cancellation);
        codes.Issue(SubjectOf(caller), request.Email, gallery.Title);
        await db.SaveChangesAsync(cancellation);

        return TypedResults.Accepted((string?)null);
    }

    /// <summary>A code confirms the device that requested it, and no other.</summary>
    public static string SubjectOf(Caller caller) => $"session:{caller.SessionId}";
}
