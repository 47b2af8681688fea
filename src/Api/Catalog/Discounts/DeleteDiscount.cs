using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Catalog.Discounts;

internal static class DeleteDiscount
{
    public static void MapDeleteDiscount(this IEndpointRouteBuilder routes) => routes
        .MapDelete("/discounts/{discountId}", HandleAsync)
        .WithName("DeleteDiscount")
        .WithTags("Catalog")
        .WithSummary("Delete a discount code")
        .WithDescription("The deletion is permanent. Carts that use the code report it; orders keep their discount.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.ProductsWrite);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(Id<Discount> discountId, ProofsheetDb db, CancellationToken cancellation)
    {
        var discount = await db.Set<Discount>().SingleOrDefaultAsync(d => d.Id == discountId, cancellation);
        if (discount is null)
        {
            return Problems.NotFound("discount");
        }

        db.Remove(discount);
        await db.SaveChangesAsync(cancellation);
        return TypedResults.NoContent();
    }
}
