using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Proofsheet.Sdk.Tests.Resumable;

/// <summary>A store on a real socket that accepts what is put, or does what a test chooses.</summary>
internal sealed class StubObjects : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly WebApplication _app;

    private StubObjects()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(TakeAsync);
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>By the number of PUTs so far: the status to return, 0 to break the connection, 200 to keep the body.</summary>
    public Func<int, int> Answers { get; set; } = _ => 200;

    /// <summary>Awaited before a body is read.</summary>
    public Func<CancellationToken, Task> Arriving { get; set; } = _ => Task.CompletedTask;

    public Dictionary<string, byte[]> Objects { get; } = [];

    public List<(string Path, IReadOnlyDictionary<string, string> Headers)> Puts { get; } = [];

    public static async Task<StubObjects> StartAsync()
    {
        var store = new StubObjects();
        await store._app.StartAsync();
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _app.DisposeAsync();
        _ending.Dispose();
    }

    private async Task TakeAsync(HttpContext http)
    {
        int before;
        lock (Puts)
        {
            before = Puts.Count;
            Puts.Add((http.Request.Path, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString())));
        }

        await Arriving(_ending.Token);
        var status = Answers(before);
        if (status == 0)
        {
            http.Abort();
            return;
        }

        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        if (status == 200)
        {
            lock (Puts)
            {
                Objects[http.Request.Path] = body.ToArray();
            }
        }

        http.Response.StatusCode = status;
    }
}
