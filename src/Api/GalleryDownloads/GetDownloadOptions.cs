using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.GalleryDownloads;

internal sealed record DownloadOptionsResponse
{
    /// <summary>Whether this visitor may download now.</summary>
    public required bool AllowsDownloads { get; init; }

    /// <summary>The code of the refusal: downloads_off, downloads_ended, email_required or email_not_listed. Null where it is allowed.</summary>
    public required string? Reason { get; init; }

    /// <summary>web: a JPEG to show; full: the original.</summary>
    public required IReadOnlyList<DigitalSize> Sizes { get; init; }

    /// <summary>Longer side of a web file; null: the largest there is.</summary>
    public required int? WebPixels { get; init; }

    /// <summary>Whether web files carry a watermark.</summary>
    public required bool IsWebWatermarked { get; init; }

    /// <summary>Whether a PIN has to be sent.</summary>
    public required bool RequiresPin { get; init; }

    /// <summary>How many photos that were not downloaded yet still can be; null: all.</summary>
    public required int? RemainingPhotoCount { get; init; }

    public required DateTimeOffset? EndsAt { get; init; }
}

internal static class GetDownloadOptions
{
    public static void MapGetDownloadOptions(this IEndpointRouteBuilder routes) => routes
        .MapGet("/galleries/{galleryId}/download-options", HandleAsync)
        .WithName("GetDownloadOptions")
        .WithTags("Downloads")
        .WithSummary("Read what the visitor may download")
        .WithDescription("Free of charge, as the gallery's rules say. Photos that were downloaded once can be downloaded again without counting.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.VisitorDownload);

    private static async Task<Results<Ok<DownloadOptionsResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, HttpContext http, Caller caller, DownloadTermsLookup lookup, TimeProvider clock, CancellationToken cancellation)
    {
        var terms = await lookup.FindAsync(galleryId, caller, cancellation);
        if (terms is null)
        {
            return Problems.NotFound("gallery");
        }

        http.Response.Headers.CacheControl = "private, no-store";
        var refused = terms.Refuse(clock.GetUtcNow());
        return TypedResults.Ok(new DownloadOptionsResponse
        {
            AllowsDownloads = refused is null,
            Reason = refused?.ProblemDetails.Extensions["code"] as string,
            Sizes = terms.Rules.AllowsDownloads ? terms.Rules.Sizes : [],
            WebPixels = terms.Rules.WebPixels,
            IsWebWatermarked = terms.Mark is not null,
            RequiresPin = terms.Rules.PinHash is not null,
            RemainingPhotoCount = await lookup.PhotosLeftAsync(terms, cancellation),
            EndsAt = terms.Rules.EndsAt,
        });
    }
}
