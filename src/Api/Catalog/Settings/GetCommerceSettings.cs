using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Proofsheet.Api.Catalog.PriceSheets;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Catalog.Settings;

internal static class GetCommerceSettings
{
    public static void MapGetCommerceSettings(this IEndpointRouteBuilder routes) => routes
        .MapGet("/commerce-settings", HandleAsync)
        .WithName("GetCommerceSettings")
        .WithTags("Catalog")
        .WithSummary("Read how the studio sells")
        .WithDescription("Tax, shipping and downloads. The ETag is their version, for If-Match.")
        .RequireScope(Scopes.SettingsRead);

    private static async Task<Ok<CommerceSettingsResponse>> HandleAsync(HttpContext http, ProofsheetDb db, CancellationToken cancellation)
    {
        var settings = await db.CommerceSettingsAsync(cancellation);
        ETags.Write(http, settings);
        return TypedResults.Ok(settings.ToResponse());
    }
}
