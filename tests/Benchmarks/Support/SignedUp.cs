using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Proofsheet.Benchmarks.Support;

/// <summary>An authority with an account, a confidential client and a page, for the benchmarks.</summary>
internal sealed partial class SignedUp(Server server) : IAsyncDisposable
{
    public const string Email = "anna@example.com";
    private const string Password = "Quartz-Violin-42-meadow";
    private const string Secret = "3f1c9a7be2d84650913c7f5ad0b86e2473915cfe08ab4d6712e59c3f80da6b47";
    private const string RedirectUri = "https://bench.example/signed-in";

    public Server Server => server;

    public static async Task<SignedUp> StartAsync()
    {
        var settings = new Dictionary<string, string>
        {
            ["Identity__RateLimits__RequestsPerMinute"] = "100000000",
            ["Limits__SignInsPerAddressPer15Minutes"] = "100000000",
            ["Identity__Clients__0__ClientId"] = "server", ["Identity__Clients__0__Name"] = "Server", ["Identity__Clients__0__IsFirstParty"] = "true",
            ["Identity__Clients__0__AuthMethod"] = "client_secret_basic", ["Identity__Clients__0__GrantTypes__0"] = "client_credentials",
            ["Identity__Clients__0__Scopes__0"] = "galleries:read",
            ["Identity__Clients__0__Secrets__0__Hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Secret))),
            ["Identity__Clients__1__ClientId"] = "page", ["Identity__Clients__1__Name"] = "Page", ["Identity__Clients__1__IsFirstParty"] = "true",
            ["Identity__Clients__1__AuthMethod"] = "none", ["Identity__Clients__1__GrantTypes__0"] = "authorization_code", ["Identity__Clients__1__GrantTypes__1"] = "refresh_token",
            ["Identity__Clients__1__RedirectUris__0"] = RedirectUri,
        };
        foreach (var (scope, number) in new[] { "openid", "offline_access", "galleries:read", "studios:read", "studios:write" }.Select((s, n) => (s, n)))
        {
            settings[$"Identity__Clients__1__Scopes__{number}"] = scope;
        }

        return new SignedUp(await Server.AuthorityAsync(settings, CreateUserAsync));
    }

    /// <summary>A token for the confidential client.</summary>
    public static async Task<string> ProgramTokenAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token")
        {
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", "galleries:read")]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"server:{Secret}")));
        return (await AnswerAsync(http, request))["access_token"]!.GetValue<string>();
    }

    public static async Task<JsonNode> RefreshAsync(HttpClient http, string refreshToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token")
        {
            Content = new FormUrlEncodedContent([new("grant_type", "refresh_token"), new("refresh_token", refreshToken), new("client_id", "page")]),
        };
        return await AnswerAsync(http, request);
    }

    /// <summary>Signs the account in through the pages, with npm's openid-client (tests/Identity.Tests/npm).</summary>
    public async Task<JsonNode> SignInAsync()
    {
        var folder = Path.Combine(Checkout.Root, "tests", "Identity.Tests", "npm");
        using var process = Process.Start(new ProcessStartInfo("node", ["flows.mjs"]) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await process.StandardInput.WriteLineAsync(new JsonObject
        {
            ["flow"] = "code", ["issuer"] = server.Address.GetLeftPart(UriPartial.Authority), ["audience"] = "proofsheet-api",
            ["scope"] = "openid offline_access galleries:read studios:read studios:write", ["client"] = new JsonObject { ["id"] = "page", ["redirectUri"] = RedirectUri },
            ["person"] = new JsonObject { ["email"] = Email, ["password"] = Password },
        }.ToJsonString());
        process.StandardInput.Close();
        var answer = JsonNode.Parse(await process.StandardOutput.ReadToEndAsync())!;
        return answer["facts"] ?? throw new InvalidOperationException(answer.ToJsonString());
    }

    /// <summary>What a browser has after loading the sign-in page: its cookie and the form token.</summary>
    public async Task<(string Cookie, string Token)> FormAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = server.Address };
        using var page = await http.GetAsync("/sign-in");
        var cookie = string.Join("; ", page.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]));
        return (cookie, FormToken().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value);
    }

    /// <summary>Tries a wrong password for an unknown address, which costs as much as any other attempt. Returns false when too many are waiting.</summary>
    public static async Task<bool> TryPasswordAsync(HttpClient http, (string Cookie, string Token) form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
        {
            Content = new FormUrlEncodedContent([new("Email", $"{Guid.NewGuid():N}@example.com"), new("Password", "no such password"), new("__RequestVerificationToken", form.Token)]),
        };
        request.Headers.Add("Cookie", form.Cookie);
        using var answer = await http.SendAsync(request);
        return (int)answer.StatusCode switch
        {
            200 or 400 or 401 or 422 => true,
            503 => false,
            var status => throw new InvalidOperationException($"The sign-in page answered {status}: {await answer.Content.ReadAsStringAsync()}"),
        };
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static async Task<JsonNode> AnswerAsync(HttpClient http, HttpRequestMessage request)
    {
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{(int)answer.StatusCode} {text}");
    }

    private static async Task CreateUserAsync(Dictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [Checkout.Authority, "create-user", $"--email={Email}", "--name=Anna"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        await process.StandardInput.WriteLineAsync(Password);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"create-user: {await output}{error}");
        }
    }

    [GeneratedRegex("""name="__RequestVerificationToken" type="hidden" value="([^"]+)""")]
    private static partial Regex FormToken();
}
