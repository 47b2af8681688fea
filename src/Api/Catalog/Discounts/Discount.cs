using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Catalog.Discounts;

internal enum DiscountType
{
    Percent,
    Amount,
}

/// <summary>A code that takes a percentage or an amount off a cart. A redemption is counted at checkout and released if the order is never paid.</summary>
internal sealed class Discount : ITenantOwned, IIdentified<Discount>, IVersioned, IAudited
{
    public static string Prefix => "dsc";

    public Id<Tenant> TenantId { get; init; }

    public required Id<Discount> Id { get; init; }

    /// <summary>In upper case, because people type codes.</summary>
    public required string Code { get; init; }

    public required DiscountType Type { get; init; }

    /// <summary>1 to 100, for <see cref="DiscountType.Percent"/>.</summary>
    public int? Percent { get; set; }

    /// <summary>In minor units of the studio's currency, for <see cref="DiscountType.Amount"/>.</summary>
    public long? Amount { get; set; }

    public int? MaxRedemptions { get; set; }

    /// <summary>Changed only by statements that also check the limit, never by a read and a write.</summary>
    public int RedemptionCount { get; init; }

    public DateTimeOffset? StartsAt { get; set; }

    public DateTimeOffset? EndsAt { get; set; }

    public long? MinimumSubtotal { get; set; }

    public required bool IsActive { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    // Visible to the studio only, and may be personal.
    [NotInAudit]
    public Dictionary<string, string> Metadata { get; set; } = [];

    public DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    public static string Normalize(string code) => code.Trim().ToUpperInvariant();

    public bool IsLiveAt(DateTimeOffset now) => IsActive && (StartsAt is null || StartsAt <= now) && (EndsAt is null || EndsAt > now);

    public bool HasRedemptionsLeft => MaxRedemptions is null || RedemptionCount < MaxRedemptions;

    /// <summary>The amount taken off a subtotal: never more than the subtotal, and nothing below the minimum.</summary>
    public long Of(long subtotal)
    {
        if (MinimumSubtotal is { } minimum && subtotal < minimum)
        {
            return 0;
        }

        return Type == DiscountType.Percent
            ? (long)decimal.Round(subtotal * Percent!.Value / 100m, 0, MidpointRounding.ToEven)
            : Math.Min(Amount!.Value, subtotal);
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Discount>
    {
        public void Configure(EntityTypeBuilder<Discount> builder)
        {
            builder.ToTable("discounts");
            builder.Property(e => e.Metadata).IsJson();
            builder.Property(d => d.Code).HasMaxLength(40);
            builder.Ignore(d => d.HasRedemptionsLeft);
            builder.HasIndex(d => new { d.TenantId, d.Code }).IsUnique();
        }
    }
}

/// <summary>Counts redemptions with one statement each, so that the limit also holds for concurrent orders.</summary>
internal static class Redemptions
{
    /// <summary>False if the limit is reached or the code is inactive.</summary>
    public static async Task<bool> TryRedeemAsync(this IQueryable<Discount> discounts, Id<Discount> id, DateTimeOffset now, CancellationToken cancellation) =>
        await discounts
            .Where(d => d.Id == id && d.IsActive && (d.StartsAt == null || d.StartsAt <= now) && (d.EndsAt == null || d.EndsAt > now)
                && (d.MaxRedemptions == null || d.RedemptionCount < d.MaxRedemptions))
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.RedemptionCount, d => d.RedemptionCount + 1), cancellation) == 1;

    public static Task<int> ReleaseAsync(this IQueryable<Discount> discounts, Id<Discount> id, CancellationToken cancellation) =>
        discounts.Where(d => d.Id == id && d.RedemptionCount > 0)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.RedemptionCount, d => d.RedemptionCount - 1), cancellation);
}
