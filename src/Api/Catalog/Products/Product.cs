using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Http;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Catalog.Products;

internal enum ProductType
{
    /// <summary>A file to download.</summary>
    Digital,

    /// <summary>An item that is made and shipped.</summary>
    Print,
}

internal enum DigitalSize
{
    /// <summary>At most 2,048 pixels on the longer side, without a watermark.</summary>
    Web,

    /// <summary>The original file, as it was uploaded.</summary>
    Full,
}

/// <summary>A choice that the buyer makes, such as the paper.</summary>
internal sealed record ProductOption
{
    [OneLine, Required, StringLength(60, MinimumLength = 1)]
    public required string Name { get; init; }

    [MinLength(1), MaxLength(50)]
    public required IReadOnlyList<string> Values { get; init; }
}

internal sealed record DigitalSpec
{
    public required DigitalSize Size { get; init; }
}

/// <summary>The size of the picture area; a crop should have its proportions.</summary>
internal sealed record PrintSpec
{
    [Range(1, 10_000)]
    public required int WidthMm { get; init; }

    [Range(1, 10_000)]
    public required int HeightMm { get; init; }

    /// <summary>Sizes for particular values of an option, in place of the product's own size.</summary>
    [MaxLength(50)]
    public IReadOnlyList<PrintSizeOfOption> Sizes { get; init; } = [];
}

internal sealed record PrintSizeOfOption
{
    [StringLength(60, MinimumLength = 1)]
    public required string Option { get; init; }

    [StringLength(60, MinimumLength = 1)]
    public required string Value { get; init; }

    [Range(1, 10_000)]
    public required int WidthMm { get; init; }

    [Range(1, 10_000)]
    public required int HeightMm { get; init; }
}

/// <summary>Something that a studio sells of its photos. Price sheets set the prices.</summary>
internal sealed class Product : ITenantOwned, IIdentified<Product>, IVersioned, IAudited
{
    public static string Prefix => "prd";

    public Id<Tenant> TenantId { get; init; }

    public required Id<Product> Id { get; init; }

    public required string Name { get; set; }

    public string? Description { get; set; }

    public required ProductType Type { get; init; }

    public required IReadOnlyList<ProductOption> Options { get; set; }

    public DigitalSize? DigitalSize { get; set; }

    public PrintSpec? Print { get; set; }

    /// <summary>How many pieces of a limited edition are left; null if it is unlimited.</summary>
    public int? Stock { get; set; }

    public required bool IsActive { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    // Visible to the studio only, and may be personal.
    [NotInAudit]
    public Dictionary<string, string> Metadata { get; set; } = [];

    public DateTimeOffset UpdatedAt { get; init; }

    public long Version { get; init; }

    /// <summary>The choice in the product's spelling, since case does not matter; null unless every option has one of its values and there are no others.</summary>
    public IReadOnlyDictionary<string, string>? Spell(IReadOnlyDictionary<string, string> chosen)
    {
        var spelled = new Dictionary<string, string>();
        foreach (var option in Options)
        {
            var value = chosen.FirstOrDefault(c => string.Equals(c.Key, option.Name, StringComparison.OrdinalIgnoreCase)).Value;
            if (option.Values.FirstOrDefault(v => string.Equals(v, value, StringComparison.OrdinalIgnoreCase)) is not { } known)
            {
                return null;
            }

            spelled[option.Name] = known;
        }

        return spelled.Count == chosen.Count ? spelled : null;
    }

    /// <summary>True if every option has one of its values, in the product's spelling, and there are no other options.</summary>
    public bool Offers(IReadOnlyDictionary<string, string> chosen) =>
        chosen.Count == Options.Count && Options.All(o => chosen.TryGetValue(o.Name, out var value) && o.Values.Contains(value));

    /// <summary>Width and height in millimeters for these options; null for files.</summary>
    public (int WidthMm, int HeightMm)? SizeOf(IReadOnlyDictionary<string, string> chosen)
    {
        if (Print is null)
        {
            return null;
        }

        var own = Print.Sizes.FirstOrDefault(s => chosen.TryGetValue(s.Option, out var value) && value == s.Value);
        return own is null ? (Print.WidthMm, Print.HeightMm) : (own.WidthMm, own.HeightMm);
    }

    public static bool SameOptions(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(o => other.TryGetValue(o.Key, out var value) && value == o.Value);

    internal sealed class Mapping : IEntityTypeConfiguration<Product>
    {
        public void Configure(EntityTypeBuilder<Product> builder)
        {
            builder.ToTable("products");
            builder.Property(e => e.Metadata).IsJson();
            builder.Property(p => p.Name).HasMaxLength(100);
            builder.Property(p => p.Description).HasMaxLength(1000);
            builder.Property(p => p.Options).IsJson();
            builder.Property(p => p.Print!).IsJson();
        }
    }
}

/// <summary>The rules for a product beyond those of its fields.</summary>
internal static class ProductRules
{
    /// <summary>The refusal, or null if the values are valid.</summary>
    public static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult? Check(
        ProductType type, IReadOnlyList<ProductOption> options, DigitalSpec? digital, PrintSpec? print)
    {
        if (type == ProductType.Digital ? digital is null || print is not null : digital is not null)
        {
            return Problems.Rule("product_type_mismatch", "A digital product has `digital` and no `print`; a print has no `digital`.", type == ProductType.Digital ? "digital" : "print");
        }

        var names = options.Select(o => o.Name).ToList();
        if (names.Distinct(StringComparer.OrdinalIgnoreCase).Count() != names.Count)
        {
            return Problems.Rule("duplicate_option", "Each option is named once.", "options");
        }

        if (options.Any(o => o.Values.Any(v => string.IsNullOrWhiteSpace(v) || v.Length > 60)))
        {
            return Problems.Rule("option_value_not_acceptable", "A value of an option has 1 to 60 characters.", "options");
        }

        if (options.Any(o => o.Values.Distinct(StringComparer.OrdinalIgnoreCase).Count() != o.Values.Count))
        {
            return Problems.Rule("duplicate_option", "Each value of an option is named once.", "options");
        }

        return (print?.Sizes ?? []).All(s => options.Any(o => o.Name == s.Option && o.Values.Contains(s.Value)))
            ? null
            : Problems.Rule("unknown_option", "A size names an option and a value that the product does not have.", "print.sizes");
    }
}
