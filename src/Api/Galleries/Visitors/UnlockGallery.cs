using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Auth;
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

    [StringLength(128)]
    public string? Password { get; init; }

    [OneLine, StringLength(100)]
    public string? VisitorName { get; init; }

    [StringLength(EmailAddress.MaxLength), Email]
    public string? VisitorEmail { get; init; }

    /// <summary>An earlier token of this gallery. The visitor stays the same, and no secret is needed while the token is valid.</summary>
    [StringLength(2_048)]
    public string? VisitorToken { get; init; }
}

internal sealed record VisitResponse
{
    /// <summary>The visitor's credential, sent as Authorization: Bearer.</summary>
    public required string Token { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required Id<Visitor> VisitorId { get; init; }

    public required Id<Gallery> GalleryId { get; init; }
}

internal static class UnlockGallery
{
    public static void MapUnlockGallery(this IEndpointRouteBuilder routes) => routes
        .MapPost("/storefront/galleries/{slug}/unlock", HandleAsync)
        .WithName("UnlockGallery")
        .WithTags("Storefront")
        .WithSummary("Unlock a gallery as a visitor")
        .WithDescription("Takes the gallery's PIN or password; open galleries need neither. Wrong guesses are counted per address, per gallery and overall. Too many "
            + "are answered with 429 and Retry-After.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status410Gone)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        // In one transaction with the response, a refused guess would be rolled back together with its count.
        .WithMetadata(IdempotencyMode.ClaimedFirst)
        .RequireScope(Scopes.Storefront);

    private static async Task<Results<Ok<VisitResponse>, ProblemHttpResult>> HandleAsync(
        string slug, UnlockGalleryRequest request, ProofsheetDb db, VisitorTokens tokens, Unlocking unlocking, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var gallery = await db.Set<Gallery>().AsNoTracking().SingleOrDefaultAsync(g => g.Slug == slug && g.Stage == GalleryStage.Published, cancellation);
        if (gallery?.StatusAt(now) == GalleryStatus.Expired)
        {
            return GalleryRules.Expired();
        }

        var earlier = gallery is null || request.VisitorToken is null ? null : tokens.Read(request.VisitorToken);
        if (earlier is not null && !(earlier.Tenant == gallery!.TenantId && earlier.GalleryId == gallery.Id.ToString()))
        {
            // A token of another gallery is ignored.
            earlier = null;
        }

        var stillInside = earlier is not null && earlier.ExpiresAt > now && earlier.AccessVersion == gallery!.AccessVersion;
        if (!stillInside && await unlocking.RefuseAsync(gallery, request, cancellation) is { } refused)
        {
            return refused;
        }

        return await unlocking.VisitAsync(gallery!, earlier?.VisitorId, request, now, cancellation);
    }
}

/// <summary>Checks the guess and admits the visitor.</summary>
internal sealed class Unlocking(ProofsheetDb db, GallerySecrets secrets, UnlockGuard guard, VisitorTokens tokens, IOptions<AccessOptions> access)
{
    /// <summary>Null if the visitor may enter. Exactly one hash is computed for every attempt that is checked.</summary>
    public async Task<ProblemHttpResult?> RefuseAsync(Gallery? gallery, UnlockGalleryRequest request, CancellationToken cancellation)
    {
        var guess = gallery?.Requires switch
        {
            GalleryRequirement.Pin => request.Pin,
            GalleryRequirement.Password => request.Password,
            _ => request.Pin ?? request.Password ?? "",
        };
        if (string.IsNullOrEmpty(guess) && gallery?.SecretHash is not null)
        {
            return GalleryRules.RefuseLock(gallery.Requires, null, null);
        }

        var (taken, refused) = await guard.BeginAsync(gallery?.Id, cancellation);
        if (refused is not null)
        {
            return refused;
        }

        var check = secrets.Check(guess!, gallery?.SecretHash);
        if (gallery is null || (gallery.SecretHash is not null && check == SecretCheck.Wrong))
        {
            // The count is kept even if the client disconnects now.
            await guard.FailAsync(taken, CancellationToken.None);
            return Wrong(gallery);
        }

        await guard.SucceedAsync(taken, CancellationToken.None);
        if (check == SecretCheck.RightButOld)
        {
            await RenewHashAsync(gallery, guess!, cancellation);
        }

        return null;
    }

    public async Task<Results<Ok<VisitResponse>, ProblemHttpResult>> VisitAsync(
        Gallery gallery, string? visitorId, UnlockGalleryRequest request, DateTimeOffset now, CancellationToken cancellation)
    {
        var visitor = Id<Visitor>.TryRead(visitorId, out var known)
            ? await db.Set<Visitor>().SingleOrDefaultAsync(v => v.Id == known && v.GalleryId == gallery.Id, cancellation)
            : null;
        if (visitor is null)
        {
            if (await guard.AdmitVisitorAsync(cancellation) is { } tooMany)
            {
                return tooMany;
            }

            visitor = new Visitor { Id = Id<Visitor>.New(now), GalleryId = gallery.Id, CreatedAt = now, LastSeenAt = now };
            db.Add(visitor);
        }

        visitor.Introduce(request.VisitorName, request.VisitorEmail);
        await db.SaveChangesAsync(cancellation);
        // Updated without the tracked row, because a visit is not a change that should appear in the audit trail or alter the ETag.
        await db.Set<Visitor>().Where(v => v.Id == visitor.Id).ExecuteUpdateAsync(set => set.SetProperty(v => v.LastSeenAt, now), cancellation);

        var grant = new VisitorGrant
        {
            Tenant = gallery.TenantId,
            GalleryId = gallery.Id.ToString(),
            VisitorId = visitor.Id.ToString(),
            AccessVersion = gallery.AccessVersion,
            Scopes = Scopes.OfVisitors,
            ExpiresAt = Soonest(now.AddHours(access.Value.VisitorTokenHours), gallery.ExpiresAt),
        };
        return TypedResults.Ok(new VisitResponse { Token = tokens.Write(grant), ExpiresAt = grant.ExpiresAt, VisitorId = visitor.Id, GalleryId = gallery.Id });
    }

    private static DateTimeOffset Soonest(DateTimeOffset a, DateTimeOffset? b) => b < a ? b.Value : a;

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
