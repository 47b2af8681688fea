using System.Net;
using System.Text;

namespace Proofsheet.Storefront.Tests.Stage;

/// <summary>A site with one page that uses the built TypeScript SDK without a bundler: at <c>/sdk/dist</c>, with an import map.</summary>
internal sealed class SdkSite : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _html;
    private readonly Task _serving;

    public SdkSite(Uri address, string html)
    {
        _html = html;
        _listener.Prefixes.Add(address.AbsoluteUri);
        _listener.Start();
        _serving = ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        var sdk = Path.Combine(Checkout.Root, "src/Sdk/typescript");
        while (_listener.IsListening)
        {
            try
            {
                var http = await _listener.GetContextAsync();
                var path = http.Request.Url!.AbsolutePath;
                var isScript = path.StartsWith("/sdk/", StringComparison.Ordinal);
                http.Response.ContentType = isScript ? "text/javascript" : "text/html; charset=utf-8";
                var body = isScript ? await File.ReadAllBytesAsync(Path.Combine(sdk, path["/sdk/".Length..])) : Encoding.UTF8.GetBytes(_html);
                await http.Response.OutputStream.WriteAsync(body);
                http.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // The listener was closed, or the browser left.
            }
        }
    }
}
