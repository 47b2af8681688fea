using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Proofsheet.Identity.Pages.Branding;

/// <summary>The section <c>Branding</c>.</summary>
internal sealed class BrandingOptions
{
    /// <summary>The URL of the API, which provides a studio's branding (<c>GET /v1/brands/{slug}</c>). Empty: pages have Proofsheet's own look.</summary>
    public string? ApiUrl { get; init; }
}

/// <summary>Gets a studio's branding from the API. A page waits at most a second for it, and never fails because of it.</summary>
internal sealed partial class StudioBrands(IHttpClientFactory clients, IOptions<BrandingOptions> options, ILogger<StudioBrands> log) : IDisposable
{
    public const string Client = "brands";
    private const int MaxAnswerBytes = 64 << 10;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = 1_000 });

    public async Task<StudioBrand?> FindAsync(string slug, CancellationToken cancellation)
    {
        if (!Slug().IsMatch(slug) || !Uri.TryCreate(options.Value.ApiUrl, UriKind.Absolute, out var api))
        {
            return null;
        }

        var key = (typeof(StudioBrand), slug);
        if (_cache.TryGetValue(key, out StudioBrand? known))
        {
            return known;
        }

        var found = await AskAsync(slug, api, cancellation);
        // Missing brands and failures are cached too, though not as long; otherwise each page would wait a second again.
        _cache.Set(key, found, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = TimeSpan.FromSeconds(found is null ? 30 : 300), Size = 1 });
        return found;
    }

    public void Dispose() => _cache.Dispose();

    private async Task<StudioBrand?> AskAsync(string slug, Uri api, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            using var answer = await clients.CreateClient(Client).GetAsync(new Uri(api, $"/v1/brands/{slug}"), HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (!answer.IsSuccessStatusCode)
            {
                return null;
            }

            await answer.Content.LoadIntoBufferAsync(MaxAnswerBytes, limit.Token);
            var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(limit.Token)) as JsonObject;
            return TextOf(body, "name") is { Length: > 0 } name
                ? StudioBrand.Of(slug, name, TextOf(body, "logoUrl"), TextOf(body, "accentColor"), api)
                : null;
        }
        catch (Exception e) when (e is HttpRequestException or System.Text.Json.JsonException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            log.LogWarning(e, "The API did not say how the studio {Slug} looks", slug);
            return null;
        }
    }

    private static string? TextOf(JsonObject? body, string name) => body?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    [GeneratedRegex("^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$")]
    private static partial Regex Slug();
}
