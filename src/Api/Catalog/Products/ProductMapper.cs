using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Catalog.Products;

internal sealed record ProductResponse
{
    public required Id<Product> Id { get; init; }

    public required string Name { get; init; }

    public required string? Description { get; init; }

    public required ProductType Type { get; init; }

    public required IReadOnlyList<ProductOption> Options { get; init; }

    public required DigitalSpec? Digital { get; init; }

    public required PrintSpec? Print { get; init; }

    /// <summary>How many pieces are left. Null if the product is unlimited.</summary>
    public required int? Stock { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>The studio's own data about the product.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

internal static class ProductMapper
{
    public static ProductResponse ToResponse(this Product product) => new()
    {
        Id = product.Id,
        Name = product.Name,
        Description = product.Description,
        Type = product.Type,
        Options = product.Options,
        Digital = product.DigitalSize is { } size ? new DigitalSpec { Size = size } : null,
        Print = product.Print,
        Stock = product.Stock,
        IsActive = product.IsActive,
        Metadata = product.Metadata,
        CreatedAt = product.CreatedAt,
        UpdatedAt = product.UpdatedAt,
    };
}
