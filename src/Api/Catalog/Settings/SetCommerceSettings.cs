using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Catalog.PriceSheets;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios;
using Proofsheet.Shared.Database;

namespace Proofsheet.Api.Catalog.Settings;

internal sealed record SetCommerceSettingsRequest
{
    /// <summary>What buyers read beside the tax, e.g. VAT.</summary>
    [OneLine, Required, StringLength(40, MinimumLength = 1)]
    public required string TaxName { get; init; }

    /// <summary>Ten-thousandths: 1900 is 19 %; 0: no tax.</summary>
    [Range(0, 5_000)]
    public required int TaxBasisPoints { get; init; }

    /// <summary>True: prices hold the tax already, and it is only shown. False: it is added.</summary>
    public required bool IsTaxIncluded { get; init; }

    [MaxLength(20)]
    public required IReadOnlyList<ShippingMethod> ShippingMethods { get; init; }

    /// <summary>How long a bought file may be downloaded.</summary>
    [Range(1, 3_650)]
    public required int DownloadDays { get; init; }

    /// <summary>How often each bought file may be downloaded.</summary>
    [Range(1, 1_000)]
    public required int DownloadsPerFile { get; init; }
}

internal static class SetCommerceSettings
{
    public static void MapSetCommerceSettings(this IEndpointRouteBuilder routes) => routes
        .MapPut("/commerce-settings", HandleAsync)
        .WithName("SetCommerceSettings")
        .WithTags("Catalog")
        .WithSummary("Set how the studio sells")
        .WithDescription("Replaces all of it. Carts keep the tax and shipping they were quoted until their quote ends; files that were sold keep their days and counts.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .TakesIfMatch()
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.SettingsWrite);

    private static async Task<Results<Ok<CommerceSettingsResponse>, ProblemHttpResult>> HandleAsync(
        SetCommerceSettingsRequest request, HttpContext http, ProofsheetDb db, CancellationToken cancellation)
    {
        var currency = await db.Set<Studio>().Select(s => s.Currency).SingleAsync(cancellation);
        var methods = request.ShippingMethods;
        if (methods.Select(m => m.Id).Distinct().Count() != methods.Count)
        {
            return Problems.Rule("duplicate_shipping_method", "Each shipping method has an id of its own.", "shippingMethods");
        }

        if (methods.Any(m => m.Price.Currency != currency))
        {
            return Problems.Rule("currency_mismatch", $"This studio sells in {currency}.", "shippingMethods");
        }

        if (methods.Any(m => m.Price.Amount is < 0 or > SetPrices.MaxPrice))
        {
            return Problems.Rule("price_not_acceptable", $"Shipping costs 0 to {SetPrices.MaxPrice} minor units.", "shippingMethods");
        }

        var settings = await db.Set<CommerceSettings>().SingleOrDefaultAsync(cancellation);
        if (!ETags.IfMatch(http, settings ?? new CommerceSettings()))
        {
            return Problems.PreconditionFailed();
        }

        if (settings is null)
        {
            settings = new CommerceSettings();
            db.Add(settings);
        }

        (settings.TaxName, settings.TaxBasisPoints, settings.IsTaxIncluded) = (request.TaxName.Trim(), request.TaxBasisPoints, request.IsTaxIncluded);
        (settings.ShippingMethods, settings.DownloadDays, settings.DownloadsPerFile) = (methods, request.DownloadDays, request.DownloadsPerFile);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Two first settings at once: the other one stands.
            return Problems.Conflict("concurrent_change", "It was changed by another request at the same time. Read it again and repeat your change.");
        }

        ETags.Write(http, settings);
        return TypedResults.Ok(settings.ToResponse());
    }
}
