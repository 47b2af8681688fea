using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Orders.Payments;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Orders;

internal static class CancelOrder
{
    public static void MapCancelOrder(this IEndpointRouteBuilder routes) => routes
        .MapPost("/orders/{orderId}/cancel", HandleAsync)
        .WithName("CancelOrder")
        .WithTags("Orders")
        .WithSummary("Cancel an unpaid order")
        .WithDescription("First cancels the payment at the provider, so that the order can no longer be paid, then releases its discount and its reserved stock. "
            + "Repeating the request changes nothing.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        // The provider is called between two transactions; the order's state makes it safe to repeat.
        .WithMetadata(IdempotencyMode.Repeatable)
        .RequireScope(Scopes.OrdersWrite);

    private static async Task<Results<Ok<OrderResponse>, ProblemHttpResult>> HandleAsync(
        Id<Order> orderId, ProofsheetDb db, Caller caller, OrderPayments payments, CancellationToken cancellation)
    {
        if (await db.FindOrderAsync(caller, orderId, cancellation) is not { } order)
        {
            return Problems.NotFound("order");
        }

        if (order.Status == OrderStatus.Pending)
        {
            await payments.CancelAsync(order, cancellation);
            order = (await db.FindOrderAsync(caller, orderId, cancellation))!;
        }

        return order.Status == OrderStatus.Canceled
            ? TypedResults.Ok(order.ToResponse(caller))
            : Problems.Conflict("order_paid", "A paid order cannot be canceled. The studio returns the money at its payment provider.");
    }
}
