using System.Collections.Concurrent;
using Microsoft.Playwright;
using Proofsheet.Storefront.Tests.Stage;

namespace Proofsheet.Storefront.Tests.Browsing;

/// <summary>Every picture and file that the API sent to the browser, as received.</summary>
internal sealed class Received(StorefrontStage stage)
{
    private static readonly HttpClient s_again = new() { Timeout = TimeSpan.FromMinutes(2) };
    private readonly ConcurrentBag<Task<(string Url, string Hash)?>> _files = [];

    public void Take(IResponse response)
    {
        // Purchased files are fetched under /downloads, and compared byte for byte elsewhere.
        if (response.Url.StartsWith(stage.Api.AbsoluteUri, StringComparison.Ordinal) && !response.Url.Contains("/downloads/", StringComparison.Ordinal))
        {
            _files.Add(HashAsync(response));
        }
    }

    public async Task<IReadOnlyList<(string Url, string Hash)>> FilesAsync() =>
        (await Task.WhenAll(_files)).OfType<(string Url, string Hash)>().ToList();

    private static async Task<(string Url, string Hash)?> HashAsync(IResponse response)
    {
        var type = response.Headers.GetValueOrDefault("content-type", "");
        if (response.Status is not (200 or 206) || type.Contains("json", StringComparison.Ordinal))
        {
            return null;
        }

        return (response.Url, Secrets.Hash(await BytesAsync(response)));
    }

    private static async Task<byte[]> BytesAsync(IResponse response)
    {
        try
        {
            return await response.BodyAsync();
        }
        catch (PlaywrightException)
        {
            // The browser does not keep bodies of a page that was left; the same request returns the same bytes.
            using var request = new HttpRequestMessage(HttpMethod.Get, response.Url);
            request.Headers.TryAddWithoutValidation("Accept", response.Request.Headers.GetValueOrDefault("accept", "*/*"));
            using var answer = await s_again.SendAsync(request);
            answer.EnsureSuccessStatusCode();
            return await answer.Content.ReadAsByteArrayAsync();
        }
    }
}
