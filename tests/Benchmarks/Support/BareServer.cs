using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Proofsheet.Benchmarks.Support;

/// <summary>The limit of the platform: the same web server with nothing behind its routes, but the database for a list.</summary>
internal static class BareServer
{
    public static async Task<int> RunAsync(string address, string? database)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        app.Urls.Add(address);
        app.MapPost("/sink", (HttpRequest request) => request.Body.CopyToAsync(Stream.Null));
        app.MapGet("/health/ready", () => "ok");
        if (database is not null)
        {
            app.MapGet("/list/{gallery}", (HttpContext http, string gallery) => BareList.WriteAsync(http, database, gallery));
        }

        await app.RunAsync();
        return 0;
    }
}
