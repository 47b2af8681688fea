using System.Net;
using System.Text;

namespace Proofsheet.Sdk.Tests;

/// <summary>Takes the place of the network: responds as told and records the requests, for what no real API does on demand.</summary>
internal sealed class StubServer(Func<int, HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
{
    public List<(HttpMethod Method, string Path, string? IdempotencyKey, string? Authorization, string Body)> Asked { get; } = [];

    public ProofsheetClient Client(Func<ProofsheetOptions, ProofsheetOptions>? change = null)
    {
        var options = new ProofsheetOptions
        {
            BaseAddress = new Uri("https://api.example"),
            Key = "ps_test",
            HttpClient = new HttpClient(this),
            RetryDelay = TimeSpan.FromMilliseconds(1),
        };
        return new ProofsheetClient(change?.Invoke(options) ?? options);
    }

    public static HttpResponseMessage Json(int status, string json) =>
        new((HttpStatusCode)status) { Content = new StringContent(json, Encoding.UTF8, status < 400 ? "application/json" : "application/problem+json") };

    public static HttpResponseMessage Problem(int status, string code, int? retryAfter = null)
    {
        var answer = Json(status, $$"""{"status":{{status}},"code":"{{code}}","title":"Refused","detail":"It is {{code}}.","traceId":"abc","errors":{"title":["Too long."]} }""");
        answer.Headers.RetryAfter = retryAfter is { } seconds ? new(TimeSpan.FromSeconds(seconds)) : null;
        return answer;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : Encoding.Latin1.GetString(await request.Content.ReadAsByteArrayAsync(cancellationToken));
        lock (Asked)
        {
            Asked.Add((request.Method, request.RequestUri!.PathAndQuery,
                request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : null, request.Headers.Authorization?.ToString(), body));
        }

        return answer(Asked.Count - 1, request);
    }
}
