using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Audit;

/// <summary>Columns of audited rows that a statement may change without an entry in the audit trail, each with the reason.</summary>
internal static class UnauditedColumns
{
    /// <summary>By entity and property.</summary>
    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ApiKey.LastUsedAt"] = "A use is not a change.",
        ["Discount.RedemptionCount"] = "The order that used the discount says so.",
        ["Gallery.SecretHash"] = "The same PIN or password, hashed with a newer key.",
        ["GalleryExport.Bytes"] = "The progress of work; that it was asked for has an entry.",
        ["GalleryExport.MissingCount"] = "The progress of work; that it was asked for has an entry.",
        ["GalleryExport.PhotoCount"] = "The progress of work; that it was asked for has an entry.",
        ["GalleryExport.PreparedCount"] = "The progress of work; that it was asked for has an entry.",
        ["GalleryExport.Status"] = "The progress of work; that it was asked for has an entry.",
        ["OAuthClient.RegistrationToken"] = "A secret between the API and the authority, which renews it with each change of the client.",
        ["Payment.ProviderId"] = "The provider's name for the payment, found again by the order's id.",
        ["Photo.Position"] = "Photos behind others that move back together keep their order; a photo that is moved has an entry.",
        ["Photo.Renditions"] = "More formats of the same pictures; that they were made has an entry.",
        ["Product.Stock"] = "The order that took or returned it says so.",
        ["Visitor.LastSeenAt"] = "A visit is not a change.",
    };

    // What no entry tells of in a save either, and locks.
    private static readonly string[] Everywhere = [nameof(IVersioned.Version), nameof(ITimestamped.UpdatedAt), "LockVersion"];

    public static bool Contains(string entity, string property) => Everywhere.Contains(property) || Reasons.ContainsKey($"{entity}.{property}");
}
