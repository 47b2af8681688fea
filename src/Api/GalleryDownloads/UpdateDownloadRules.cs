using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Imaging;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Mail;

namespace Proofsheet.Api.GalleryDownloads;

internal sealed record UpdateDownloadRulesRequest
{
    public required bool AllowsDownloads { get; init; }

    /// <summary>The sizes on offer: web is a rendition as JPEG, full is the original.</summary>
    [MaxLength(2)]
    public required IReadOnlyList<DigitalSize> Sizes { get; init; }

    /// <summary>The longer side of a web file in pixels: 300, 1200 or 2048. Null for the largest available.</summary>
    public required int? WebPixels { get; init; }

    /// <summary>Whether web files have the gallery's watermark, if it has one.</summary>
    public required bool IsWebWatermarked { get; init; }

    /// <summary>False removes the PIN.</summary>
    public required bool HasPin { get; init; }

    /// <summary>A new PIN of 6 to 12 digits; it can never be read. Without it, or with null, the existing PIN is kept.</summary>
    [RegularExpression("^[0-9]{6,12}$", ErrorMessage = "6 to 12 digits.")]
    public string? Pin { get; init; }

    [Range(1, 1_000_000)]
    public required int? PhotosPerVisitor { get; init; }

    [Range(1, 100_000_000)]
    public required int? PhotosPerGallery { get; init; }

    public required DownloadAudience Audience { get; init; }

    /// <summary>For the audience listed_emails: up to 500 email addresses, not case-sensitive.</summary>
    [MaxLength(GalleryDownloadRules.MaxEmails)]
    public required IReadOnlyList<string> Emails { get; init; }

    /// <summary>When downloading ends. Null if it ends with the gallery. A new value must be in the future.</summary>
    public required DateTimeOffset? EndsAt { get; init; }
}

internal static class UpdateDownloadRules
{
    public static void MapUpdateDownloadRules(this IEndpointRouteBuilder routes) => routes
        .MapPatch("/galleries/{galleryId}/download-rules", HandleAsync)
        .WithName("UpdateDownloadRules")
        .WithTags("Downloads")
        .WithSummary("Change a gallery's download rules")
        .WithDescription("A JSON merge patch. What the rules no longer allow ends at once, including URLs that were given out. Setting or removing the PIN ends "
            + "downloads that were created before.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .TakesIfMatch()
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.GalleriesWrite);

    private static async Task<Results<Ok<DownloadRulesResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, MergePatch<UpdateDownloadRulesRequest> patch, HttpContext http, Caller caller, ProofsheetDb db, GallerySecrets secrets, TimeProvider clock, CancellationToken cancellation)
    {
        if (await db.FindGalleryAsync(caller, galleryId, cancellation) is null)
        {
            return Problems.NotFound("gallery");
        }

        var rules = await db.DownloadRulesAsync(galleryId, cancellation);
        if (!ETags.IfMatch(http, rules))
        {
            return Problems.PreconditionFailed();
        }

        var wanted = patch.ApplyTo(Present(rules));
        if (Refuse(wanted, rules, clock.GetUtcNow()) is { } refused)
        {
            return refused;
        }

        Apply(wanted, rules, secrets);
        if (rules.Version == 0)
        {
            db.Add(rules);
        }

        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // The first rules were created twice at the same moment.
            return http.Request.Headers.IfMatch.Count > 0 ? Problems.PreconditionFailed() : Problems.Conflict("concurrent_change", "It was changed by another request at the same time. Read it again and repeat your change.");
        }

        ETags.Write(http, rules);
        return TypedResults.Ok(await db.ToResponseAsync(rules, cancellation));
    }

    private static ProblemHttpResult? Refuse(UpdateDownloadRulesRequest wanted, GalleryDownloadRules rules, DateTimeOffset now)
    {
        if (wanted.AllowsDownloads && wanted.Sizes.Count == 0)
        {
            return Problems.Rule("sizes_required", "Downloads are allowed in at least one size.", "sizes");
        }

        if (wanted.WebPixels is { } pixels && !RenditionSizes.All.Contains(pixels))
        {
            return Problems.Rule("unknown_size", $"Web files have a longer side of {string.Join(", ", RenditionSizes.All)} pixels.", "webPixels");
        }

        if (wanted.HasPin && wanted.Pin is null && rules.PinHash is null)
        {
            return Problems.Rule("pin_required", "Downloads with a PIN need one, of 6 to 12 digits.", "pin");
        }

        if (wanted.Emails.Any(e => !EmailAddress.IsValid(e)))
        {
            return Problems.Rule("invalid_email", "One of these is not an e-mail address.", "emails");
        }

        if (wanted is { Audience: DownloadAudience.ListedEmails, Emails.Count: 0 })
        {
            return Problems.Rule("emails_required", "Name at least one address in `emails`, or choose another `audience`.", "emails");
        }

        return wanted.EndsAt <= now && !SameMillisecond(wanted.EndsAt, rules.EndsAt) ? Problems.Rule("already_expired", "The end lies in the past.", "endsAt") : null;
    }

    private static UpdateDownloadRulesRequest Present(GalleryDownloadRules rules) => new()
    {
        AllowsDownloads = rules.AllowsDownloads,
        Sizes = rules.Sizes,
        WebPixels = rules.WebPixels,
        IsWebWatermarked = rules.IsWebWatermarked,
        HasPin = rules.PinHash is not null,
        PhotosPerVisitor = rules.PhotosPerVisitor,
        PhotosPerGallery = rules.PhotosPerGallery,
        Audience = rules.Audience,
        Emails = rules.Emails,
        EndsAt = rules.EndsAt,
    };

    private static void Apply(UpdateDownloadRulesRequest wanted, GalleryDownloadRules rules, GallerySecrets secrets)
    {
        (rules.AllowsDownloads, rules.Sizes, rules.WebPixels, rules.IsWebWatermarked) = (wanted.AllowsDownloads, [.. wanted.Sizes.Distinct().Order()], wanted.WebPixels, wanted.IsWebWatermarked);
        (rules.PhotosPerVisitor, rules.PhotosPerGallery) = (wanted.PhotosPerVisitor, wanted.PhotosPerGallery);
        (rules.Audience, rules.Emails) = (wanted.Audience, [.. wanted.Emails.Select(EmailAddress.Key).Distinct().Order(StringComparer.Ordinal)]);
        rules.EndsAt = SameMillisecond(wanted.EndsAt, rules.EndsAt) ? rules.EndsAt : wanted.EndsAt;
        // A new PIN implies hasPin, so the patch need not send it.
        if (wanted.Pin is not null)
        {
            rules.SetPin(secrets.Hash(wanted.Pin));
        }
        else if (!wanted.HasPin && rules.PinHash is not null)
        {
            rules.SetPin(null);
        }
    }

    private static bool SameMillisecond(DateTimeOffset? a, DateTimeOffset? b) => a?.ToUnixTimeMilliseconds() == b?.ToUnixTimeMilliseconds();
}
