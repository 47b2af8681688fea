namespace Proofsheet.Api.Http.Callers;

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

    /// <summary>Lists the studios of a signed-in account, and their onboarding progress.</summary>
    public const string StudiosRead = "studios:read";

    /// <summary>Creates a studio, joins one by an invitation, leaves one.</summary>
    public const string StudiosWrite = "studios:write";

    /// <summary>Runs the platform: creates studios, sees dead letters. Held by the platform key, and by staff with a recent second factor.</summary>
    public const string PlatformAdmin = "platform:admin";

    /// <summary>Opens a storefront: branding, gallery fronts, unlocking. The only scope of a publishable key.</summary>
    public const string Storefront = "storefront:open";

    public const string VisitorView = "visitor:view";
    public const string VisitorSelect = "visitor:select";
    public const string VisitorOrder = "visitor:order";
    public const string VisitorDownload = "visitor:download";

    /// <summary>Reads one order and its files, and pays it: with the link in an order's email, or with a code.</summary>
    public const string VisitorOneOrder = "visitor:one-order";

    public static IReadOnlyList<string> OfSecretKeys { get; } =
    [
        GalleriesRead, GalleriesWrite, PhotosRead, PhotosWrite, PhotosUpload, OrdersRead, OrdersWrite,
        ProductsRead, ProductsWrite, SettingsRead, SettingsWrite,
    ];

    public static IReadOnlyList<string> OfPublishableKeys { get; } = [Storefront];

    public static IReadOnlyList<string> OfLabKeys { get; } = [PartnerOrders, PartnerStatus];

    public static IReadOnlyList<string> OfVisitors { get; } = [VisitorView, VisitorSelect, VisitorOrder, VisitorDownload];

    /// <summary>What a signed-in account may do without being a member of any studio.</summary>
    public static IReadOnlyList<string> OfAccounts { get; } = [StudiosRead, StudiosWrite];

    /// <summary>The scopes that an access token can have: an authority offers them, and a client registers for some of them.</summary>
    public static IReadOnlyDictionary<string, string> OfTokens { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        [GalleriesRead] = "See galleries",
        [GalleriesWrite] = "Create and change galleries",
        [PhotosRead] = "See photos",
        [PhotosWrite] = "Change and delete photos",
        [PhotosUpload] = "Upload photos",
        [OrdersRead] = "See orders",
        [OrdersWrite] = "Change orders",
        [ProductsRead] = "See products and prices",
        [ProductsWrite] = "Change products and prices",
        [SettingsRead] = "See the studio's settings, members and keys",
        [SettingsWrite] = "Change the studio's settings, members and keys",
        [StudiosRead] = "See the studios you belong to",
        [StudiosWrite] = "Create, join and leave studios",
        [PlatformAdmin] = "Run the platform (staff only)",
    };

    /// <summary>The most that a member's token may do: its own scopes count only if the role holds them too.</summary>
    public static IReadOnlyList<string> OfRole(StudioRole role) => role switch
    {
        StudioRole.Viewer => [GalleriesRead, PhotosRead, OrdersRead, ProductsRead, SettingsRead],
        StudioRole.Editor =>
        [
            GalleriesRead, GalleriesWrite, PhotosRead, PhotosWrite, PhotosUpload, OrdersRead, OrdersWrite, ProductsRead, ProductsWrite, SettingsRead,
        ],
        _ => OfSecretKeys,
    };
}
