using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Identity.Tests.Support;
using Proofsheet.Jose;
using Proofsheet.Storefront.Tests.Stage;
using Xunit;

namespace Proofsheet.Identity.Tests.Authorities;

/// <summary>The built API next to our authority, where it may register clients (RFC 7591 and 7592).</summary>
public sealed class ApiThatRegisters : IAsyncLifetime
{
    private const string PlatformKey = "ps_platform_of_this_test";
    private readonly string _folder = TestFolder.New("clients");
    private IdentityHost? _authority;
    private Companion? _process;

    public HttpClient Http { get; } = new() { BaseAddress = new Uri($"http://localhost:{TestPort.Free()}") };

    internal IdentityHost Authority => _authority!;

    public async ValueTask InitializeAsync()
    {
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        _authority = await IdentityHost.StartAsync(new()
        {
            ["Identity:EventReceivers:0:Address"] = new Uri(Http.BaseAddress!, "/v1/security-events").ToString(),
            ["Identity:Clients:0:ClientId"] = "api",
            ["Identity:Clients:0:Name"] = "The API",
            ["Identity:Clients:0:IsFirstParty"] = "true",
            ["Identity:Clients:0:AuthMethod"] = "client_secret_basic",
            ["Identity:Clients:0:GrantTypes:0"] = "client_credentials",
            ["Identity:Clients:0:Scopes:0"] = "clients:register",
            ["Identity:Clients:0:Secrets:0:Hash"] = HashOf(secret),
        });
        _process = await Companion.StartAsync(
            "API",
            ["dotnet", Checkout.Api],
            new Dictionary<string, string>
            {
                ["ASPNETCORE_URLS"] = Http.BaseAddress!.GetLeftPart(UriPartial.Authority),
                ["Database__Provider"] = "sqlite",
                ["Database__ConnectionString"] = $"Data Source={_folder}/proofsheet.db",
                ["Keyring__File"] = Path.Combine(_folder, "keyring.json"),
                ["Storage__Disk__Root"] = Path.Combine(_folder, "objects"),
                ["Mail__Folder"] = Path.Combine(_folder, "mail"),
                ["Payments__Provider"] = "Simulator",
                ["Payments__Simulator__Folder"] = Path.Combine(_folder, "payments"),
                ["Access__PlatformKeyHash"] = HashOf(PlatformKey),
                ["Authorities__0__Issuer"] = Authority.Issuer,
                ["Authorities__0__Registration__ClientId"] = "api",
                ["Authorities__0__Registration__ClientSecret"] = secret,
            },
            new Uri(Http.BaseAddress!, "/health/ready"));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        if (_authority is not null)
        {
            await _authority.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Creates a studio; returns its slug and its secret key.</summary>
    internal async Task<(string Slug, string Key)> StudioAsync()
    {
        var slug = $"studio-{Guid.NewGuid():N}"[..20];
        var (_, made) = await SendAsync(HttpMethod.Post, "/v1/studios", PlatformKey, new { name = "Harbor", slug, currency = "EUR" });
        return (slug, made!["secretKey"]!["secret"]!.GetValue<string>());
    }

    internal async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, string credential, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        request.Content = body is null ? null : new StringContent(
            JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        using var answer = await Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null);
    }

    /// <summary>The token endpoint's response to a confidential client with this secret.</summary>
    internal async Task<(HttpStatusCode Status, JsonNode? Body)> TokenAsync(string clientId, string secret, string scope)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Authority.Issuer}/connect/token");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(clientId)}:{Uri.EscapeDataString(secret)}")));
        request.Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", scope)]);
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync()));
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>A studio's clients from registration to removal, at the API and at our authority.</summary>
public sealed class StudioClientsTests(ApiThatRegisters both) : IClassFixture<ApiThatRegisters>
{
    [Fact]
    public async Task A_studios_program_gets_tokens_for_its_studio_until_it_is_removed()
    {
        var (slug, key) = await both.StudioAsync();
        var (status, made) = await both.SendAsync(HttpMethod.Post, "/v1/oauth-clients", key, new { name = "Nightly", type = "service", scopes = new[] { "galleries:read", "settings:read" } });
        status.Should().Be(HttpStatusCode.Created, made?.ToJsonString());
        var (id, clientId, secret) = (Text(made, "id"), Text(made, "clientId"), Text(made, "secret"));

        var (_, issued) = await both.TokenAsync(clientId, secret, "galleries:read settings:read");
        var token = Text(issued, "access_token");
        (await both.SendAsync(HttpMethod.Get, "/v1/studio", token)).Body!["slug"]!.GetValue<string>().Should().Be(slug);
        (await both.SendAsync(HttpMethod.Post, "/v1/galleries", token, new { title = "X", isListed = false })).Status.Should().Be(HttpStatusCode.Forbidden);
        (await both.TokenAsync(clientId, secret, "galleries:write")).Body!["error"]!.GetValue<string>().Should().Be("invalid_scope");

        (await both.SendAsync(HttpMethod.Delete, $"/v1/oauth-clients/{id}", key)).Status.Should().Be(HttpStatusCode.NoContent);

        (await both.TokenAsync(clientId, secret, "galleries:read")).Body!["error"]!.GetValue<string>().Should().Be("invalid_client");
        var refused = await both.SendAsync(HttpMethod.Get, "/v1/studio", token);
        ((int)refused.Status).Should().BeOneOf([401, 404], "its studio is not known any more, or the authority took the token back already");
    }

    [Fact]
    public async Task A_rotated_secret_works_along_with_the_one_before()
    {
        var (_, key) = await both.StudioAsync();
        var (_, made) = await both.SendAsync(HttpMethod.Post, "/v1/oauth-clients", key, new { name = "Nightly", type = "service", scopes = new[] { "galleries:read" } });
        var (id, clientId, first) = (Text(made, "id"), Text(made, "clientId"), Text(made, "secret"));

        var second = Text((await both.SendAsync(HttpMethod.Post, $"/v1/oauth-clients/{id}/rotate-secret", key)).Body, "secret");

        second.Should().NotBe(first);
        (await both.TokenAsync(clientId, first, "galleries:read")).Status.Should().Be(HttpStatusCode.OK);
        (await both.TokenAsync(clientId, second, "galleries:read")).Status.Should().Be(HttpStatusCode.OK);
        var third = Text((await both.SendAsync(HttpMethod.Post, $"/v1/oauth-clients/{id}/rotate-secret", key)).Body, "secret");
        (await both.TokenAsync(clientId, first, "galleries:read")).Status.Should().Be(HttpStatusCode.Unauthorized, "two live at once");
        (await both.TokenAsync(clientId, third, "galleries:read")).Status.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Every_kind_of_client_is_one_that_the_authority_takes_and_can_be_changed()
    {
        var (_, key) = await both.StudioAsync();
        using var signing = SigningKey.Create(SignatureAlgorithms.ES256);
        object[] clients =
        [
            new { name = "Shop", type = "browser", redirectUris = new[] { "https://shop.example/back" }, origins = new[] { "https://shop.example" }, scopes = new[] { "openid", "offline_access", "galleries:read" } },
            new { name = "Desk", type = "native", redirectUris = new[] { "http://127.0.0.1/back", "com.example.desk:/back" }, scopes = new[] { "openid", "photos:upload" } },
            new { name = "Site", type = "web", redirectUris = new[] { "https://site.example/back" }, postLogoutRedirectUris = new[] { "https://site.example/" }, scopes = new[] { "openid", "email" } },
            new { name = "Keyed", type = "service", scopes = new[] { "orders:read" }, keys = new[] { signing.PublicKey.ToJson() } },
        ];
        foreach (var client in clients)
        {
            var (status, made) = await both.SendAsync(HttpMethod.Post, "/v1/oauth-clients", key, client);
            status.Should().Be(HttpStatusCode.Created, made?.ToJsonString());
            var changed = await both.SendAsync(HttpMethod.Patch, $"/v1/oauth-clients/{Text(made, "id")}", key, new { name = "Another name" });
            changed.Status.Should().Be(HttpStatusCode.OK, changed.Body?.ToJsonString());
        }
    }

    [Fact]
    public async Task What_the_authority_does_not_take_is_told_in_its_words_and_not_kept()
    {
        var (_, key) = await both.StudioAsync();

        var (status, refused) = await both.SendAsync(
            HttpMethod.Post, "/v1/oauth-clients", key, new { name = "Site", type = "web", redirectUris = new[] { "https://site.example/a/../back" }, scopes = new[] { "openid" } });

        status.Should().Be(HttpStatusCode.UnprocessableEntity, refused?.ToJsonString());
        Text(refused, "code").Should().Be("registration_refused");
        (await both.SendAsync(HttpMethod.Get, "/v1/oauth-clients", key)).Body!["data"]!.AsArray().Should().BeEmpty();
    }

    private static string Text(JsonNode? node, params string[] path) => path.Aggregate(node, (at, name) => at?[name])?.GetValue<string>() ?? throw new InvalidOperationException($"{string.Join('.', path)} is not in {node}");
}
