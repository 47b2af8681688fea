using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Api.Galleries.Visitors;

internal sealed record UpdateVisitorRequest
{
    [OneLine, StringLength(100)]
    public required string? Name { get; init; }

    [StringLength(EmailAddress.MaxLength), Email]
    public required string? Email { get; init; }
}

internal static class UpdateVisitor
{
    public static void MapUpdateVisitor(this IEndpointRouteBuilder routes) => routes
        .MapPatch("/visitor", HandleAsync)
        .WithName("UpdateVisitor")
        .WithTags("Visitors")
        .WithSummary("Change the current visitor's name or email address")
        .WithDescription("A JSON merge patch by the visitor; null removes a value. The gallery's studio sees both. An address that was "
            + "only typed opens nothing: `RequestVisitorCode` proves it.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .TakesIfMatch()
        .RequireScope(Scopes.VisitorView);

    private static async Task<Results<Ok<VisitorResponse>, ProblemHttpResult>> HandleAsync(
        MergePatch<UpdateVisitorRequest> patch, HttpContext http, Caller caller, ProofsheetDb db, CancellationToken cancellation)
    {
        var visitor = await db.FindVisitorAsync(caller, cancellation);
        if (visitor is null)
        {
            return Problems.NotFound("visitor");
        }

        if (!ETags.IfMatch(http, visitor))
        {
            return Problems.PreconditionFailed();
        }

        var wanted = patch.ApplyTo(new UpdateVisitorRequest { Name = visitor.Name, Email = visitor.Email });
        visitor.Name = Visitor.Clean(wanted.Name);
        visitor.Address(EmailAddress.Read(wanted.Email));
        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, visitor);
        return TypedResults.Ok(await db.ToResponseAsync(visitor, caller, cancellation));
    }
}
