using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Api.Clients;

internal static class ListClients
{
    public static void MapListClients(this IEndpointRouteBuilder routes) => routes
        .MapGet("/clients", HandleAsync)
        .WithName("ListClients")
        .WithTags("Clients")
        .WithSummary("List the studio's clients")
        .WithDescription("Newest first. With `email`, the one client that has this address, if any.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .RequireScope(Scopes.GalleriesRead);

    private static Task<Results<Ok<Page<ClientResponse>>, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, Paging paging, [StringLength(EmailAddress.MaxLength)] string? email, [AsParameters] PageQuery page, CancellationToken cancellation)
    {
        var clients = db.WholeClients().AsNoTracking();
        var key = email is null ? null : EmailAddress.Key(email);
        if (key is not null)
        {
            clients = clients.Where(c => c.Emails.Any(e => e.Key == key));
        }

        return paging.NewestFirstAsync(page, $"clients:{key}", clients, c => c.ToResponse(), cancellation);
    }
}
