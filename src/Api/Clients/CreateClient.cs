using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Clients;

internal sealed record CreateClientRequest
{
    [OneLine, StringLength(100)]
    public string? Name { get; init; }

    /// <summary>Up to ten. Mails are sent to the first one.</summary>
    [Emails]
    public IReadOnlyList<string>? Emails { get; init; }

    /// <summary>Up to five postal addresses.</summary>
    [MaxLength(Client.MaxAddresses)]
    public IReadOnlyList<ClientAddress>? Addresses { get; init; }

    /// <summary>E.164, for example <c>+4930123456</c>.</summary>
    [RegularExpression(@"^\+[1-9][0-9]{5,14}$", ErrorMessage = "A number such as +4930123456.")]
    public string? Phone { get; init; }

    /// <summary>A BCP 47 language tag.</summary>
    [StringLength(10), RegularExpression("^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", ErrorMessage = "A language tag such as en or pt-BR.")]
    public string? Language { get; init; }

    /// <summary>Up to 20, of up to 40 characters.</summary>
    [Tags]
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>The studio's own note. The client never sees it.</summary>
    [StringLength(4000)]
    public string? Note { get; init; }
}

internal static class CreateClient
{
    public static void MapCreateClient(this IEndpointRouteBuilder routes) => routes
        .MapPost("/clients", HandleAsync)
        .WithName("CreateClient")
        .WithTags("Clients")
        .WithSummary("Create a client")
        .WithDescription("A client is a customer of the studio. An email address belongs to at most one of them.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .RequireScope(Scopes.GalleriesWrite);

    private static async Task<Results<Created<ClientResponse>, ProblemHttpResult>> HandleAsync(
        CreateClientRequest request, HttpContext http, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var client = new Client
        {
            Id = Id<Client>.New(now),
            Name = string.IsNullOrWhiteSpace(request.Name) ? null : request.Name.Trim(),
            Addresses = [.. request.Addresses ?? []],
            Phone = request.Phone,
            Language = request.Language,
            Tags = ClientRules.Tags(request.Tags),
            Note = request.Note,
            CreatedAt = now,
        };
        client.SetEmails(request.Emails ?? []);
        db.Add(client);
        if (await db.SaveClientAsync(cancellation) is { } refusal)
        {
            return refusal;
        }

        ETags.Write(http, client);
        return TypedResults.Created($"/v1/clients/{client.Id}", client.ToResponse());
    }
}
