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

    /// <summary>The code of the refusal: downloads_off, downloads_ended, email_required or email_not_listed. Null if downloading is allowed.</summary>
    public required string? Reason { get; init; }

    /// <summary>The sizes on offer: web is a JPEG to show, full is the original.</summary>
    public required IReadOnlyList<DigitalSize> Sizes { get; init; }

    /// <summary>The longer side of a web file in pixels. Null for the largest available.</summary>
    public required int? WebPixels { get; init; }

    /// <summary>Whether web files have a watermark.</summary>
    public required bool IsWebWatermarked { get; init; }

    /// <summary>Whether a PIN has to be sent.</summary>
    public required bool RequiresPin { get; init; }

    /// <summary>How many photos that have not been downloaded yet can still be downloaded. Null for no limit.</summary>
    public required int? RemainingPhotoCount { get; init; }

    public required DateTimeOffset? EndsAt { get; init; }
}

internal static class GetDownloadOptions
{
    public static void MapGetDownloadOptions(this IEndpointRouteBuilder routes) => routes
        .MapGet("/galleries/{galleryId}/download-options", HandleAsync)
        .WithName("GetDownloadOptions")
        .WithTags("Downloads")
        .WithSummary("Get the visitor's download options")
        .WithDescription("What the visitor may download free of charge, according to the gallery's rules. Photos that were downloaded once can be downloaded again "
            + "without being counted.")
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
