using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Catalog.Products;

internal sealed record UpdateProductRequest
{
    [OneLine, Required, StringLength(100, MinimumLength = 1)]
    public required string Name { get; init; }

    [StringLength(1000)]
    public required string? Description { get; init; }

    [MaxLength(5)]
    public required IReadOnlyList<ProductOption> Options { get; init; }

    public required DigitalSpec? Digital { get; init; }

    public required PrintSpec? Print { get; init; }

    [Range(0, 1_000_000)]
    public required int? Stock { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>The studio's own data about the product. A null value removes a key.</summary>
    [Metadata]
    public required IReadOnlyDictionary<string, string?> Metadata { get; init; }
}

internal static class UpdateProduct
{
    public static void MapUpdateProduct(this IEndpointRouteBuilder routes) => routes
        .MapPatch("/products/{productId}", HandleAsync)
        .WithName("UpdateProduct")
        .WithTags("Catalog")
        .WithSummary("Change a product")
        .WithDescription("A JSON merge patch. Orders keep their copy of the product; carts report what changed. Prices of options that no longer exist are not "
            + "offered.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .TakesIfMatch()
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.ProductsWrite);

    private static async Task<Results<Ok<ProductResponse>, ProblemHttpResult>> HandleAsync(
        Id<Product> productId, MergePatch<UpdateProductRequest> patch, HttpContext http, ProofsheetDb db, CancellationToken cancellation)
    {
        var product = await db.Set<Product>().SingleOrDefaultAsync(p => p.Id == productId, cancellation);
        if (product is null)
        {
            return Problems.NotFound("product");
        }

        if (!ETags.IfMatch(http, product))
        {
            return Problems.PreconditionFailed();
        }

        var wanted = patch.ApplyTo(new UpdateProductRequest
        {
            Name = product.Name,
            Description = product.Description,
            Options = product.Options,
            Digital = product.DigitalSize is { } size ? new DigitalSpec { Size = size } : null,
            Print = product.Print,
            Stock = product.Stock,
            IsActive = product.IsActive,
            Metadata = Metadata.Present(product.Metadata),
        });
        if (ProductRules.Check(product.Type, wanted.Options, wanted.Digital, wanted.Print) is { } refusal)
        {
            return refusal;
        }

        (product.Name, product.Description, product.Options) = (wanted.Name.Trim(), wanted.Description, wanted.Options);
        (product.DigitalSize, product.Print, product.Stock, product.IsActive) = (wanted.Digital?.Size, wanted.Print, wanted.Stock, wanted.IsActive);
        product.Metadata = Metadata.Kept(wanted.Metadata);
        await db.SaveChangesAsync(cancellation);

        ETags.Write(http, product);
        return TypedResults.Ok(product.ToResponse());
    }
}
