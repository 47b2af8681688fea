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

    /// <summary>The number of orders that currently use it, paid or awaiting payment.</summary>
    public required int RedemptionCount { get; init; }

    public required DateTimeOffset? StartsAt { get; init; }

    public required DateTimeOffset? EndsAt { get; init; }

    public required Money? MinimumSubtotal { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>The studio's own data about the discount.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

internal static class DiscountMapper
{
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
