using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Catalog.Discounts;

internal sealed record UpdateDiscountRequest
{
    [Range(1, 100)]
    public required int? Percent { get; init; }

    public required Money? Amount { get; init; }

    [Range(1, 1_000_000)]
    public required int? MaxRedemptions { get; init; }

    public required DateTimeOffset? StartsAt { get; init; }

    public required DateTimeOffset? EndsAt { get; init; }

    public required Money? MinimumSubtotal { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>The studio's own data about the discount. A null value removes a key.</summary>
    [Metadata]
    public required IReadOnlyDictionary<string, string?> Metadata { get; init; }
}

internal static class UpdateDiscount
{
    public static void MapUpdateDiscount(this IEndpointRouteBuilder routes) => routes
        .MapPatch("/discounts/{discountId}", HandleAsync)
        .WithName("UpdateDiscount")
        .WithTags("Catalog")
        .WithSummary("Change a discount code")
        .WithDescription("A JSON merge patch. The code and its type cannot be changed; orders keep their discount.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .TakesIfMatch()
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.ProductsWrite);

    private static async Task<Results<Ok<DiscountResponse>, ProblemHttpResult>> HandleAsync(
        Id<Discount> discountId, MergePatch<UpdateDiscountRequest> patch, HttpContext http, ProofsheetDb db, CancellationToken cancellation)
    {
        var discount = await db.Set<Discount>().SingleOrDefaultAsync(d => d.Id == discountId, cancellation);
        if (discount is null)
        {
            return Problems.NotFound("discount");
        }

        if (!ETags.IfMatch(http, discount))
        {
            return Problems.PreconditionFailed();
        }

        var currency = await db.Set<Studio>().Select(s => s.Currency).SingleAsync(cancellation);
        var wanted = patch.ApplyTo(new UpdateDiscountRequest
        {
            Percent = discount.Percent,
            Amount = discount.Amount is { } amount ? new Money(amount, currency) : null,
            MaxRedemptions = discount.MaxRedemptions,
            StartsAt = discount.StartsAt,
            EndsAt = discount.EndsAt,
            MinimumSubtotal = discount.MinimumSubtotal is { } minimum ? new Money(minimum, currency) : null,
            IsActive = discount.IsActive,
            Metadata = Metadata.Present(discount.Metadata),
        });
        if (DiscountRules.Check(discount.Type, wanted.Percent, wanted.Amount, wanted.MinimumSubtotal, wanted.StartsAt, wanted.EndsAt, currency) is { } refusal)
        {
            return refusal;
        }

        (discount.Percent, discount.Amount, discount.MaxRedemptions) = (wanted.Percent, wanted.Amount?.Amount, wanted.MaxRedemptions);
        (discount.StartsAt, discount.EndsAt) = (wanted.StartsAt, wanted.EndsAt);
        (discount.MinimumSubtotal, discount.IsActive) = (wanted.MinimumSubtotal?.Amount, wanted.IsActive);
        discount.Metadata = Metadata.Kept(wanted.Metadata);
        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, discount);
        return TypedResults.Ok(discount.ToResponse(currency));
    }
}
