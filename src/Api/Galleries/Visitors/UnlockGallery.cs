using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Api.Galleries.Visitors;

internal sealed record UnlockGalleryRequest
{
    [StringLength(12)]
    public string? Pin { get; init; }

    [PasswordText, StringLength(128)]
    public string? Password { get; init; }

    [OneLine, StringLength(100)]
    public string? VisitorName { get; init; }

    [StringLength(EmailAddress.MaxLength), Email]
    public string? VisitorEmail { get; init; }

    /// <summary>A valid token of this gallery. The visitor stays the same, and no secret is needed.</summary>
    [StringLength(2_048)]
    public string? VisitorToken { get; init; }

    /// <summary>The refresh token of an earlier visit. The visitor stays the same; the secret is needed if it has changed since.</summary>
    [StringLength(64)]
    public string? RefreshToken { get; init; }

    /// <summary>False on a shared computer: the device gets no refresh token and is forgotten when the token expires.</summary>
    public bool IsRemembered { get; init; } = true;
}

internal static class UnlockGallery
{
    public static void MapUnlockGallery(this IEndpointRouteBuilder routes) => routes
        .MapPost("/storefront/galleries/{slug}/unlock", HandleAsync)
        .WithName("UnlockGallery")
        .WithTags("Storefront")
        .WithSummary("Unlock a gallery as a visitor")
        .WithDescription("Takes the gallery's PIN or password; open galleries need neither. Wrong guesses are counted by gallery and address; too many "
            + "are answered with 429 and Retry-After. A visitor with a valid token or refresh token needs no secret unless it has changed. If it has, send the "
            + "token together with the new one: the visitor stays the same, and the guess is counted apart from those of strangers.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status410Gone)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        // In one transaction with the response, a refused guess would be rolled back together with its count.
        .WithMetadata(IdempotencyMode.ClaimedFirst)
        .RequireScope(Scopes.Storefront);

    private static async Task<Results<Ok<VisitResponse>, ProblemHttpResult>> HandleAsync(
        string slug, UnlockGalleryRequest request, ProofsheetDb db, VisitorSessions sessions, Unlocking unlocking, TimeProvider clock, CancellationToken cancellation)
    {
        var gallery = await db.FindPublishedAsync(slug, cancellation);
        if (gallery?.StatusAt(clock.GetUtcNow()) == GalleryStatus.Expired)
        {
            return GalleryRules.Expired();
        }

        // A session of another gallery, or one that has ended, is ignored.
        var (session, isInside) = gallery is null ? (null, false) : await sessions.FindAsync(gallery, request.VisitorToken, request.RefreshToken, cancellation);
        if (!isInside && await unlocking.RefuseAsync(gallery, request, session?.VisitorId.ToString(), cancellation) is { } refused)
        {
            return refused;
        }

        return await unlocking.VisitAsync(gallery!, session, request, cancellation);
    }
}

/// <summary>Checks the guess and admits the visitor.</summary>
internal sealed class Unlocking(ProofsheetDb db, GallerySecrets secrets, UnlockGuard guard, VisitorSessions sessions, TimeProvider clock)
{
    /// <summary>Null if the visitor may enter. Exactly one hash is computed for every attempt that is checked.</summary>
    public async Task<ProblemHttpResult?> RefuseAsync(Gallery? gallery, UnlockGalleryRequest request, string? formerVisitor, CancellationToken cancellation)
    {
        if (gallery is { SecretHash: null })
        {
            // There is nothing to guess, so nothing is counted.
            return null;
        }

        var guess = gallery?.Requires switch
        {
            GalleryRequirement.Pin => request.Pin,
            GalleryRequirement.Password => request.Password,
            _ => request.Pin ?? request.Password ?? "",
        };
        if (string.IsNullOrEmpty(guess) && gallery is not null)
        {
            return GalleryRules.RefuseLock(gallery.Requires, null, null);
        }

        var (counted, refused) = await guard.BeginAsync(gallery?.Id, cancellation, formerVisitor: formerVisitor);
        if (refused is not null)
        {
            return refused;
        }

        var check = secrets.Check(guess!, gallery?.SecretHash);
        if (gallery is null || check == SecretCheck.Wrong)
        {
            // The count is kept even if the client disconnects now.
            await guard.FailAsync(counted, CancellationToken.None);
            return Wrong(gallery);
        }

        await guard.SucceedAsync(counted, CancellationToken.None);
        if (check == SecretCheck.RightButOld)
        {
            await RenewHashAsync(gallery, guess!, cancellation);
        }

        return null;
    }

    public async Task<Results<Ok<VisitResponse>, ProblemHttpResult>> VisitAsync(
        Gallery gallery, VisitorSession? session, UnlockGalleryRequest request, CancellationToken cancellation)
    {
        Visitor visitor;
        if (session is null)
        {
            if (await guard.AdmitVisitorAsync(gallery.Id, cancellation) is { } tooMany)
            {
                return tooMany;
            }

            var now = clock.GetUtcNow();
            visitor = new Visitor { Id = Id<Visitor>.New(now), GalleryId = gallery.Id, CreatedAt = now, LastSeenAt = now };
            db.Add(visitor);
            session = sessions.Begin(gallery, visitor);
        }
        else
        {
            visitor = await db.Set<Visitor>().SingleAsync(v => v.Id == session.VisitorId, cancellation);
            session.AccessVersion = gallery.AccessVersion;
        }

        visitor.Introduce(request.VisitorName, request.VisitorEmail);
        return await sessions.IssueAsync(gallery, session, request.RefreshToken, request.IsRemembered, cancellation);
    }

    private static ProblemHttpResult Wrong(Gallery? gallery) => gallery?.Requires switch
    {
        GalleryRequirement.Pin => Problems.Forbidden("wrong_pin", "This PIN does not open the gallery."),
        GalleryRequirement.Password => Problems.Forbidden("wrong_password", "This password does not open the gallery."),
        _ => Problems.NotFound("gallery"),
    };

    /// <summary>Hashes the secret with the newest pepper, so that older ones can eventually be removed; only if the secret has not changed.</summary>
    private Task<int> RenewHashAsync(Gallery gallery, string secret, CancellationToken cancellation)
    {
        var (old, renewed) = (gallery.SecretHash, secrets.Hash(secret));
        return db.Set<Gallery>().Where(g => g.Id == gallery.Id && g.SecretHash == old).ExecuteUpdateAsync(set => set.SetProperty(g => g.SecretHash, renewed), cancellation);
    }
}
