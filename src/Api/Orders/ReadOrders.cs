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
        ProofsheetDb db, Cursors cursors, Caller caller, Choice<OrderStatus>? status, Id<Gallery>? galleryId, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (Limits.PageSize(limit) is not { } size)
        {
            return PageProblems.BadLimit();
        }

        var list = $"orders:{caller.VisitorId}:{status?.Value}:{galleryId}";
        if (!cursors.TryRead(list, cursor, out var after))
        {
            return PageProblems.BadCursor();
        }

        var orders = db.OrdersFor(caller).AsNoTracking();
        if (status is { Value: var wanted })
        {
            orders = orders.Where(o => o.Status == wanted);
        }

        if (galleryId is { } gallery)
        {
            orders = orders.Where(o => o.GalleryId == gallery);
        }

        if (after is not null)
        {
            var last = Id<Order>.FromStored(after);
            orders = orders.Where(o => o.Id < last);
        }

        var rows = await orders.OrderByDescending(o => o.Id).Take(size + 1).Include(o => o.Items).Include(o => o.Payment).AsSplitQuery().ToListAsync(cancellation);
        return TypedResults.Ok(Page<OrderResponse>.From(rows, size, o => o.ToResponse(), o => cursors.Write(list, o.Id.ToStored())));
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
        return TypedResults.Ok(order.ToResponse());
    }
}
