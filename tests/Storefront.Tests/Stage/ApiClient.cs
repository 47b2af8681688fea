using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Proofsheet.Storefront.Tests.Stage;

/// <summary>Plain HTTP with one credential, for what a test sets up or checks outside of the browser.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;

    public ApiClient(Uri address, string credential, string? origin = null)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        if (origin is not null)
        {
            _http.DefaultRequestHeaders.Add("Origin", origin);
        }
    }

    public Task<JsonNode> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<JsonNode> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body ?? new { });

    public Task<JsonNode> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, body);

    public Task<JsonNode> PatchAsync(string path, object body) => SendAsync(HttpMethod.Patch, path, body);

    /// <summary>Every element of a list, page by page.</summary>
    public async Task<IReadOnlyList<JsonNode>> ListAsync(string path)
    {
        var all = new List<JsonNode>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=200{(cursor.Length > 0 ? $"&cursor={Uri.EscapeDataString(cursor)}" : "")}");
            all.AddRange(page["data"]!.AsArray().Select(item => item!));
            cursor = page["nextCursor"]?.GetValue<string>();
        }

        return all;
    }

    /// <summary>The status, and the code if the response is a problem.</summary>
    public async Task<(int Status, string? Code)> TryAsync(HttpMethod method, string path, object? body = null)
    {
        using var answer = await RawAsync(method, path, body);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, answer.IsSuccessStatusCode || text.Length == 0 ? null : JsonNode.Parse(text)!["code"]?.GetValue<string>());
    }

    /// <summary>The bytes at a URL; signed URLs are absolute.</summary>
    public async Task<byte[]> BytesAsync(string address, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await _http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsByteArrayAsync();
    }

    public void Dispose() => _http.Dispose();

    public async Task<JsonNode> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var answer = await RawAsync(method, path, body);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!
            : throw new InvalidOperationException($"{method} {path} answered {(int)answer.StatusCode}: {text}");
    }

    private async Task<HttpResponseMessage> RawAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            _ => new StringContent(JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8,
                method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json"),
        };
        return await _http.SendAsync(request);
    }
}
