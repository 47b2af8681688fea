using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.PriceSheets;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Catalog.Products;

internal static class DeleteProduct
{
    public static void MapDeleteProduct(this IEndpointRouteBuilder routes) => routes
        .MapDelete("/products/{productId}", HandleAsync)
        .WithName("DeleteProduct")
        .WithTags("Catalog")
        .WithSummary("Delete a product")
        .WithDescription("The deletion is permanent and includes the product's prices. Orders keep their copy of it; carts that contain it report that it is "
            + "unavailable.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.ProductsWrite);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Id<Product> productId, ProofsheetDb db, CancellationToken cancellation)
    {
        var product = await db.Set<Product>().SingleOrDefaultAsync(p => p.Id == productId, cancellation);
        if (product is null)
        {
            return Problems.NotFound("product");
        }

        await db.InTransactionAsync(async () =>
        {
            await db.Set<SheetPrice>().Where(p => p.ProductId == productId).ExecuteDeleteAsync(cancellation);
            db.Remove(product);
            return await db.SaveChangesAsync(cancellation);
        }, cancellation);
        return TypedResults.NoContent();
    }
}
