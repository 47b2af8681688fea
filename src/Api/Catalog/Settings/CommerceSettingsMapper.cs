using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;

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
    /// <summary>The studio's settings, or the defaults if it has not set any.</summary>
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
