using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Catalog.Discounts;

internal sealed record DiscountResponse
{
    public required Id<Discount> Id { get; init; }

    public required string Code { get; init; }

    public required DiscountType Type { get; init; }

    public required int? Percent { get; init; }

    public required Money? Amount { get; init; }

    public required int? MaxRedemptions { get; init; }

    /// <summary>Orders that hold it now, paid or waiting to be.</summary>
    public required int RedemptionCount { get; init; }

    public required DateTimeOffset? StartsAt { get; init; }

    public required DateTimeOffset? EndsAt { get; init; }

    public required Money? MinimumSubtotal { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>The studio's own notes.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

internal static class ReadDiscounts
{
    public static void MapReadDiscounts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/discounts", ListAsync)
            .WithName("ListDiscounts")
            .WithTags("Catalog")
            .WithSummary("List discount codes")
            .WithDescription("In the order they were made.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .RequireScope(Scopes.ProductsRead);
        routes.MapGet("/discounts/{discountId}", GetAsync)
            .WithName("GetDiscount")
            .WithTags("Catalog")
            .WithSummary("Read a discount code")
            .WithDescription("The ETag is its version, for If-Match; redemptions do not raise it.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireScope(Scopes.ProductsRead);
    }

    private static async Task<Results<Ok<Page<DiscountResponse>>, ProblemHttpResult>> ListAsync(
        ProofsheetDb db, Paging paging, [AsParameters] PageQuery page, CancellationToken cancellation)
    {
        var currency = await db.Set<Studio>().Select(s => s.Currency).SingleAsync(cancellation);
        return await paging.OldestFirstAsync(page, "discounts", db.Set<Discount>().AsNoTracking(), d => d.ToResponse(currency), cancellation);
    }

    private static async Task<Results<Ok<DiscountResponse>, ProblemHttpResult>> GetAsync(
        Id<Discount> discountId, HttpContext http, ProofsheetDb db, CancellationToken cancellation)
    {
        var discount = await db.Set<Discount>().AsNoTracking().SingleOrDefaultAsync(d => d.Id == discountId, cancellation);
        if (discount is null)
        {
            return Problems.NotFound("discount");
        }

        ETags.Write(http, discount);
        return TypedResults.Ok(discount.ToResponse(await db.Set<Studio>().Select(s => s.Currency).SingleAsync(cancellation)));
    }

    public static DiscountResponse ToResponse(this Discount discount, string currency) => new()
    {
        Id = discount.Id,
        Code = discount.Code,
        Type = discount.Type,
        Percent = discount.Percent,
        Amount = discount.Amount is { } amount ? new Money(amount, currency) : null,
        MaxRedemptions = discount.MaxRedemptions,
        RedemptionCount = discount.RedemptionCount,
        StartsAt = discount.StartsAt,
        EndsAt = discount.EndsAt,
        MinimumSubtotal = discount.MinimumSubtotal is { } minimum ? new Money(minimum, currency) : null,
        IsActive = discount.IsActive,
        Metadata = discount.Metadata,
        CreatedAt = discount.CreatedAt,
        UpdatedAt = discount.UpdatedAt,
    };
}
