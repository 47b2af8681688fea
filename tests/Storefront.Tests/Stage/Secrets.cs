using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Proofsheet.Storefront.Tests.Stage;

/// <summary>What no visitor may receive without buying it: the originals, and every picture without a watermark.</summary>
internal sealed class Secrets
{
    private static readonly string[] Formats = ["image/jpeg", "image/webp,*/*;q=0.5", "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"];
    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);

    public static async Task<Secrets> CollectAsync(ApiClient studio, IEnumerable<GalleryOnStage> galleries, IEnumerable<string> originals)
    {
        var secrets = new Secrets();
        foreach (var original in originals)
        {
            secrets._names[Hash(await File.ReadAllBytesAsync(original))] = $"the original {Path.GetFileName(original)}";
        }

        foreach (var gallery in galleries)
        {
            foreach (var photo in await studio.ListAsync($"/v1/galleries/{gallery.Id}/photos"))
            {
                var addresses = photo["urls"]!.AsObject().Select(u => u.Value!.GetValue<string>())
                    .Concat(photo["srcset"]!.AsArray().Select(s => s!["url"]!.GetValue<string>())).Distinct(StringComparer.Ordinal);
                foreach (var (address, format) in addresses.SelectMany(a => Formats, (a, f) => (a, f)))
                {
                    secrets._names[Hash(await studio.BytesAsync(address, format))] = $"{photo["currentVersion"]!["fileName"]} without a watermark";
                }
            }
        }

        return secrets;
    }

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public int Count => _names.Count;

    /// <summary>The name of these bytes, if they are a secret.</summary>
    public string? NameOf(string hash) => _names.GetValueOrDefault(hash);
}
