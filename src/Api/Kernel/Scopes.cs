namespace Proofsheet.Api.Kernel;

/// <summary>What a credential may do. Keys carry scopes; visitor tokens carry the <c>visitor:</c> ones.</summary>
public static class Scopes
{
    public const string GalleriesRead = "galleries:read";
    public const string GalleriesWrite = "galleries:write";
    public const string PhotosRead = "photos:read";
    public const string PhotosWrite = "photos:write";
    public const string PhotosUpload = "photos:upload";
    public const string OrdersRead = "orders:read";
    public const string OrdersWrite = "orders:write";
    public const string ProductsRead = "products:read";
    public const string ProductsWrite = "products:write";
    public const string SettingsRead = "settings:read";
    public const string SettingsWrite = "settings:write";
    public const string PartnerOrders = "partner:orders";
    public const string PartnerStatus = "partner:status";

    /// <summary>Runs the platform: makes studios, sees dead letters. Held by the platform key alone.</summary>
    public const string PlatformAdmin = "platform:admin";

    /// <summary>Opens a storefront: branding, gallery fronts, unlocking. All that a publishable key may do.</summary>
    public const string Storefront = "storefront:open";

    public const string VisitorView = "visitor:view";
    public const string VisitorFavourite = "visitor:favourite";
    public const string VisitorOrder = "visitor:order";
    public const string VisitorDownload = "visitor:download";

    public static IReadOnlyList<string> OfSecretKeys { get; } =
    [
        GalleriesRead, GalleriesWrite, PhotosRead, PhotosWrite, PhotosUpload, OrdersRead, OrdersWrite,
        ProductsRead, ProductsWrite, SettingsRead, SettingsWrite,
    ];

    public static IReadOnlyList<string> OfPublishableKeys { get; } = [Storefront];

    public static IReadOnlyList<string> OfLabKeys { get; } = [PartnerOrders, PartnerStatus];

    public static IReadOnlyList<string> OfVisitors { get; } = [VisitorView, VisitorFavourite, VisitorOrder, VisitorDownload];
}
