using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.OrderDownloads;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Selections;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.GalleryDownloads;

/// <summary>Send at most one of photoIds, sectionId and selectionId. Without any of them, the whole gallery is meant.</summary>
internal sealed record RequestDownloadRequest
{
    public required DigitalSize Size { get; init; }

    /// <summary>The photos to download. One is sent as a file, several as an archive.</summary>
    [MinLength(1), MaxLength(1_000)]
    public IReadOnlyList<Id<Photo>>? PhotoIds { get; init; }

    public Id<Section>? SectionId { get; init; }

    /// <summary>One of the visitor's own selections.</summary>
    public Id<Selection>? SelectionId { get; init; }

    /// <summary>Required if the gallery's downloads require a PIN.</summary>
    [StringLength(12)]
    public string? Pin { get; init; }

    internal int SourceCount => (PhotoIds is null ? 0 : 1) + (SectionId is null ? 0 : 1) + (SelectionId is null ? 0 : 1);
}

internal static class RequestDownload
{
    public static void MapRequestDownload(this IEndpointRouteBuilder routes) => routes
        .MapPost("/galleries/{galleryId}/downloads", HandleAsync)
        .WithName("RequestDownload")
        .WithTags("Downloads")
        .WithSummary("Request a download of photos")
        .WithDescription("One photo, a list, a section, one of the visitor's own selections or the whole gallery, in one of the sizes on offer. Originals are ready "
            + "at once; web files are made first, so call `GetGalleryDownload` until the download is ready. Requesting the same again returns the existing download "
            + "and counts nothing. Wrong PINs are counted in the same way as those of galleries.")
        .Produces<GalleryDownloadResponse>(StatusCodes.Status200OK)
        .Produces<GalleryDownloadResponse>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status410Gone)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        // In one transaction with the response, a refused guess would be rolled back together with its count.
        .WithMetadata(IdempotencyMode.Repeatable)
        .RequireScope(Scopes.VisitorDownload);

    private static async Task<Results<Ok<GalleryDownloadResponse>, Created<GalleryDownloadResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, RequestDownloadRequest request, HttpContext http, Caller caller, DownloadTermsLookup lookup, DownloadPins pins, WantedPhotos wanted, DownloadService service, DownloadLinks links,
        TimeProvider clock, CancellationToken cancellation)
    {
        var terms = await lookup.FindAsync(galleryId, caller, cancellation);
        if (terms is null)
        {
            return Problems.NotFound("gallery");
        }

        if (Refuse(terms, request, clock.GetUtcNow()) is { } refused)
        {
            return refused;
        }

        if (await pins.RefuseAsync(terms, request.Pin, cancellation) is { } wrong)
        {
            return wrong;
        }

        var photos = await wanted.FindAsync(galleryId, request, cancellation);
        if (photos is null)
        {
            return Problems.NotFound("photo, section or selection");
        }

        if (photos.Count == 0)
        {
            return Problems.Rule("nothing_to_download", "There is no photo to download in it.");
        }

        var (download, isNew) = await service.OpenAsync(terms, request.Size, photos, cancellation);
        if (download is null)
        {
            return Problems.Rule("download_quota_reached", "More photos than may still be downloaded from this gallery. Choose fewer `photoIds`, or ask the photographer.");
        }

        http.Response.Headers.CacheControl = "private, no-store";
        var answer = download.ToResponse(links);
        return isNew ? TypedResults.Created($"/v1/galleries/{galleryId}/downloads/{download.Id}", answer) : TypedResults.Ok(answer);
    }

    private static ProblemHttpResult? Refuse(DownloadTerms terms, RequestDownloadRequest request, DateTimeOffset now) =>
        terms.Refuse(now)
        ?? (!terms.Rules.Sizes.Contains(request.Size) ? Problems.Rule("size_not_offered", "This gallery does not offer downloads in this size.", "size")
        : request.SourceCount > 1 ? Problems.Rule("ambiguous_download", "Send one of `photoIds`, `sectionId` and `selectionId`.")
        : null);
}

/// <summary>Checks the PIN of a gallery's downloads. Guesses are counted separately from those at the gallery's own PIN, so that neither blocks the other.</summary>
internal sealed class DownloadPins(GallerySecrets secrets, UnlockGuard guard)
{
    public async Task<ProblemHttpResult?> RefuseAsync(DownloadTerms terms, string? pin, CancellationToken cancellation)
    {
        if (terms.Rules.PinHash is not { } hash)
        {
            return null;
        }

        if (string.IsNullOrEmpty(pin))
        {
            return Problems.Rule("pin_required", "Downloading from this gallery needs its download PIN.", "pin");
        }

        var (counted, refused) = await guard.BeginAsync(terms.Gallery.Id, cancellation, door: "downloads");
        if (refused is not null)
        {
            return refused;
        }

        if (secrets.Check(pin, hash) == SecretCheck.Wrong)
        {
            // The count is kept even if the client disconnects now.
            await guard.FailAsync(counted, CancellationToken.None);
            return Problems.Forbidden("wrong_pin", "This PIN does not open the gallery's downloads.");
        }

        await guard.SucceedAsync(counted, CancellationToken.None);
        return null;
    }
}
