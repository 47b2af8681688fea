using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios;
using Proofsheet.Api.Studios.Watermarks;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Galleries;

internal sealed record CreateGalleryRequest
{
    [OneLine, Required, StringLength(200)]
    public required string Title { get; init; }

    /// <summary>The last part of the URL. By default it is made from the title, with an unguessable ending if the gallery is neither listed nor locked.</summary>
    [RegularExpression(GallerySlugs.Pattern, ErrorMessage = "3 to 63 lower-case letters, digits and hyphens, not at the ends.")]
    public string? Slug { get; init; }

    public DateOnly? EventDate { get; init; }

    [StringLength(4000)]
    public string? Description { get; init; }

    /// <summary>Whether the studio's storefront lists the gallery. Other galleries are reached by their URL alone.</summary>
    public bool IsListed { get; init; }

    /// <summary>What a visitor has to know before the gallery opens.</summary>
    public GalleryRequirement Requires { get; init; } = GalleryRequirement.None;

    /// <summary>Required if a password is required, otherwise not allowed. Composed (NFC), and with other spaces as ASCII spaces (RFC 8265), before its length is checked.</summary>
    [PasswordText, StringLength(128, MinimumLength = 8)]
    public string? Password { get; init; }

    /// <summary>Required if a PIN is required, otherwise not allowed: 6 to 12 digits.</summary>
    [RegularExpression("^[0-9]{6,12}$", ErrorMessage = "6 to 12 digits.")]
    public string? Pin { get; init; }

    public CreateGalleryPresentationRequest Presentation { get; init; } = new();

    /// <summary>If it is missing, the studio's current default watermark is used; later changes of the default do not affect this gallery.</summary>
    public Id<Watermark>? WatermarkId { get; init; }

    /// <summary>What each visitor's pictures show about the visitor, in addition to the watermark. If it is not known, the visitor's id is shown.</summary>
    public ViewerWatermark ViewerWatermark { get; init; } = ViewerWatermark.None;

    /// <summary>Must be in the future. From then on visitors are told that the gallery has expired. With an offset (RFC 3339) or, without one, in the studio's time zone: 2036-12-31T18:00, or 2036-12-31 for the end of that day.</summary>
    public StudioTime? ExpiresAt { get; init; }

    /// <summary>The maximum number of photos in one selection.</summary>
    [Range(1, 100_000)]
    public int? PickLimit { get; init; }

    /// <summary>A BCP 47 language tag, for example <c>fr</c> or <c>pt-BR</c>.</summary>
    [RegularExpression("^[a-z]{2,3}(-[A-Z]{2})?$", ErrorMessage = "A language such as en, fr or pt-BR.")]
    public string Language { get; init; } = "en";

    /// <summary>The studio's own data about the gallery, such as its id in another system.</summary>
    [Metadata]
    public IReadOnlyDictionary<string, string?>? Metadata { get; init; }
}

internal static class CreateGallery
{
    private const int SlugAttempts = 5;

    public static void MapCreateGallery(this IEndpointRouteBuilder routes) => routes
        .MapPost("/galleries", HandleAsync)
        .WithName("CreateGallery")
        .WithTags("Galleries")
        .WithSummary("Create a gallery")
        .WithDescription("The gallery starts as a draft, which clients cannot see. Its password or PIN can never be read again.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.GalleriesWrite);

    private static async Task<Results<Created<GalleryResponse>, ProblemHttpResult>> HandleAsync(
        CreateGalleryRequest request, HttpContext http, ProofsheetDb db, GallerySecrets secrets, SlugClaims slugs, GalleryResponses responses, IOptions<Plans> plans, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (GalleryRules.RefuseLock(request.Requires, request.Password, request.Pin) is { } refused)
        {
            return refused;
        }

        if (request.Slug is not null && GallerySlugs.IsReserved(request.Slug))
        {
            return GalleryRules.SlugReserved();
        }

        var studio = await db.Set<Studio>().AsNoTracking().SingleAsync(cancellation);
        var expiresAt = request.ExpiresAt?.In(TimeZones.Of(studio.TimeZone));
        if (expiresAt <= now)
        {
            return GalleryRules.AlreadyExpired();
        }

        if (request.WatermarkId is { } wanted && !await db.Set<Watermark>().AnyAsync(w => w.Id == wanted, cancellation))
        {
            return GalleryRules.UnknownWatermark();
        }

        var limit = plans.Value.Of(studio).MaxGalleries;
        if (await db.Set<Gallery>().CountAsync(cancellation) >= limit)
        {
            return Problems.Rule("plan_limit", $"The studio's plan has room for {limit} galleries. Delete some with `DeleteGallery`, or ask the operator for a larger plan.");
        }

        var gallery = new Gallery
        {
            Id = Id<Gallery>.New(now),
            Title = request.Title.Trim(),
            Slug = request.Slug ?? GallerySlugs.FromTitle(request.Title, unguessable: !request.IsListed && request.Requires == GalleryRequirement.None),
            Description = request.Description,
            EventDate = request.EventDate,
            IsListed = request.IsListed,
            Layout = request.Presentation.Layout,
            Theme = request.Presentation.Theme,
            Language = request.Language,
            WatermarkId = request.WatermarkId ?? await DefaultWatermarkAsync(db, cancellation),
            ViewerWatermark = request.ViewerWatermark,
            ExpiresAt = expiresAt,
            PickLimit = request.PickLimit,
            Metadata = Metadata.Kept(request.Metadata),
            CreatedAt = now,
        };
        gallery.Lock(request.Requires, (request.Password ?? request.Pin) is { } secret ? secrets.Hash(secret) : null, request.Pin?.Length);
        db.Add(gallery);
        if (!await SaveWithFreeSlugAsync(db, slugs, gallery, mayChange: request.Slug is null, cancellation))
        {
            return GalleryRules.SlugTaken();
        }

        ETags.Write(http, gallery);
        return TypedResults.Created($"/v1/galleries/{gallery.Id}", await responses.OfAsync(gallery, cancellation));
    }

    private static async Task<Id<Watermark>?> DefaultWatermarkAsync(ProofsheetDb db, CancellationToken cancellation) =>
        (await db.Set<Watermark>().AsNoTracking().FirstOrDefaultAsync(w => w.IsDefault, cancellation))?.Id;

    private static async Task<bool> SaveWithFreeSlugAsync(ProofsheetDb db, SlugClaims slugs, Gallery gallery, bool mayChange, CancellationToken cancellation)
    {
        var first = gallery.Slug;
        for (var attempt = 1; ; attempt++)
        {
            var claim = await slugs.TakeAsync(gallery, cancellation);
            try
            {
                await db.SaveChangesAsync(cancellation);
                return true;
            }
            catch (DbUpdateException e) when (e.IsUniqueViolation())
            {
                if (!mayChange || attempt == SlugAttempts)
                {
                    return false;
                }

                db.Entry(claim).State = EntityState.Detached;
                gallery.Slug = GallerySlugs.Another(first);
            }
        }
    }
}
