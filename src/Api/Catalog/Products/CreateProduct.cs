using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Catalog.Products;

internal sealed record CreateProductRequest
{
    [OneLine, Required, StringLength(100, MinimumLength = 1)]
    public required string Name { get; init; }

    [StringLength(1000)]
    public string? Description { get; init; }

    /// <summary>Cannot be changed later.</summary>
    public required ProductType Type { get; init; }

    /// <summary>The choices of the buyer, such as paper. Each combination has its own price on a price sheet.</summary>
    [MaxLength(5)]
    public IReadOnlyList<ProductOption> Options { get; init; } = [];

    /// <summary>For a digital product, which file is sold.</summary>
    public DigitalSpec? Digital { get; init; }

    /// <summary>For a print, its size.</summary>
    public PrintSpec? Print { get; init; }

    /// <summary>The number of pieces of a limited edition. By default the product is unlimited.</summary>
    [Range(0, 1_000_000)]
    public int? Stock { get; init; }

    /// <summary>Whether the product is offered.</summary>
    public bool IsActive { get; init; } = true;

    /// <summary>The studio's own data about the product, such as its id in another system.</summary>
    [Metadata]
    public IReadOnlyDictionary<string, string?>? Metadata { get; init; }
}

internal static class CreateProduct
{
    public static void MapCreateProduct(this IEndpointRouteBuilder routes) => routes
        .MapPost("/products", HandleAsync)
        .WithName("CreateProduct")
        .WithTags("Catalog")
        .WithSummary("Create a product")
        .WithDescription("A file or a print that the studio sells of its photos. A gallery offers it once the gallery's price sheet has a price for it.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.ProductsWrite);

    private static async Task<Results<Created<ProductResponse>, ProblemHttpResult>> HandleAsync(
        CreateProductRequest request, HttpContext http, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        if (ProductRules.Check(request.Type, request.Options, request.Digital, request.Print) is { } refusal)
        {
            return refusal;
        }

        var now = clock.GetUtcNow();
        var product = new Product
        {
            Id = Id<Product>.New(now),
            Name = request.Name.Trim(),
            Description = request.Description,
            Type = request.Type,
            Options = request.Options,
            DigitalSize = request.Digital?.Size,
            Print = request.Print,
            Stock = request.Stock,
            IsActive = request.IsActive,
            Metadata = Metadata.Kept(request.Metadata),
            CreatedAt = now,
        };
        db.Add(product);
        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, product);
        return TypedResults.Created($"/v1/products/{product.Id}", product.ToResponse());
    }
}
