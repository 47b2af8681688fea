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

internal sealed record CommerceSettingsResponse
{
    public required string TaxName { get; init; }

    public required int TaxBasisPoints { get; init; }

    public required bool IsTaxIncluded { get; init; }

    public required IReadOnlyList<ShippingMethod> ShippingMethods { get; init; }

    public required int DownloadDays { get; init; }

    public required int DownloadsPerFile { get; init; }
}

internal static class CommerceSettingsMapper
{
    /// <summary>What the studio set, or what holds until it does.</summary>
    public static async Task<CommerceSettings> CommerceSettingsAsync(this ProofsheetDb db, CancellationToken cancellation) =>
        await db.Set<CommerceSettings>().AsNoTracking().SingleOrDefaultAsync(cancellation) ?? new CommerceSettings();

    public static CommerceSettingsResponse ToResponse(this CommerceSettings settings) => new()
    {
        TaxName = settings.TaxName,
        TaxBasisPoints = settings.TaxBasisPoints,
        IsTaxIncluded = settings.IsTaxIncluded,
        ShippingMethods = settings.ShippingMethods,
        DownloadDays = settings.DownloadDays,
        DownloadsPerFile = settings.DownloadsPerFile,
    };
}
