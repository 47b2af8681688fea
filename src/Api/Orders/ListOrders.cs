using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Orders;

internal static class ListOrders
{
    public static void MapListOrders(this IEndpointRouteBuilder routes) => routes
        .MapGet("/orders", HandleAsync)
        .WithName("ListOrders")
        .WithTags("Orders")
        .WithSummary("List orders")
        .WithDescription("Newest first. A studio sees all of its orders, a visitor only their own.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .RequireScope(Scopes.OrdersRead, Scopes.VisitorOrder);

    private static async Task<Results<Ok<Page<OrderResponse>>, ProblemHttpResult>> HandleAsync(
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
}
