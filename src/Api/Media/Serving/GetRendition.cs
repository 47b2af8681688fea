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
            .WithSummary("Get a picture of a photo")
            .WithDescription("Use the URLs in a photo's `urls` or `srcset`. Each URL is signed as a whole and expires. The picture is AVIF or WebP if the Accept "
                + "header names that format and it is smaller, otherwise JPEG. Supports Range and If-None-Match. No credential is needed or read. An altered URL is "
                + "answered with 403 invalid_signature. A URL that has expired, or whose gallery has since changed its password, PIN or watermark, is answered with "
                + "410 link_expired: get the photo again for a new URL.")
            .WithMetadata(new AnswersBinary("image/jpeg", "image/webp", "image/avif"), new NotRateLimited(), new AnsweredBeforeRouting())
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        routes.MapMethods(Route, [HttpMethods.Head], HandleAsync)
            .WithMetadata(new NotRateLimited())
            .ExcludeFromDescription();
    }

    /// <summary>
    /// Serves pictures before routing, authentication, CORS and the rest of the pipeline, none of which they need. A path in another
    /// spelling continues to the endpoint, which gives the same response.
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

            // For telemetry, so that the route is the same.
            http.SetEndpoint(endpoint.Value);
            return delivery.AnswerAsync(http);
        });
    }

    // The parameters exist only for the API document: their values are decoded, and only the first of several.
    private static Task HandleAsync(
        string studio, string photo, string version, string variant, string size,
        [Description("When the URL expires.")] string? e, [Description("The signature.")] string? s,
        HttpContext http, PictureDelivery delivery)
    {
        _ = (studio, photo, version, variant, size, e, s);
        return delivery.AnswerAsync(http);
    }
}
