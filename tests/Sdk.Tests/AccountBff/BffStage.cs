using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Proofsheet.AccountBff;
using Proofsheet.Api.Tests.Support;

namespace Proofsheet.Sdk.Tests.AccountBff;

/// <summary>The BFF on a real socket, with an authority and an API that count requests.</summary>
internal sealed class BffStage : IAsyncDisposable
{
    private readonly Factory _factory;

    private BffStage(WebAuthority authority, Factory factory) => (Authority, _factory) = (authority, factory);

    public WebAuthority Authority { get; }

    public Uri Address { get; private set; } = null!;

    public ShiftedClock Clock { get; } = new();

    public static async Task<BffStage> StartAsync()
    {
        var authority = await WebAuthority.StartAsync();
        var factory = new Factory();
        var stage = new BffStage(authority, factory);
        factory.Settings = new()
        {
            ["Bff:ApiUrl"] = authority.Issuer,
            ["Bff:Authority"] = authority.Issuer,
            ["Bff:ClientId"] = "account-bff",
            ["Bff:ClientSecret"] = "secret",
        };
        factory.Clock = stage.Clock;
        factory.UseKestrel();
        factory.StartServer();
        stage.Address = new UriBuilder(factory.ClientOptions.BaseAddress) { Host = "localhost" }.Uri;
        return stage;
    }

    public Browser NewBrowser() => new(Address);

    public async Task<Browser> SignedInAsync(string subject = "anna", string sessionId = "sid-1", string returnTo = "/")
    {
        var browser = NewBrowser();
        await SignInAsync(browser, subject, sessionId, returnTo);
        return browser;
    }

    public async Task<HttpResponseMessage> SignInAsync(Browser browser, string subject, string sessionId, string returnTo = "/")
    {
        var start = await browser.GetAsync($"/bff/sign-in?returnTo={Uri.EscapeDataString(returnTo)}");
        return await browser.GetAsync(Authority.SignIn(start.Headers.Location!, subject, sessionId));
    }

    /// <summary>Sends a logout token as the authority does.</summary>
    public async Task<HttpStatusCode> NotifyAsync(string token)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", token)]);
        return (await NewBrowser().SendAsync(HttpMethod.Post, "/bff/back-channel-logout", false, form)).StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        await _factory.DisposeAsync();
        await Authority.DisposeAsync();
    }

    private sealed class Factory : WebApplicationFactory<BffOptions>
    {
        public Dictionary<string, string> Settings { get; set; } = [];

        public ShiftedClock Clock { get; set; } = null!;

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            // Not UseKestrel(0): that sets the port while the program may already be binding, and throws when it is (dotnet/aspnetcore#67714).
            builder.UseUrls("http://127.0.0.1:0");
            foreach (var (name, value) in Settings)
            {
                builder.UseSetting(name, value);
            }

            builder.ConfigureLogging(logging => logging.ClearProviders());
            builder.ConfigureTestServices(services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock)));
        }
    }
}

/// <summary>A browser as far as cookies are concerned: it keeps them by name, and returns redirects instead of following them.</summary>
internal sealed class Browser(Uri address)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public Dictionary<string, string> Cookies { get; } = [];

    /// <summary>Each Set-Cookie header as received.</summary>
    public List<string> SetCookies { get; } = [];

    public string? Session => Cookies.GetValueOrDefault("__Host-account.session");

    public Task<HttpResponseMessage> GetAsync(string path, bool own = false) => SendAsync(HttpMethod.Get, path, own);

    public Task<HttpResponseMessage> PostAsync(string path, bool own = false) => SendAsync(HttpMethod.Post, path, own);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, bool own, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, path)) { Content = content };
        if (own)
        {
            request.Headers.Add("X-CSRF", "1");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (Cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(c => $"{c.Key}={c.Value}")));
        }

        var answer = await Http.SendAsync(request);
        foreach (var line in answer.Headers.TryGetValues("Set-Cookie", out var lines) ? lines : [])
        {
            SetCookies.Add(line);
            var (name, value) = line.Split(';')[0].Split('=', 2) is [var n, var v] ? (n, v) : default;
            if (value.Length == 0)
            {
                Cookies.Remove(name);
            }
            else
            {
                Cookies[name] = value;
            }
        }

        return answer;
    }

    public async Task<JsonElement?> UserAsync()
    {
        var answer = await GetAsync("/bff/user", own: true);
        return answer.StatusCode == HttpStatusCode.Unauthorized ? null : JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }
}
