using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Studios;
using Proofsheet.Shared.Currencies;
using Proofsheet.Shared.Database;

namespace Proofsheet.Api.Catalog.Settings;

internal sealed record SetCommerceSettingsRequest
{
    /// <summary>What buyers see next to the tax, for example VAT.</summary>
    [OneLine, Required, StringLength(40, MinimumLength = 1)]
    public required string TaxName { get; init; }

    /// <summary>The tax rate in ten-thousandths: 1900 is 19 %. 0 for no tax.</summary>
    [Range(0, 5_000)]
    public required int TaxBasisPoints { get; init; }

    /// <summary>True if prices already include the tax, which is then only shown. False if it is added.</summary>
    public required bool IsTaxIncluded { get; init; }

    [MaxLength(20)]
    public required IReadOnlyList<ShippingMethod> ShippingMethods { get; init; }

    /// <summary>How many days a bought file may be downloaded.</summary>
    [Range(1, 3_650)]
    public required int DownloadDays { get; init; }

    /// <summary>How many times each bought file may be downloaded.</summary>
    [Range(1, 1_000)]
    public required int DownloadsPerFile { get; init; }
}

internal static class SetCommerceSettings
{
    public static void MapSetCommerceSettings(this IEndpointRouteBuilder routes) => routes
        .MapPut("/commerce-settings", HandleAsync)
        .WithName("SetCommerceSettings")
        .WithTags("Catalog")
        .WithSummary("Set the commerce settings")
        .WithDescription("Replaces all settings. Carts keep their quoted tax and shipping until their quote expires. Files that are already sold keep their download "
            + "period and limit.")
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

        if (methods.Any(m => m.Price.Amount < 0 || m.Price.Amount > Currencies.MaxAmount(currency)))
        {
            return Problems.Rule("price_not_acceptable", $"Shipping costs 0 to {Currencies.MaxAmountText(currency)}.", "shippingMethods");
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
            // Two requests saved the first settings at once; the other one won.
            return Problems.Conflict("concurrent_change", "It was changed by another request at the same time. Read it again and repeat your change.");
        }

        ETags.Write(http, settings);
        return TypedResults.Ok(settings.ToResponse());
    }
}
