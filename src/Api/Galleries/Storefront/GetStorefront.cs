using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios.Brands;

namespace Proofsheet.Api.Galleries.Storefront;

internal sealed record StorefrontResponse
{
    /// <summary>The name that clients see.</summary>
    public required string Name { get; init; }

    public required BrandingResponse Branding { get; init; }
}

internal static class GetStorefront
{
    public static void MapGetStorefront(this IEndpointRouteBuilder routes) => routes
        .MapGet("/storefront", HandleAsync)
        .WithName("GetStorefront")
        .WithTags("Storefront")
        .WithSummary("Get the studio's storefront")
        .WithDescription("Returns the studio's name and branding. `ListStorefrontGalleries` lists its galleries.")
        .RequireScope(Scopes.Storefront);

    private static async Task<Ok<StorefrontResponse>> HandleAsync(ProofsheetDb db, PublicUrl publicUrl, CancellationToken cancellation)
    {
        var branding = await db.BrandingAsync(cancellation);
        return TypedResults.Ok(new StorefrontResponse { Name = branding.Name, Branding = branding.ToResponse(publicUrl) });
    }
}
