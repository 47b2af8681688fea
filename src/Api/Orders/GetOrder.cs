using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Orders;

internal static class GetOrder
{
    public static void MapGetOrder(this IEndpointRouteBuilder routes) => routes
        .MapGet("/orders/{orderId}", HandleAsync)
        .WithName("GetOrder")
        .WithTags("Orders")
        .WithSummary("Get an order")
        .WithDescription("A visitor can get only orders of their own. The ETag is the order's version.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.OrdersRead, Scopes.VisitorOrder, Scopes.VisitorOneOrder);

    private static async Task<Results<Ok<OrderResponse>, ProblemHttpResult>> HandleAsync(
        Id<Order> orderId, HttpContext http, ProofsheetDb db, Caller caller, CancellationToken cancellation)
    {
        var order = await db.FindOrderAsync(caller, orderId, cancellation);
        if (order is null)
        {
            return Problems.NotFound("order");
        }

        ETags.Write(http, order);
        return TypedResults.Ok(order.ToResponse(caller));
    }
}
