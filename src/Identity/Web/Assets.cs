using System.Security.Cryptography;

namespace Proofsheet.Identity.Web;

/// <summary>The few static files of the pages, embedded in the assembly, so that they are found wherever the program is started from.</summary>
internal static class Assets
{
    private static readonly Dictionary<string, (byte[] Content, string Type, string Version)> Files = Read();

    /// <summary>A URL that changes with the content, so that browsers can cache it forever.</summary>
    public static string AddressOf(string name) => $"/assets/{name}?v={Files[name].Version}";

    public static void MapAssets(this IEndpointRouteBuilder routes) => routes.MapGet("/assets/{name}", (string name, string? v, HttpResponse response) =>
    {
        if (!Files.TryGetValue(name, out var file))
        {
            return Results.NotFound();
        }

        response.Headers.CacheControl = v == file.Version ? "public, max-age=31536000, immutable" : "no-cache";
        return Results.Bytes(file.Content, file.Type);
    });

    private static Dictionary<string, (byte[] Content, string Type, string Version)> Read()
    {
        const string Prefix = "assets/";
        var assembly = typeof(Assets).Assembly;
        return assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(n => n[Prefix.Length..], n =>
        {
            using var content = new MemoryStream();
            using var stream = assembly.GetManifestResourceStream(n)!;
            stream.CopyTo(content);
            var type = Path.GetExtension(n) switch { ".css" => "text/css; charset=utf-8", ".js" => "text/javascript; charset=utf-8", ".svg" => "image/svg+xml", _ => "application/octet-stream" };
            return (content.ToArray(), type, Convert.ToHexStringLower(SHA256.HashData(content.ToArray()).AsSpan(0, 8)));
        });
    }
}
