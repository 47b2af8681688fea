using Microsoft.AspNetCore.Http.HttpResults;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;

namespace Proofsheet.Api.Catalog.Settings;

internal static class GetCommerceSettings
{
    public static void MapGetCommerceSettings(this IEndpointRouteBuilder routes) => routes
        .MapGet("/commerce-settings", HandleAsync)
        .WithName("GetCommerceSettings")
        .WithTags("Catalog")
        .WithSummary("Get the commerce settings")
        .WithDescription("Returns tax, shipping and download settings. The ETag is their version, for If-Match.")
        .RequireScope(Scopes.SettingsRead);

    private static async Task<Ok<CommerceSettingsResponse>> HandleAsync(HttpContext http, ProofsheetDb db, CancellationToken cancellation)
    {
        var settings = await db.CommerceSettingsAsync(cancellation);
        ETags.Write(http, settings);
        return TypedResults.Ok(settings.ToResponse());
    }
}
