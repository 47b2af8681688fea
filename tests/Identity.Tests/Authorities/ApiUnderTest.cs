using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Storefront.Tests.Stage;

namespace Proofsheet.Identity.Tests.Authorities;

/// <summary>A response of the API.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, JsonElement Body)
{
    public string? Code => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("code", out var code) ? code.GetString() : null;
}

/// <summary>The built API in a separate process. It knows its authorities only through configuration.</summary>
internal sealed class ApiUnderTest : IAsyncDisposable
{
    private readonly string _folder = TestFolder.New("authorities");
    private readonly HttpClient _http;
    private Companion? _process;

    public ApiUnderTest() => _http = new HttpClient { BaseAddress = Address };

    /// <summary>Chosen before the start, so that authorities can be configured with it.</summary>
    public Uri Address { get; } = new($"http://localhost:{TestPort.Free()}");

    public string MailFolder => Path.Combine(_folder, "mail");

    public Uri SecurityEvents => new(Address, "/v1/security-events");

    /// <param name="authorities">For each authority, its settings under <c>Authorities:N</c>.</param>
    public async Task StartAsync(params IReadOnlyDictionary<string, string>[] authorities)
    {
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = Address.GetLeftPart(UriPartial.Authority),
            ["Database__Provider"] = "sqlite",
            ["Database__ConnectionString"] = $"Data Source={_folder}/proofsheet.db",
            ["Keyring__File"] = Path.Combine(_folder, "keyring.json"),
            ["Storage__Disk__Root"] = Path.Combine(_folder, "objects"),
            ["Mail__Folder"] = MailFolder,
            ["Payments__Provider"] = "Simulator",
            ["Payments__Simulator__Folder"] = Path.Combine(_folder, "payments"),
        };
        foreach (var (authority, number) in authorities.Select((authority, number) => (authority, number)))
        {
            foreach (var (name, value) in authority)
            {
                settings[string.Create(CultureInfo.InvariantCulture, $"Authorities__{number}__{name.Replace(":", "__", StringComparison.Ordinal)}")] = value;
            }
        }

        _process = await Companion.StartAsync("API", ["dotnet", Checkout.Api], settings, new Uri(Address, "/health/ready"));
    }

    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, string? token, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return new ApiAnswer(answer.StatusCode, text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default);
    }

    public Task<ApiAnswer> GetAsync(string path, string? token) => SendAsync(HttpMethod.Get, path, token);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
