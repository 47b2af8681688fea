using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.Discounts;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Carts;

internal static class DiscountQuoting
{
    public static QuotedDiscount Quote(this Discount discount) =>
        new(discount.Id, discount.Code, discount.Type, discount.Percent, discount.Amount, discount.MinimumSubtotal);
}
