using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using FluentAssertions;
using Proofsheet.Api.Tests.Conventions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>Debian's nginx with the configuration recommended in docs/delivery.md, in front of an API.</summary>
internal sealed partial class Nginx : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private Nginx(Process process, string folder, int port) => (_process, _folder, Address) = (process, folder, new Uri($"http://127.0.0.1:{port}"));

    public Uri Address { get; }

    public static async Task<Nginx> StartAsync(Uri api)
    {
        var program = ((string[])["/usr/sbin/nginx", "/usr/bin/nginx"]).FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "nginx is missing: apt-get install nginx-light");
        var folder = TestFolder.New("nginx");
        var port = TestPort.Free();
        File.WriteAllText(Path.Combine(folder, "nginx.conf"), Configuration(folder, port, api));
        var start = new ProcessStartInfo(program!, ["-c", Path.Combine(folder, "nginx.conf"), "-p", folder]) { RedirectStandardError = true };
        var nginx = new Nginx(Process.Start(start)!, folder, port);
        await nginx.ReadyAsync();
        return nginx;
    }

    /// <summary>The first nginx block of the page, with only its addresses and folder replaced.</summary>
    private static string Configuration(string folder, int port, Uri api)
    {
        var page = Block().Match(Repository.Read("docs/delivery.md")).Groups[1].Value;
        foreach (var (documented, here) in new[]
        {
            ("server 127.0.0.1:5080;", $"server {api.Host}:{api.Port};"), ("listen 80;", $"listen 127.0.0.1:{port};"), ("/var/cache/nginx/pictures", $"{folder}/pictures"),
        })
        {
            page.Should().Contain(documented);
            page = page.Replace(documented, here, StringComparison.Ordinal);
        }

        return $$"""
            daemon off; worker_processes 1; pid {{folder}}/nginx.pid; error_log {{folder}}/error.log;
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            events { worker_connections 128; }
            http {
              access_log off; client_body_temp_path {{folder}}/b; proxy_temp_path {{folder}}/p; fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
              {{page}}
            }
            """;
    }

    private async Task ReadyAsync()
    {
        for (var round = 0; round < 200; round++)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, Address.Port);
                return;
            }
            catch (SocketException) when (!_process.HasExited)
            {
                await Task.Delay(50);
            }
        }

        throw new InvalidOperationException($"nginx did not start: {await _process.StandardError.ReadToEndAsync()}");
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It had already exited.
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex("```nginx\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
