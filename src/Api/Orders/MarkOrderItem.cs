using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Catalog.Products;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Orders;

internal sealed record MarkOrderItemRequest
{
    /// <summary>processing, shipped or completed.</summary>
    public required OrderItemStatus Status { get; init; }
}

internal static class MarkOrderItem
{
    public static void MapMarkOrderItem(this IEndpointRouteBuilder routes) => routes
        .MapPost("/orders/{orderId}/items/{itemId}/mark", HandleAsync)
        .WithName("MarkOrderItem")
        .WithTags("Orders")
        .WithSummary("Say how far an item is")
        .WithDescription("Only forward, and only of a paid order; the order's status follows from its items. Files complete by themselves.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.OrdersWrite);

    private static Task<Results<Ok<OrderResponse>, ProblemHttpResult>> HandleAsync(
        Id<Order> orderId, Id<OrderItem> itemId, MarkOrderItemRequest request, ProofsheetDb db, CancellationToken cancellation) =>
        db.InTransactionAsync<Results<Ok<OrderResponse>, ProblemHttpResult>>(async () =>
        {
            var order = await db.TakeOrderAsync(orderId, cancellation);
            if (order?.Items.FirstOrDefault(i => i.Id == itemId) is not { } item)
            {
                return Problems.NotFound("item of this order");
            }

            if (item.Kind == ProductKind.Digital)
            {
                return Problems.Rule("item_is_digital", "A file completes by itself once the order is paid.", "status");
            }

            if (!order.Mark(item, request.Status))
            {
                return Problems.Conflict("order_item_not_markable", "Items of paid orders are marked, and only forward: pending, processing, shipped, completed.");
            }

            await db.SaveChangesAsync(cancellation);
            return TypedResults.Ok(order.ToResponse());
        }, cancellation);
}
