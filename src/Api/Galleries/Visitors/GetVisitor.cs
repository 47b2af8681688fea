using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Clients;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Visitors;

internal sealed record VisitorResponse
{
    public required Id<Visitor> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required string? Name { get; init; }

    public required string? Email { get; init; }

    /// <summary>When the visitor proved that they read this mailbox. Null for an address that was only typed.</summary>
    public required DateTimeOffset? EmailVerifiedAt { get; init; }

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
        return TypedResults.Ok(visitor.ToResponse());
    }

    /// <summary>The calling visitor; null for other credentials.</summary>
    public static async Task<Visitor?> FindVisitorAsync(this ProofsheetDb db, Caller caller, CancellationToken cancellation) =>
        Id<Visitor>.TryRead(caller.VisitorId, out var id) ? await db.Set<Visitor>().SingleOrDefaultAsync(v => v.Id == id, cancellation) : null;

    public static VisitorResponse ToResponse(this Visitor visitor) => new()
    {
        Id = visitor.Id,
        GalleryId = visitor.GalleryId,
        Name = visitor.Name,
        Email = visitor.Email,
        EmailVerifiedAt = visitor.EmailVerifiedAt,
        Role = visitor.Role,
        ClientId = visitor.ClientId,
        CreatedAt = visitor.CreatedAt,
        UpdatedAt = visitor.UpdatedAt,
        LastSeenAt = visitor.LastSeenAt,
    };
}
