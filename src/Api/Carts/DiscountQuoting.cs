using Proofsheet.Api.Catalog.Discounts;

namespace Proofsheet.Api.Carts;

internal static class DiscountQuoting
{
    public static QuotedDiscount Quote(this Discount discount) =>
        new(discount.Id, discount.Code, discount.Type, discount.Percent, discount.Amount, discount.MinimumSubtotal);
}
