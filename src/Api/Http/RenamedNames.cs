namespace Proofsheet.Api.Http;

/// <summary>
/// Former names of fields and query parameters, with their current names. A request that uses a former name is refused with
/// the current one. CHANGELOG.md lists them by release; a test compares the two.
/// </summary>
internal static class RenamedNames
{
    public static IReadOnlyDictionary<string, string> Table { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["active"] = "isActive",
        ["actorKind"] = "actorType",
        ["altitudeMetres"] = "altitudeMeters",
        ["approve"] = "isApproved",
        ["available"] = "isAvailable",
        ["bom"] = "hasBom",
        ["cancelledAt"] = "canceledAt",
        ["deleted"] = "isDeleted",
        ["discountHolds"] = "isDiscountValid",
        ["downloadsLeft"] = "remainingDownloadCount",
        ["hidden"] = "isHidden",
        ["kind"] = "type",
        ["needsPin"] = "requiresPin",
        ["needsShipping"] = "requiresShipping",
        ["photosDownloaded"] = "downloadedPhotoCount",
        ["photosLeft"] = "remainingPhotoCount",
        ["pricesIncludeTax"] = "isTaxIncluded",
        ["rating"] = "fileRating",
        ["redemptions"] = "redemptionCount",
        ["sandbox"] = "isSandbox",
        ["selectionLimit"] = "pickLimit",
        ["soldOut"] = "isSoldOut",
        ["state"] = "status",
        ["takesPicks"] = "allowsPicks",
        ["webIsClean"] = "isWebWatermarked",
        ["withheld"] = "isWithheld",
    };

    /// <summary>The text of an <c>unknown_field</c> problem.</summary>
    /// <param name="name">As it was sent, or a path that ends with it, such as <c>$.files[0].state</c>.</param>
    public static string Unknown(string name)
    {
        var last = name[(name.LastIndexOf('.') + 1)..];
        return Table.ContainsKey(last) ? $"There is no field '{name}' here. {Present(last)}" : $"There is no field '{name}' here.";
    }

    /// <summary>Without this, a former name in a query would be ignored, and a list would be returned without its filter.</summary>
    public static IApplicationBuilder UseRenamedNames(this IApplicationBuilder app) => app.Use((http, next) =>
        http.Request.Path.StartsWithSegments("/v1") && http.Request.Query.Keys.FirstOrDefault(Table.ContainsKey) is { } name
            ? Problems.BadRequest("unknown_parameter", $"There is no parameter '{name}' here. {Present(name)}").ExecuteAsync(http)
            : next(http));

    // A client that only changes the name must not get the opposite.
    private static string Present(string old) => old == "webIsClean" ? "It is `isWebWatermarked` now, with the opposite meaning." : $"It is `{Table[old]}` now.";
}
