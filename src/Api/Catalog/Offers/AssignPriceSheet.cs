using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.PriceSheets;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Catalog.Offers;

internal sealed record AssignPriceSheetRequest
{
    /// <summary>Null for the studio's default sheet.</summary>
    public required Id<PriceSheet>? PriceSheetId { get; init; }
}

/// <summary>The price sheet that a gallery uses.</summary>
internal sealed record GalleryPriceSheetResponse
{
    public required Id<Gallery> GalleryId { get; init; }

    /// <summary>Null for the studio's default sheet.</summary>
    public required Id<PriceSheet>? PriceSheetId { get; init; }
}

internal static class AssignPriceSheet
{
    public static void MapAssignPriceSheet(this IEndpointRouteBuilder routes) => routes
        .MapPut("/galleries/{galleryId}/price-sheet", HandleAsync)
        .WithName("AssignPriceSheet")
        .WithTags("Catalog")
        .WithSummary("Assign a price sheet to a gallery")
        .WithDescription("Carts keep their quoted prices until their quote expires.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.ProductsWrite);

    private static async Task<Results<Ok<GalleryPriceSheetResponse>, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, AssignPriceSheetRequest request, ProofsheetDb db, CancellationToken cancellation)
    {
        var gallery = await db.Set<Gallery>().SingleOrDefaultAsync(g => g.Id == galleryId, cancellation);
        if (gallery is null)
        {
            return Problems.NotFound("gallery");
        }

        if (request.PriceSheetId is { } wanted && !await db.Set<PriceSheet>().AnyAsync(s => s.Id == wanted, cancellation))
        {
            return Problems.NotFound("price sheet");
        }

        gallery.AssignPriceSheet(request.PriceSheetId?.ToString());
        await db.SaveChangesAsync(cancellation);
        return TypedResults.Ok(new GalleryPriceSheetResponse { GalleryId = galleryId, PriceSheetId = request.PriceSheetId });
    }
}
