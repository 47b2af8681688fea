using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Auth.ApiKeys;
using Proofsheet.Api.Clients;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries.Invitations;

internal sealed record RedeemLinkRequest
{
    /// <summary>What follows `#invitation=` in the link.</summary>
    [Required, StringLength(64)]
    public required string Token { get; init; }

    /// <summary>The refresh token of this device in the same gallery, if it was there before: what it chose is kept.</summary>
    [StringLength(64)]
    public string? RefreshToken { get; init; }

    /// <summary>False on a shared computer: the device gets no refresh token and is forgotten when the token expires.</summary>
    public bool IsRemembered { get; init; } = true;
}

internal static class RedeemLink
{
    public static void MapRedeemLink(this IEndpointRouteBuilder routes) => routes
        .MapPost("/storefront/links/redeem", HandleAsync)
        .WithName("RedeemLink")
        .WithTags("Storefront")
        .WithSummary("Open a gallery with an invitation's link")
        .WithDescription("The page behind the link sends its token here. All devices that open a client's links to a gallery are one visitor.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status410Gone)
        .RequireScope(Scopes.Storefront);

    private static Task<Results<Ok<VisitResponse>, ProblemHttpResult>> HandleAsync(
        RedeemLinkRequest request, ProofsheetDb db, VisitorSessions sessions, VisitorMerging merging, TimeProvider clock, CancellationToken cancellation) =>
        db.InTransactionAsync<Results<Ok<VisitResponse>, ProblemHttpResult>>(
            async () =>
            {
                var now = clock.GetUtcNow();
                var invitation = await FindAsync(db, request.Token, cancellation);
                var gallery = invitation is null ? null : await db.Set<Gallery>().AsNoTracking().SingleOrDefaultAsync(g => g.Id == invitation.GalleryId && g.Stage == GalleryStage.Published, cancellation);
                if (gallery is null)
                {
                    return Problems.NotFound("link");
                }

                if (gallery.HasExpiredAt(now))
                {
                    return GalleryRules.Expired();
                }

                if (!invitation!.IsLiveAt(now))
                {
                    return Problems.Gone("link_ended", "This link has ended. Ask the photographer for another one.");
                }

                var visitor = await VisitorOfAsync(db, gallery, invitation, now, cancellation);
                var (session, _) = await sessions.FindAsync(gallery, null, request.RefreshToken, cancellation);
                if (session is not null && session.VisitorId != visitor.Id)
                {
                    session = await KeepAsync(db, session, visitor, merging, cancellation) ? session : null;
                }

                session ??= sessions.Begin(gallery, visitor);
                (session.AccessVersion, session.InvitationId) = (gallery.AccessVersion, invitation.Id);
                invitation.OpenedAt ??= now;
                return await sessions.IssueAsync(gallery, session, request.RefreshToken, request.IsRemembered, cancellation);
            },
            cancellation);

    private static async Task<GalleryInvitation?> FindAsync(ProofsheetDb db, string token, CancellationToken cancellation)
    {
        var hash = KeyText.LooksRight(token) ? KeyText.Hash(token) : null;
        if (hash is null)
        {
            return null;
        }

        // Devices that open a client's first link at the same moment wait for each other here, so that they become one visitor.
        await db.LockAsync(db.Set<GalleryInvitation>().Where(i => i.TokenHash == hash), cancellation);
        return await db.Set<GalleryInvitation>().SingleOrDefaultAsync(i => i.TokenHash == hash, cancellation);
    }

    private static async Task<Visitor> VisitorOfAsync(ProofsheetDb db, Gallery gallery, GalleryInvitation invitation, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await db.ClientsVisitorAsync(gallery.Id, invitation.ClientId, cancellation) is { } known)
        {
            // Who proved an address before being invited has been a guest until now.
            known.Take(invitation.Role);
            return known;
        }

        var client = await db.Set<Client>().AsNoTracking().SingleAsync(c => c.Id == invitation.ClientId, cancellation);
        var visitor = new Visitor
        {
            Id = Id<Visitor>.New(now),
            GalleryId = gallery.Id,
            Name = client.Name,
            Email = invitation.Email,
            ClientId = client.Id,
            CreatedAt = now,
            LastSeenAt = now,
        };
        visitor.Take(invitation.Role);
        db.Add(visitor);
        await db.SaveChangesAsync(cancellation);
        return visitor;
    }

    /// <summary>What an unknown visitor chose on this device becomes the client's. False if the device belongs to another client.</summary>
    private static async Task<bool> KeepAsync(ProofsheetDb db, VisitorSession session, Visitor visitor, VisitorMerging merging, CancellationToken cancellation)
    {
        var before = await db.Set<Visitor>().SingleAsync(v => v.Id == session.VisitorId, cancellation);
        if (before.ClientId is not null)
        {
            return false;
        }

        await merging.MergeAsync(before, visitor, cancellation);
        return true;
    }
}
