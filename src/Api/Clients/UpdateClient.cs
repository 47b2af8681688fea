using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Clients;

internal sealed record UpdateClientRequest
{
    [OneLine, StringLength(100)]
    public required string? Name { get; init; }

    /// <summary>Replaces all email addresses. Those that stay keep the time at which they were verified.</summary>
    [Emails]
    public required IReadOnlyList<string>? Emails { get; init; }

    /// <summary>Replaces all postal addresses.</summary>
    [MaxLength(Client.MaxAddresses)]
    public required IReadOnlyList<ClientAddress>? Addresses { get; init; }

    /// <summary>E.164, for example <c>+4930123456</c>.</summary>
    [RegularExpression(@"^\+[1-9][0-9]{5,14}$", ErrorMessage = "A number such as +4930123456.")]
    public required string? Phone { get; init; }

    /// <summary>A BCP 47 language tag.</summary>
    [StringLength(10), RegularExpression("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", ErrorMessage = "A language tag such as en or pt-BR.")]
    public required string? Language { get; init; }

    /// <summary>Replaces all tags.</summary>
    [Tags]
    public required IReadOnlyList<string>? Tags { get; init; }

    [StringLength(4000)]
    public required string? Note { get; init; }
}

internal static class UpdateClient
{
    public static void MapUpdateClient(this IEndpointRouteBuilder routes) => routes
        .MapPatch("/clients/{clientId}", HandleAsync)
        .WithName("UpdateClient")
        .WithTags("Clients")
        .WithSummary("Change a client")
        .WithDescription("A JSON merge patch; null removes a value. Consents have operations of their own: `RecordClientConsent` and `WithdrawClientConsent`.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .TakesIfMatch()
        .RequireScope(Scopes.GalleriesWrite);

    private static async Task<Results<Ok<ClientResponse>, ProblemHttpResult>> HandleAsync(
        Id<Client> clientId, MergePatch<UpdateClientRequest> patch, HttpContext http, ProofsheetDb db, CancellationToken cancellation)
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

        var wanted = patch.ApplyTo(new UpdateClientRequest
        {
            Name = client.Name,
            Emails = [.. client.Emails.OrderBy(e => e.Position).Select(e => e.Address)],
            Addresses = client.Addresses,
            Phone = client.Phone,
            Language = client.Language,
            Tags = client.Tags,
            Note = client.Note,
        });
        client.Name = string.IsNullOrWhiteSpace(wanted.Name) ? null : wanted.Name.Trim();
        (client.Phone, client.Language, client.Tags, client.Note) = (wanted.Phone, wanted.Language, ClientRules.Tags(wanted.Tags), wanted.Note);
        client.Addresses = [.. wanted.Addresses ?? []];
        client.SetEmails(wanted.Emails ?? []);
        // Also if only email addresses changed.
        db.MarkChanged(client);
        if (await db.SaveClientAsync(cancellation) is { } refusal)
        {
            return refusal;
        }

        ETags.Write(http, client);
        return TypedResults.Ok(client.ToResponse());
    }
}
