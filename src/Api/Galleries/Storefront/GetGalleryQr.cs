using System.ComponentModel;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Http.OpenApi;
using Proofsheet.Shared.Ids;
using QRCoder;

namespace Proofsheet.Api.Galleries.Storefront;

internal enum QrFormat
{
    Png,
    Svg,
}

internal static class GetGalleryQr
{
    private const int DefaultSize = 512;
    private const int MinSize = 128;
    private const int MaxSize = 2048;

    public static void MapGetGalleryQr(this IEndpointRouteBuilder routes) => routes
        .MapGet("/galleries/{galleryId}/qr", HandleAsync)
        .WithName("GetGalleryQr")
        .WithTags("Galleries")
        .WithSummary("Get a QR code of a gallery's URL")
        .WithDescription("Returns a PNG or SVG with a quiet zone around the code, for cards and screens. The sides of a PNG are the largest multiple of the code's "
            + "modules that fits into size pixels.")
        .WithMetadata(new AnswersBinary("image/png", "image/svg+xml") { HasParts = false })
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .RequireScope(Scopes.GalleriesRead);

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, HttpContext http, Caller caller, ProofsheetDb db, GalleryAddresses addresses,
        Choice<QrFormat>? format, [Description("In pixels, from 128 to 2048. Defaults to 512.")] int? size, CancellationToken cancellation)
    {
        var pixels = size ?? DefaultSize;
        if (pixels is < MinSize or > MaxSize)
        {
            return Problems.Invalid(new Dictionary<string, string[]> { ["size"] = [$"{MinSize} to {MaxSize} pixels."] });
        }

        var gallery = await db.FindGalleryAsync(caller, galleryId, cancellation);
        if (gallery is null)
        {
            return Problems.NotFound("gallery");
        }

        var wanted = format?.Value ?? QrFormat.Png;
        var (bytes, type) = Draw(addresses.Of(gallery), wanted, pixels);
        http.Response.Headers.CacheControl = "private, max-age=3600";
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\"");
        return TypedResults.File(bytes, type, entityTag: tag);
    }

    private static (byte[] Bytes, string Type) Draw(string address, QrFormat format, int pixels)
    {
        using var generator = new QRCodeGenerator();
        // Level M recovers 15 %, so that a scratched card still opens the gallery.
        using var code = generator.CreateQrCode(address, QRCodeGenerator.ECCLevel.M);
        if (format == QrFormat.Svg)
        {
            using var svg = new SvgQRCode(code);
            return (Encoding.UTF8.GetBytes(svg.GetGraphic(new System.Drawing.Size(pixels, pixels), sizingMode: SvgQRCode.SizingMode.WidthHeightAttribute)), "image/svg+xml");
        }

        using var png = new PngByteQRCode(code);
        // The module count includes the quiet zone.
        return (png.GetGraphic(Math.Max(1, pixels / code.ModuleMatrix.Count)), "image/png");
    }
}
