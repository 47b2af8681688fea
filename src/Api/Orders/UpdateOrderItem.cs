using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Orders;

internal sealed record UpdateOrderItemRequest
{
    /// <summary>Either pending, processing, shipped or completed. It can only move forward.</summary>
    public required OrderItemStatus Status { get; init; }
}

internal static class UpdateOrderItem
{
    public static void MapUpdateOrderItem(this IEndpointRouteBuilder routes) => routes
        .MapPatch("/orders/{orderId}/items/{orderItemId}", HandleAsync)
        .WithName("UpdateOrderItem")
        .WithTags("Orders")
        .WithSummary("Change the status of an order item")
        .WithDescription("A JSON merge patch. The status only moves forward, and only in a paid order. The order's status follows from its items. Files are "
            + "completed automatically.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .TakesIfMatch()
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.OrdersWrite);

    private static Task<Results<Ok<OrderResponse>, ProblemHttpResult>> HandleAsync(
        Id<Order> orderId, Id<OrderItem> orderItemId, MergePatch<UpdateOrderItemRequest> patch, HttpContext http, Caller caller, ProofsheetDb db, CancellationToken cancellation) =>
        db.InTransactionAsync<Results<Ok<OrderResponse>, ProblemHttpResult>>(async () =>
        {
            var order = await db.TakeOrderAsync(orderId, cancellation);
            if (order?.Items.FirstOrDefault(i => i.Id == orderItemId) is not { } item)
            {
                return Problems.NotFound("item of this order");
            }

            if (!ETags.IfMatch(http, order))
            {
                return Problems.PreconditionFailed();
            }

            var wanted = patch.ApplyTo(new UpdateOrderItemRequest { Status = item.Status });
            if (wanted.Status != item.Status)
            {
                if (item.Type == ProductType.Digital)
                {
                    return Problems.Rule("item_is_digital", "A file completes by itself once the order is paid.", "status");
                }

                if (!order.Mark(item, wanted.Status))
                {
                    return Problems.Conflict("order_item_status_not_allowed",
                        "The status of an item changes only in a paid order, and only forward: pending, processing, shipped, completed.");
                }

                await db.SaveChangesAsync(cancellation);
            }

            ETags.Write(http, order);
            return TypedResults.Ok(order.ToResponse(caller));
        }, cancellation);
}
