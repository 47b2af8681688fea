using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Web;
using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Sdk.Tests.Uploader;

public sealed class UploaderLoginTests(ApiHost api) : IDisposable
{
    private readonly UploaderHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task Signed_in_with_a_code_it_uploads_without_a_key_and_forgets_it_all_at_the_end()
    {
        var studio = await api.StudioAsync();
        var member = await studio.MemberAsync("editor");
        using var authority = new DeviceAuthority(api.Authority.Token(member.Subject, studio.Slug, "galleries:read galleries:write photos:read photos:upload"));
        _home.Put("kiss.png", SmallPng.Of(320, 200, seed: 1));

        using (var login = _home.Start("login", "--api", api.Address.AbsoluteUri, "--authority", authority.Issuer, "--client-id", "uploader", "--studio", studio.Slug))
        {
            await login.UntilAsync(() => login.Output.Contains("WDJB-MJHT", StringComparison.Ordinal), "it shows the code");
            login.Output.Should().Contain($"Open {authority.Issuer}/device on any device and type this code:");
            authority.Approved = true;
            var (code, output) = await login.EndAsync();
            code.Should().Be(0, output);
            output.Should().Contain("Signed in.");
        }

        authority.Asked.Should().Contain(f => f.GetValueOrDefault("client_id") == "uploader" && f.GetValueOrDefault("acr_values") == $"tenant:{studio.Slug}");
        var tokens = Path.Combine(_home.Folder, "config/proofsheet-uploader/tokens.json");
        File.GetUnixFileMode(tokens).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var (uploaded, said) = await _home.Start("upload", _home.Photos, "--gallery", "Anna", "--create").EndAsync();
        uploaded.Should().Be(0, said);
        said.Should().Contain("1 uploaded");

        (await _home.Start("logout").EndAsync()).Output.Should().Contain("Signed out.");
        File.Exists(tokens).Should().BeFalse();
        authority.Revoked.Should().Be("refresh-1");
        (await _home.Start("upload", _home.Photos, "--gallery", "Anna").EndAsync()).Should().Match<(int Code, string Output)>(e => e.Code == 2 && e.Output.Contains("nobody is signed in"));
    }

    [Fact]
    public async Task A_refused_sign_in_keeps_nothing()
    {
        using var authority = new DeviceAuthority("none") { Denies = true };

        var (code, output) = await _home.Start("login", "--api", api.Address.AbsoluteUri, "--authority", authority.Issuer, "--client-id", "uploader").EndAsync();

        code.Should().Be(3, output);
        output.Should().Contain("access_denied");
        File.Exists(Path.Combine(_home.Folder, "config/proofsheet-uploader/tokens.json")).Should().BeFalse();
    }

    /// <summary>An authority that supports the device flow, on a socket; the API accepts its token.</summary>
    private sealed class DeviceAuthority : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly string _token;

        public DeviceAuthority(string token)
        {
            _token = token;
            using (var probe = new TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                Issuer = $"http://localhost:{((IPEndPoint)probe.LocalEndpoint).Port}";
            }

            _listener.Prefixes.Add(Issuer + "/");
            _listener.Start();
            _ = ServeAsync();
        }

        public string Issuer { get; }

        public bool Approved { get; set; }

        public bool Denies { get; init; }

        public string? Revoked { get; private set; }

        public List<Dictionary<string, string>> Asked { get; } = [];

        public void Dispose() => _listener.Close();

        private async Task ServeAsync()
        {
            while (_listener.IsListening)
            {
                HttpListenerContext http;
                try
                {
                    http = await _listener.GetContextAsync();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                using var reader = new StreamReader(http.Request.InputStream);
                var parsed = HttpUtility.ParseQueryString(await reader.ReadToEndAsync());
                var form = parsed.AllKeys.ToDictionary(k => k!, k => parsed[k]!);
                Asked.Add(form);
                var (status, body) = Answer(http.Request.Url!.AbsolutePath, form);
                http.Response.StatusCode = status;
                http.Response.ContentType = "application/json";
                await http.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(body)));
                http.Response.Close();
            }
        }

        private (int Status, object Body) Answer(string path, Dictionary<string, string> form)
        {
            switch (path)
            {
                case "/.well-known/openid-configuration":
                    return (200, new
                    {
                        issuer = Issuer, authorization_endpoint = $"{Issuer}/authorize", token_endpoint = $"{Issuer}/token",
                        device_authorization_endpoint = $"{Issuer}/devices", revocation_endpoint = $"{Issuer}/revocation",
                    });
                case "/devices":
                    return (200, new { device_code = "device-1", user_code = "WDJB-MJHT", verification_uri = $"{Issuer}/device", expires_in = 60, interval = 1 });
                case "/revocation":
                    Revoked = form["token"];
                    return (200, new { });
                default:
                    return Denies ? (400, new { error = "access_denied", error_description = "Nobody said yes." })
                        : Approved ? (200, new { access_token = _token, token_type = "Bearer", expires_in = 900, refresh_token = "refresh-1" })
                        : (400, (object)new { error = "authorization_pending" });
            }
        }
    }
}
