using System.Text.Json.Serialization;

namespace Proofsheet.Api.Imaging;

/// <summary>The format of a file, detected from its content; names and content types are never trusted.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImageFormat>))]
internal enum ImageFormat
{
    Unknown,
    Jpeg,
    Png,
    WebP,
    Avif,
    Tiff,
    Heic,
    Raw,

    /// <summary>A picture, but in a format that is not accepted (GIF, SVG, BMP, PSD…).</summary>
    Unsupported,
}

/// <param name="Name">The name that photographers know: "JPEG", "Canon CR3", "GIF".</param>
internal sealed record SniffedFormat(ImageFormat Format, string Name, string ContentType, string Extension)
{
    public static readonly SniffedFormat Unknown = new(ImageFormat.Unknown, "unknown", "application/octet-stream", "bin");
    public static readonly SniffedFormat Jpeg = new(ImageFormat.Jpeg, "JPEG", "image/jpeg", "jpg");
    public static readonly SniffedFormat Png = new(ImageFormat.Png, "PNG", "image/png", "png");
    public static readonly SniffedFormat WebP = new(ImageFormat.WebP, "WebP", "image/webp", "webp");
    public static readonly SniffedFormat Avif = new(ImageFormat.Avif, "AVIF", "image/avif", "avif");
    public static readonly SniffedFormat Tiff = new(ImageFormat.Tiff, "TIFF", "image/tiff", "tif");
    public static readonly SniffedFormat Heic = new(ImageFormat.Heic, "HEIC", "image/heic", "heic");

    private const string RawContentType = "image/x-raw";

    /// <summary>Of the originals that are accepted.</summary>
    public static IReadOnlyList<string> ContentTypes { get; } = [.. new[] { Jpeg, Png, WebP, Avif, Tiff, Heic }.Select(f => f.ContentType), RawContentType];

    public static SniffedFormat Raw(string name, string extension) => new(ImageFormat.Raw, name, RawContentType, extension);

    public static SniffedFormat Unsupported(string name) => new(ImageFormat.Unsupported, name, "application/octet-stream", "bin");
}
