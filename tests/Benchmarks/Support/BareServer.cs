using Microsoft.AspNetCore.Builder;

namespace Proofsheet.Benchmarks.Support;

/// <summary>The limit of the platform: the same web server with one route and nothing behind it.</summary>
internal static class BareServer
{
    public static async Task<int> RunAsync(string address)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var app = builder.Build();
        app.Urls.Add(address);
        app.MapGet("/health/ready", () => "ok");
        await app.RunAsync();
        return 0;
    }
}
