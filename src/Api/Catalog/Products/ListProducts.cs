using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;

namespace Proofsheet.Api.Catalog.Products;

internal static class ListProducts
{
    public static void MapListProducts(this IEndpointRouteBuilder routes) => routes
        .MapGet("/products", HandleAsync)
        .WithName("ListProducts")
        .WithTags("Catalog")
        .WithSummary("List products")
        .WithDescription("Oldest first.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .RequireScope(Scopes.ProductsRead);

    private static Task<Results<Ok<Page<ProductResponse>>, ProblemHttpResult>> HandleAsync(
        ProofsheetDb db, Paging paging, [AsParameters] PageQuery page, CancellationToken cancellation) =>
        paging.OldestFirstAsync(page, "products", db.Set<Product>().AsNoTracking(), ProductMapper.ToResponse, cancellation);
}
