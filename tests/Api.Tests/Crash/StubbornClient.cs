using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Proofsheet.Api.Tests.Support;

namespace Proofsheet.Api.Tests.Crash;

/// <summary>
/// A client like the SDKs: a request without a response is sent again, with the same Idempotency-Key, to whichever process is running.
/// </summary>
internal sealed class StubbornClient(CrashSite site, string? credential)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private static int s_next;

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<ApiAnswer> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, Json(body), Guid.NewGuid().ToString("N"));

    public Task<ApiAnswer> PutAsync(string path, object body) => SendAsync(HttpMethod.Put, path, Json(body));

    /// <param name="method">The HTTP method.</param>
    /// <param name="path">A path, or a full URL from the API, whose process may be dead by now.</param>
    /// <param name="content">Creates the body for each try.</param>
    /// <param name="key">The Idempotency-Key.</param>
    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, Func<HttpContent>? content, string? key = null)
    {
        var relative = Uri.TryCreate(path, UriKind.Absolute, out var whole) && whole.Scheme != Uri.UriSchemeFile ? whole.PathAndQuery : path;
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                var answer = await TryAsync(method, relative, content, key);
                if (answer.Status is >= 500)
                {
                    site.Faults.Enqueue($"{method} {relative} was answered with {answer.Status}: {answer.Text}");
                }

                if (answer.Status < 500 && !IsInFlight(answer))
                {
                    return answer;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                site.NoteRepeat();
            }

            if (clock.Elapsed > Patience)
            {
                throw new Xunit.Sdk.XunitException($"{method} {relative} got no answer within {Patience.TotalMinutes} minutes.\n{string.Join('\n', site.Processes.Select(p => p.LogTail()))}");
            }

            await Task.Delay(100);
        }
    }

    private async Task<ApiAnswer> TryAsync(HttpMethod method, string path, Func<HttpContent>? content, string? key)
    {
        var process = site.Processes[(int)((uint)Interlocked.Increment(ref s_next) % site.Processes.Count)];
        using var request = new HttpRequestMessage(method, new Uri(process.Address, path)) { Content = content?.Invoke() };
        request.Headers.Authorization = credential is null ? null : new AuthenticationHeaderValue("Bearer", credential);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var answer = await Http.SendAsync(request);
        return new ApiAnswer(
            (int)answer.StatusCode,
            answer.Headers.Concat(answer.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase),
            await answer.Content.ReadAsByteArrayAsync());
    }

    // The first try is still running in another process: the same key will return its response.
    private static bool IsInFlight(ApiAnswer answer) => answer.Status == 409 && answer.Text.Contains("idempotency_in_flight", StringComparison.Ordinal);

    private static Func<HttpContent> Json(object? body)
    {
        var text = body is null ? "" : JsonSerializer.Serialize(body, JsonSerializerOptions.Web);
        return () => text.Length == 0 ? new ByteArrayContent([]) : new StringContent(text, Encoding.UTF8, "application/json");
    }
}

/// <summary>A slow body, so that a kill can happen in the middle of it.</summary>
internal sealed class SlowContent(byte[] bytes) : HttpContent
{
    private const int Piece = 8 * 1024;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        for (var at = 0; at < bytes.Length; at += Piece)
        {
            await stream.WriteAsync(bytes.AsMemory(at, Math.Min(Piece, bytes.Length - at)));
            await stream.FlushAsync();
            await Task.Delay(4);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
