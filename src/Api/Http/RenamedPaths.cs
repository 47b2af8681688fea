namespace Proofsheet.Api.Http;

/// <summary>Operations that had another path or method before: a client that still uses it is told where they are.</summary>
internal static class RenamedPaths
{
    /// <summary>The former method and path, then the current ones.</summary>
    public static IReadOnlyList<(string Method, string Path, string Present)> Table { get; } =
    [
        ("POST", "/carts/{cartId}/requote", "POST /v1/carts/{cartId}/refresh"),
        ("POST", "/orders/{orderId}/items/{itemId}/mark", "PATCH /v1/orders/{orderId}/items/{orderItemId}"),
        ("PUT", "/galleries/{galleryId}/cover", "PATCH /v1/galleries/{galleryId}"),
        ("DELETE", "/galleries/{galleryId}/cover", "PATCH /v1/galleries/{galleryId}"),
        ("GET", "/galleries/{galleryId}/downloads", "GET /v1/galleries/{galleryId}/download-options"),
    ];

    public static void MapRenamedPaths(this IEndpointRouteBuilder routes)
    {
        foreach (var (method, path, present) in Table)
        {
            routes.MapMethods(path, [method], () => Problems.Of(404, "renamed_path", $"This operation is `{present}` now.")).ExcludeFromDescription();
        }
    }
}
