using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Orders;

internal static class ReadOrders
{
    public static void MapReadOrders(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/orders", ListAsync)
            .WithName("ListOrders")
            .WithTags("Orders")
            .WithSummary("List orders")
            .WithDescription("Newest first. A studio sees all of its orders, a visitor its own.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .RequireScope(Scopes.OrdersRead, Scopes.VisitorOrder);
        routes.MapGet("/orders/{orderId}", GetAsync)
            .WithName("GetOrder")
            .WithTags("Orders")
            .WithSummary("Read an order")
            .WithDescription("A visitor reads its own. The ETag is the order's version.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireScope(Scopes.OrdersRead, Scopes.VisitorOrder);
    }

    private static async Task<Results<Ok<Page<OrderResponse>>, ProblemHttpResult>> ListAsync(
        ProofsheetDb db, Paging paging, Caller caller, Choice<OrderStatus>? status, Id<Gallery>? galleryId, [AsParameters] PageQuery page, CancellationToken cancellation)
    {
        var orders = db.OrdersFor(caller).AsNoTracking();
        if (status is { Value: var wanted })
        {
            orders = orders.Where(o => o.Status == wanted);
        }

        if (galleryId is { } gallery)
        {
            orders = orders.Where(o => o.GalleryId == gallery);
        }

        return await paging.NewestFirstAsync(
            page, $"orders:{caller.VisitorId}:{status}:{galleryId}", orders.Include(o => o.Items).Include(o => o.Payment).AsSplitQuery(), o => o.ToResponse(caller), cancellation);
    }

    private static async Task<Results<Ok<OrderResponse>, ProblemHttpResult>> GetAsync(
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
