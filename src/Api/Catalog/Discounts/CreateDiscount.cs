using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Catalog.Discounts;

internal sealed record CreateDiscountRequest
{
    /// <summary>Letters, digits, hyphens and underscores; not case-sensitive.</summary>
    [StringLength(40, MinimumLength = 3), RegularExpression("^[A-Za-z0-9][A-Za-z0-9_-]{2,39}$", ErrorMessage = "3 to 40 letters, digits, hyphens and underscores.")]
    public required string Code { get; init; }

    /// <summary>Cannot be changed later.</summary>
    public required DiscountType Type { get; init; }

    [Range(1, 100)]
    public int? Percent { get; init; }

    /// <summary>In the studio's currency.</summary>
    public Money? Amount { get; init; }

    /// <summary>How many orders may use the code. By default there is no limit.</summary>
    [Range(1, 1_000_000)]
    public int? MaxRedemptions { get; init; }

    public DateTimeOffset? StartsAt { get; init; }

    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>The discount does not apply to a cart with a lower subtotal.</summary>
    public Money? MinimumSubtotal { get; init; }

    public bool IsActive { get; init; } = true;

    /// <summary>The studio's own data about the discount, such as its id in another system.</summary>
    [Metadata]
    public IReadOnlyDictionary<string, string?>? Metadata { get; init; }
}

internal static class CreateDiscount
{
    public static void MapCreateDiscount(this IEndpointRouteBuilder routes) => routes
        .MapPost("/discounts", HandleAsync)
        .WithName("CreateDiscount")
        .WithTags("Catalog")
        .WithSummary("Create a discount code")
        .WithDescription("The code takes a percentage or an amount off a cart's products. The redemption limit also holds for concurrent orders.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.ProductsWrite);

    private static async Task<Results<Created<DiscountResponse>, ProblemHttpResult>> HandleAsync(
        CreateDiscountRequest request, HttpContext http, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var currency = await db.Set<Studio>().Select(s => s.Currency).SingleAsync(cancellation);
        if (DiscountRules.Check(request.Type, request.Percent, request.Amount, request.MinimumSubtotal, request.StartsAt, request.EndsAt, currency) is { } refusal)
        {
            return refusal;
        }

        var code = Discount.Normalize(request.Code);
        // Checked first, because a failed insert would abort the transaction of an idempotent request on PostgreSQL.
        if (await db.Set<Discount>().AnyAsync(d => d.Code == code, cancellation))
        {
            return CodeTaken();
        }

        var now = clock.GetUtcNow();
        var discount = new Discount
        {
            Id = Id<Discount>.New(now),
            Code = code,
            Type = request.Type,
            Percent = request.Percent,
            Amount = request.Amount?.Amount,
            MaxRedemptions = request.MaxRedemptions,
            StartsAt = request.StartsAt,
            EndsAt = request.EndsAt,
            MinimumSubtotal = request.MinimumSubtotal?.Amount,
            IsActive = request.IsActive,
            Metadata = Metadata.Kept(request.Metadata),
            CreatedAt = now,
        };
        db.Add(discount);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            return CodeTaken();
        }

        ETags.Write(http, discount);
        return TypedResults.Created($"/v1/discounts/{discount.Id}", discount.ToResponse(currency));
    }

    private static ProblemHttpResult CodeTaken() => Problems.Conflict("discount_code_taken", "Another discount of this studio has this code.");
}

internal static class DiscountRules
{
    /// <summary>The refusal, or null if the values are valid.</summary>
    public static ProblemHttpResult? Check(
        DiscountType type, int? percent, Money? amount, Money? minimum, DateTimeOffset? startsAt, DateTimeOffset? endsAt, string currency)
    {
        if (type == DiscountType.Percent ? percent is null || amount is not null : amount is null || percent is not null)
        {
            return Problems.Rule("discount_type_mismatch", "A percent discount has `percent`, an amount discount has `amount`, and none has both.", type == DiscountType.Percent ? "percent" : "amount");
        }

        if (amount is { } off && off.Currency != currency)
        {
            return Problems.Rule("currency_mismatch", $"This studio sells in {currency}.", "amount.currency");
        }

        if (minimum is { } least && least.Currency != currency)
        {
            return Problems.Rule("currency_mismatch", $"This studio sells in {currency}.", "minimumSubtotal.currency");
        }

        var most = Currencies.MaxAmount(currency);
        if (amount?.Amount <= 0 || amount?.Amount > most)
        {
            return Problems.Rule("price_not_acceptable", $"An amount is 1 to {Currencies.MaxAmountText(currency)}.", "amount.amount");
        }

        if (minimum?.Amount < 0 || minimum?.Amount > most)
        {
            return Problems.Rule("price_not_acceptable", $"A minimum is 0 to {Currencies.MaxAmountText(currency)}.", "minimumSubtotal.amount");
        }

        return startsAt >= endsAt ? Problems.Rule("ends_before_start", "A discount ends after it starts.", "endsAt") : null;
    }
}
