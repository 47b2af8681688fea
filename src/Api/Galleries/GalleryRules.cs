using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries;

/// <summary>Checks and queries that several handlers share.</summary>
internal static class GalleryRules
{
    /// <summary>The gallery, tracked. Null if it belongs to another studio, is deleted, or is not the one that the visitor token opens.</summary>
    public static async Task<Gallery?> FindGalleryAsync(this ProofsheetDb db, Caller caller, Id<Gallery> id, CancellationToken cancellation) =>
        caller.Reaches(id) ? await db.Set<Gallery>().SingleOrDefaultAsync(g => g.Id == id, cancellation) : null;

    /// <summary>The published gallery that has this slug, in any case, or had it; not tracked.</summary>
    public static async Task<Gallery?> FindPublishedAsync(this ProofsheetDb db, string slug, CancellationToken cancellation)
    {
        var folded = Slugs.Fold(slug);
        var published = db.Set<Gallery>().AsNoTracking().Where(g => g.Stage == GalleryStage.Published);
        if (await published.SingleOrDefaultAsync(g => g.Slug == folded, cancellation) is { } gallery)
        {
            return gallery;
        }

        var hash = SlugClaim.HashOf(folded);
        return await published.SingleOrDefaultAsync(g => db.Set<SlugClaim>().Any(c => c.SlugHash == hash && c.GalleryId == g.Id), cancellation);
    }

    /// <summary>A password or PIN is accepted only together with the requirement that asks for it.</summary>
    public static ProblemHttpResult? RefuseLock(GalleryRequirement requires, string? password, string? pin) => requires switch
    {
        GalleryRequirement.Password when password is null => Problems.Rule("password_required", "A gallery with a password needs one, of 8 to 128 characters.", "password"),
        GalleryRequirement.Pin when pin is null => Problems.Rule("pin_required", "A gallery with a PIN needs one, of 6 to 12 digits.", "pin"),
        not GalleryRequirement.Password when password is not null => Problems.Rule("secret_not_wanted", "Only a gallery that requires a password has one.", "password"),
        not GalleryRequirement.Pin when pin is not null => Problems.Rule("secret_not_wanted", "Only a gallery that requires a PIN has one.", "pin"),
        _ => null,
    };

    public static ProblemHttpResult SlugReserved() => Problems.Rule("slug_reserved", "This word is reserved for pages of the storefront. Choose another `slug`.", "slug");

    public static ProblemHttpResult SlugTaken() => Problems.Conflict("slug_taken", "Another gallery of the studio has this slug, or had it within the last year while clients may have known it.");

    public static ProblemHttpResult AlreadyExpired() => Problems.Rule("already_expired", "The expiry is in the past.", "expiresAt");

    public static ProblemHttpResult UnknownWatermark() => Problems.Rule("unknown_watermark", "The studio has no such watermark.", "watermarkId");

    public static ProblemHttpResult UnknownPhoto() => Problems.Rule("unknown_photo", "The gallery has no such photo.", "presentation.cover.photoId");

    public static ProblemHttpResult Expired() => Problems.Gone("gallery_expired", "This gallery has expired. Ask the photographer to open it again.");
}
