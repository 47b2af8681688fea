using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios;
using Proofsheet.Api.Studios.Brands;

namespace Proofsheet.Api.Galleries.Storefront;

internal sealed record StorefrontResponse
{
    /// <summary>The name that clients see.</summary>
    public required string Name { get; init; }

    /// <summary>The studio's country by its ISO 3166-1 code. Most of its clients' addresses are there, so a form can begin with it.</summary>
    public required string Country { get; init; }

    public required BrandingResponse Branding { get; init; }
}

internal static class GetStorefront
{
    public static void MapGetStorefront(this IEndpointRouteBuilder routes) => routes
        .MapGet("/storefront", HandleAsync)
        .WithName("GetStorefront")
        .WithTags("Storefront")
        .WithSummary("Get the studio's storefront")
        .WithDescription("Returns the studio's name, country and branding. `ListStorefrontGalleries` lists its galleries.")
        .RequireScope(Scopes.Storefront);

    private static async Task<Ok<StorefrontResponse>> HandleAsync(ProofsheetDb db, PublicUrl publicUrl, CancellationToken cancellation)
    {
        var branding = await db.BrandingAsync(cancellation);
        var country = await db.Set<Studio>().Select(s => s.Country).SingleAsync(cancellation);
        return TypedResults.Ok(new StorefrontResponse { Name = branding.Name, Country = country, Branding = branding.ToResponse(publicUrl) });
    }
}
