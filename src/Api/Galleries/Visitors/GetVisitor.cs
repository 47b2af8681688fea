using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Clients;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Api.Galleries.Visitors;

internal sealed record VisitorResponse
{
    public required Id<Visitor> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required string? Name { get; init; }

    /// <summary>Null for the client's own device as long as none of the client's addresses was proven on it, because the invitation may have been forwarded.</summary>
    public required string? Email { get; init; }

    /// <summary>When the visitor proved that they read this mailbox. Null for an address that was only typed, and wherever `email` is.</summary>
    public required DateTimeOffset? EmailVerifiedAt { get; init; }

    /// <summary>The client's addresses with most letters hidden, for the client's own device on which none of them was proven. `RequestVisitorCode` proves one.</summary>
    public required IReadOnlyList<string> MaskedEmails { get; init; }

    public required VisitorRole Role { get; init; }

    /// <summary>The studio's client who this visitor is, known by an invitation or a proven address.</summary>
    public required Id<Client>? ClientId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When the visitor last opened the gallery.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }
}

internal static class GetVisitor
{
    public static void MapGetVisitor(this IEndpointRouteBuilder routes) => routes
        .MapGet("/visitor", HandleAsync)
        .WithName("GetVisitor")
        .WithTags("Visitors")
        .WithSummary("Get the current visitor")
        .WithDescription("Returns what the gallery's studio sees about the visitor of the token.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.VisitorView);

    private static async Task<Results<Ok<VisitorResponse>, ProblemHttpResult>> HandleAsync(
        HttpContext http, Caller caller, ProofsheetDb db, CancellationToken cancellation)
    {
        var visitor = await db.FindVisitorAsync(caller, cancellation);
        if (visitor is null)
        {
            return Problems.NotFound("visitor");
        }

        ETags.Write(http, visitor);
        return TypedResults.Ok(await db.ToResponseAsync(visitor, caller, cancellation));
    }

    /// <summary>The calling visitor; null for other credentials.</summary>
    public static async Task<Visitor?> FindVisitorAsync(this ProofsheetDb db, Caller caller, CancellationToken cancellation) =>
        Id<Visitor>.TryRead(caller.VisitorId, out var id) ? await db.Set<Visitor>().SingleOrDefaultAsync(v => v.Id == id, cancellation) : null;

    /// <summary>For the visitor: also says which addresses could be proven.</summary>
    public static async Task<VisitorResponse> ToResponseAsync(this ProofsheetDb db, Visitor visitor, Caller caller, CancellationToken cancellation)
    {
        if (!visitor.HidesAddressesFrom(caller))
        {
            return visitor.ToResponse();
        }

        var addresses = await db.Set<ClientEmail>().Where(e => e.ClientId == visitor.ClientId).OrderBy(e => e.Position).Select(e => e.Address).ToListAsync(cancellation);
        return visitor.ToResponse() with { Email = null, EmailVerifiedAt = null, MaskedEmails = addresses.ConvertAll(EmailAddress.Masked) };
    }

    /// <summary>For the studio.</summary>
    public static VisitorResponse ToResponse(this Visitor visitor) => new()
    {
        Id = visitor.Id,
        GalleryId = visitor.GalleryId,
        Name = visitor.Name,
        Email = visitor.Email,
        EmailVerifiedAt = visitor.EmailVerifiedAt,
        MaskedEmails = [],
        Role = visitor.Role,
        ClientId = visitor.ClientId,
        CreatedAt = visitor.CreatedAt,
        UpdatedAt = visitor.UpdatedAt,
        LastSeenAt = visitor.LastSeenAt,
    };
}
