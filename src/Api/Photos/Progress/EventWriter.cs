using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Proofsheet.Api.Photos.Progress;

/// <summary>Writes server-sent events (WHATWG HTML, 9.2), each flushed at once.</summary>
internal sealed class EventWriter(HttpResponse response)
{
    private readonly JsonSerializerOptions _json = response.HttpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;

    public async Task SendAsync<T>(string name, T data, DateTimeOffset at, CancellationToken cancellation)
    {
        // JSON stays on one line, because line breaks inside text are escaped.
        var id = at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        await response.WriteAsync($"id: {id}\nevent: {name}\ndata: {JsonSerializer.Serialize(data, _json)}\n\n", cancellation);
        await response.Body.FlushAsync(cancellation);
    }

    public async Task RetryAsync(TimeSpan after, CancellationToken cancellation)
    {
        await response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"retry: {(int)after.TotalMilliseconds}\n\n"), cancellation);
        await response.Body.FlushAsync(cancellation);
    }

    public async Task BeatAsync(CancellationToken cancellation)
    {
        await response.WriteAsync(": still here\n\n", cancellation);
        await response.Body.FlushAsync(cancellation);
    }
}
