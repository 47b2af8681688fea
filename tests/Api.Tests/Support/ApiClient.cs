using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FluentAssertions;
using FluentAssertions.Execution;

namespace Proofsheet.Api.Tests.Support;

/// <summary>Plain HTTP, as an outside client would send it: the tests use paths and JSON, not our types.</summary>
public sealed class ApiClient(HttpClient http)
{
    public HttpClient Http => http;

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<ApiAnswer> PostAsync(string path, object? body = null, string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, path, body, idempotencyKey is null ? null : request => request.Headers.Add("Idempotency-Key", idempotencyKey));

    public Task<ApiAnswer> PutAsync(string path, object? body = null) => SendAsync(HttpMethod.Put, path, body);

    public Task<ApiAnswer> PatchAsync(string path, object body, string? ifMatch = null) =>
        SendAsync(HttpMethod.Patch, path, body, ifMatch is null ? null : request => request.Headers.TryAddWithoutValidation("If-Match", ifMatch));

    public Task<ApiAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, object? body = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            string text => new StringContent(text, Encoding.UTF8, "application/json"),
            _ => new StringContent(JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json"),
        };
        change?.Invoke(request);
        using var answer = await http.SendAsync(request);
        return new ApiAnswer(
            (int)answer.StatusCode,
            answer.Headers.Concat(answer.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase),
            await answer.Content.ReadAsByteArrayAsync());
    }
}

public sealed record ApiAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    private JsonNode? _body;

    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonNode? Body => _body ??= Bytes.Length == 0 ? null : JsonNode.Parse(Bytes);

    public string? ETag => Headers.GetValueOrDefault("ETag");

    /// <summary>The string at a path such as <c>studio.id</c>.</summary>
    public string this[string path] => path.Split('.').Aggregate(Body, (node, name) => node![name])!.GetValue<string>();

    public ApiAnswer ShouldBe(int status)
    {
        using var scope = new AssertionScope();
        Status.Should().Be(status, "it answered {0}", Text);
        return this;
    }

    /// <summary>Asserts a problem+json with this status and code, and with the members that every problem has.</summary>
    public ApiAnswer ShouldBeProblem(int status, string code)
    {
        ShouldBe(status);
        MediaTypeHeaderValue.Parse(Headers["Content-Type"]).MediaType.Should().Be("application/problem+json");
        Body!["code"]!.GetValue<string>().Should().Be(code, "it answered {0}", Text);
        Body["status"]!.GetValue<int>().Should().Be(status);
        Body["title"]!.GetValue<string>().Should().NotBeEmpty();
        Body["type"]!.GetValue<string>().Should().EndWith(code);
        Body["traceId"]!.GetValue<string>().Should().NotBeEmpty();
        return this;
    }
}
