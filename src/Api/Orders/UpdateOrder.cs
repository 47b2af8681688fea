using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Orders;

internal sealed record UpdateOrderRequest
{
    /// <summary>The studio's own data about the order. A null value removes a key.</summary>
    [Metadata]
    public required IReadOnlyDictionary<string, string?> Metadata { get; init; }
}

internal static class UpdateOrder
{
    public static void MapUpdateOrder(this IEndpointRouteBuilder routes) => routes
        .MapPatch("/orders/{orderId}", HandleAsync)
        .WithName("UpdateOrder")
        .WithTags("Orders")
        .WithSummary("Change an order's metadata")
        .WithDescription("A JSON merge patch. What was bought and paid cannot be changed; use `UpdateOrderItem` to change the status of an item.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .TakesIfMatch()
        .RequireScope(Scopes.OrdersWrite);

    private static Task<Results<Ok<OrderResponse>, ProblemHttpResult>> HandleAsync(
        Id<Order> orderId, MergePatch<UpdateOrderRequest> patch, HttpContext http, Caller caller, ProofsheetDb db, CancellationToken cancellation) =>
        db.InTransactionAsync<Results<Ok<OrderResponse>, ProblemHttpResult>>(async () =>
        {
            var order = await db.TakeOrderAsync(orderId, cancellation);
            if (order is null)
            {
                return Problems.NotFound("order");
            }

            if (!ETags.IfMatch(http, order))
            {
                return Problems.PreconditionFailed();
            }

            order.Metadata = Metadata.Kept(patch.ApplyTo(new UpdateOrderRequest { Metadata = Metadata.Present(order.Metadata) }).Metadata);
            await db.SaveChangesAsync(cancellation);

            ETags.Write(http, order);
            return TypedResults.Ok(order.ToResponse(caller));
        }, cancellation);
}
