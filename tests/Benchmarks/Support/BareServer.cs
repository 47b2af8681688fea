using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Proofsheet.Benchmarks.Support;

/// <summary>The limit of the platform: the same web server with one route and nothing behind it.</summary>
internal static class BareServer
{
    public static async Task<int> RunAsync(string address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        app.Urls.Add(address);
        app.MapPost("/sink", (HttpRequest request) => request.Body.CopyToAsync(Stream.Null));
        app.MapGet("/health/ready", () => "ok");
        await app.RunAsync();
        return 0;
    }
}
