using System.ComponentModel;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.OpenApi;

namespace Proofsheet.Api.Media.Serving;

internal static class GetRendition
{
    private const string Route = "/media/photos/{studio}/{photo}/{version}/{variant}/{size}";

    public static void MapGetRendition(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Route, HandleAsync)
            .WithName("GetRendition")
            .WithTags("Media")
            .WithSummary("A picture of a photo")
            .WithDescription("The address is one that a photo's `urls` or `srcset` name; it is signed as a whole and ends by itself. AVIF or WebP where Accept names it and it is smaller, else JPEG. "
                + "Takes Range and If-None-Match. No credential is needed or read. An altered address answers 403 invalid_signature, "
                + "one whose time is over, or whose gallery has another lock or watermark by now, 410 link_expired: read the photo again for a new one.")
            .WithMetadata(new AnswersBinary("image/jpeg", "image/webp", "image/avif"), new NotRateLimited())
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        routes.MapMethods(Route, [HttpMethods.Head], HandleAsync)
            .WithMetadata(new NotRateLimited())
            .ExcludeFromDescription();
    }

    /// <summary>
    /// Answers pictures before routing, authentication, CORS and the rest, of which they need nothing. What comes in another spelling goes on
    /// to the endpoint, which answers the same.
    /// </summary>
    public static IApplicationBuilder UsePictures(this IApplicationBuilder app)
    {
        var delivery = app.ApplicationServices.GetRequiredService<PictureDelivery>();
        var endpoint = new Lazy<Endpoint>(() => app.ApplicationServices.GetRequiredService<EndpointDataSource>().Endpoints
            .First(e => e.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName == "GetRendition"));
        return app.Use((http, next) =>
        {
            if (http.Request.Path.Value?.StartsWith(MediaPath.Root, StringComparison.Ordinal) != true
                || !(HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)))
            {
                return next(http);
            }

            // For telemetry: the route is the same.
            http.SetEndpoint(endpoint.Value);
            return delivery.AnswerAsync(http);
        });
    }

    // Parameters of the handler are for the published document: they are decoded text, and the first of several.
    private static Task HandleAsync(
        string studio, string photo, string version, string variant, string size,
        [Description("When the address ends.")] string? e, [Description("The signature.")] string? s,
        HttpContext http, PictureDelivery delivery)
    {
        _ = (studio, photo, version, variant, size, e, s);
        return delivery.AnswerAsync(http);
    }
}
