using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Catalog.Products;

internal static class GetProduct
{
    public static void MapGetProduct(this IEndpointRouteBuilder routes) => routes
        .MapGet("/products/{productId}", HandleAsync)
        .WithName("GetProduct")
        .WithTags("Catalog")
        .WithSummary("Get a product")
        .WithDescription("The ETag is the product's version, for If-Match.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.ProductsRead);

    private static async Task<Results<Ok<ProductResponse>, ProblemHttpResult>> HandleAsync(
        Id<Product> productId, HttpContext http, ProofsheetDb db, CancellationToken cancellation)
    {
        var product = await db.Set<Product>().AsNoTracking().SingleOrDefaultAsync(p => p.Id == productId, cancellation);
        if (product is null)
        {
            return Problems.NotFound("product");
        }

        ETags.Write(http, product);
        return TypedResults.Ok(product.ToResponse());
    }
}
