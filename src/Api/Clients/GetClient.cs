using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Clients;

internal static class GetClient
{
    public static void MapGetClient(this IEndpointRouteBuilder routes) => routes
        .MapGet("/clients/{clientId}", HandleAsync)
        .WithName("GetClient")
        .WithTags("Clients")
        .WithSummary("Get a client")
        .WithDescription("The ETag is the client's version.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesRead);

    private static async Task<Results<Ok<ClientResponse>, ProblemHttpResult>> HandleAsync(
        Id<Client> clientId, HttpContext http, ProofsheetDb db, CancellationToken cancellation)
    {
        var client = await db.FindClientAsync(clientId, cancellation);
        if (client is null)
        {
            return Problems.NotFound("client");
        }

        ETags.Write(http, client);
        return TypedResults.Ok(client.ToResponse());
    }
}
