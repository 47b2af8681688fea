using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Kernel;
using Proofsheet.Api.Storage;

namespace Proofsheet.Api.Photos.Delivery;

internal static class GetRendition
{
    public static void MapGetRendition(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/media/photos/{studio}/{photo}/{version}/{variant}/{size}", HandleAsync)
            .WithName("GetRendition")
            .WithTags("Media")
            .WithSummary("A picture of a photo")
            .WithDescription("The address is one that a photo's `urls` name; it is signed as a whole and ends by itself. WebP where Accept names it, else JPEG. "
                + "Takes Range and If-None-Match. No credential is needed or read. An altered address answers 403 invalid_signature, "
                + "one whose time is over, or whose gallery has another lock or watermark by now, 410 link_expired: read the photo again for a new one.")
            .WithMetadata(new AnswersBinary("image/jpeg", "image/webp"), new NotRateLimited())
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status410Gone);
        routes.MapMethods("/media/photos/{studio}/{photo}/{version}/{variant}/{size}", [HttpMethods.Head], HandleAsync)
            .WithMetadata(new NotRateLimited())
            .ExcludeFromDescription();
    }

    private static async Task<Results<FileStreamHttpResult, FileContentHttpResult, ProblemHttpResult>> HandleAsync(
        string studio, string photo, string version, string variant, string size,
        [Description("When the address ends.")] string? e, [Description("The signature.")] string? s,
        HttpContext http, MediaSigner signer, IServiceScopeFactory scopes, TimeProvider clock, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        var now = clock.GetUtcNow();
        // Parameters of the handler are for the published document: they are decoded text, and the first of several.
        _ = (studio, photo, version, variant, size, e, s);
        var target = SignedTarget.Of(http);
        switch (signer.Verify(target.Path, target.Expiry, target.Signature, now))
        {
            case SignatureCheck.Expired:
                return Expired();
            case SignatureCheck.Invalid:
                return Problems.Forbidden("invalid_signature", "This address is not one that was given out.");
        }

        // Only what was signed, letter for letter, is believed.
        if (MediaPath.Read(target.Path) is not { } path)
        {
            return Problems.NotFound("picture");
        }

        // A scope of its own: a credential that came along with the request, perhaps of another studio, has no say here.
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Set(path.Tenant);
        var format = Accepts.WebP(http.Request) ? RenditionFormat.WebP : RenditionFormat.Jpeg;
        var picture = await scope.ServiceProvider.GetRequiredService<Pictures>().FindAsync(path, format, now, cancellation);
        if (picture.Gone)
        {
            return Expired();
        }

        if (picture is { Stream: null, Bytes: null })
        {
            return Problems.NotFound("picture");
        }

        Describe(http, picture, path, format, long.Parse(target.Expiry!, CultureInfo.InvariantCulture) - now.ToUnixTimeSeconds());
        var etag = new EntityTagHeaderValue($"\"{picture.Tag}\"");
        return picture.Stream is not null
            ? TypedResults.Stream(picture.Stream, format.ContentType(), entityTag: etag, enableRangeProcessing: true)
            : TypedResults.Bytes(picture.Bytes!, format.ContentType(), entityTag: etag, enableRangeProcessing: true);
    }

    private static void Describe(HttpContext http, Picture picture, MediaPath path, RenditionFormat format, long secondsLeft)
    {
        var headers = http.Response.Headers;
        // No longer than the address itself holds. A protected gallery's pictures stay out of shared caches.
        headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"{(picture.IsPublic ? "public" : "private")}, max-age={secondsLeft}, immutable");
        headers.Vary = "Accept";
        headers.ContentDisposition = $"inline; filename=\"{path.Photo}-{path.Size}.{format.Extension()}\"";
    }

    private static ProblemHttpResult Expired() => Problems.Gone("link_expired", "This address has ended. Read the photo again for a new one.");
}

/// <summary>What of a request is signed, taken from the request line as it came, before anything decoded it.</summary>
internal readonly record struct SignedTarget(string Path, string? Expiry, string? Signature)
{
    public static SignedTarget Of(HttpContext http)
    {
        var raw = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var query = http.Request.Query;
        return new SignedTarget(
            raw.Split('?', 2)[0],
            query["e"] is [{ } expiry] ? expiry : null,
            query["s"] is [{ } signature] ? signature : null);
    }
}

internal static class Accepts
{
    /// <summary>Only where it is named: programs that accept anything get what every program reads.</summary>
    public static bool WebP(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(a => a.MediaType.Equals("image/webp", StringComparison.OrdinalIgnoreCase) && a.Quality is not 0);
}
