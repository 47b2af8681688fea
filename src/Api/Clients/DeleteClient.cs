using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Clients;

/// <summary>What other modules keep about a client and let go of when the client is deleted.</summary>
internal interface IClientReferences
{
    Task RemoveAsync(Id<Client> client, CancellationToken cancellation);
}

internal static class DeleteClient
{
    public static void MapDeleteClient(this IEndpointRouteBuilder routes) => routes
        .MapDelete("/clients/{clientId}", HandleAsync)
        .WithName("DeleteClient")
        .WithTags("Clients")
        .WithSummary("Delete a client")
        .WithDescription("The client's addresses and consents are deleted, too, and invitations of the client stop working. Visitors of galleries stay, with the name and "
            + "address that they gave; so do selections and orders.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .TakesIfMatch()
        .RequireScope(Scopes.GalleriesWrite);

    private static Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Id<Client> clientId, HttpContext http, ProofsheetDb db, IEnumerable<IClientReferences> references, CancellationToken cancellation) =>
        db.InTransactionAsync<Results<NoContent, ProblemHttpResult>>(
            async () =>
            {
                var client = await db.FindClientAsync(clientId, cancellation);
                if (client is null)
                {
                    return Problems.NotFound("client");
                }

                if (!ETags.IfMatch(http, client))
                {
                    return Problems.PreconditionFailed();
                }

                foreach (var module in references)
                {
                    await module.RemoveAsync(clientId, cancellation);
                }

                db.Remove(client);
                await db.SaveChangesAsync(cancellation);

                return TypedResults.NoContent();
            },
            cancellation);
}
