using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FluentAssertions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Proofsheet.Identity.Tests.Users;
using Proofsheet.Identity.Users.SecondFactors;
using Proofsheet.Jose;
using Xunit;

namespace Proofsheet.Identity.Tests;

/// <summary>Whatever an operator configures, no line of the authority's log contains a secret.</summary>
public sealed class LogSecrecyTests : IAsyncDisposable
{
    private const string NewPassword = "Basalt-Trumpet-77-river";

    private readonly RecordedLog _log = new();
    private readonly RecordedHeaders _headers = new();
    private IdentityHost? _identity;

    public async ValueTask DisposeAsync()
    {
        if (_identity is not null)
        {
            await _identity.DisposeAsync();
        }

        _log.Dispose();
    }

    [Fact]
    public async Task No_password_code_or_link_of_a_person_is_logged()
    {
        var identity = await StartAsync();
        using var person = await Person.SignedInAsync(identity);
        var confirmation = await identity.TokenOfMailAsync(person.Email, "/confirm");
        var session = person.Browser.Session;
        const string wrong = "Wrong+Password/100%=sure";
        using (var stranger = new PageClient(identity))
        {
            (await person.TryAsync(stranger, wrong)).Should().BeFalse();
        }

        var app = await SecondFactorTests.App.SetUpAsync(identity, person);
        using var browser = new PageClient(identity);
        await browser.SubmitAsync("/sign-in", ("Email", person.Email), ("Password", person.Password));
        (await browser.SubmitAsync("/sign-in/code?way=recovery", ("Code", app.Recovery[3]))).Status.Should().Be(HttpStatusCode.SeeOther);
        await browser.SubmitAsync("/forgot", ("Email", person.Email));
        var reset = await identity.TokenOfMailAsync(person.Email, "/reset");
        (await browser.SubmitAsync($"/reset?token={reset}", ("Password", NewPassword))).Location.Should().Be("/reset?done=1");
        var forms = (await browser.GetAsync("/sign-in")).FormToken;

        _log.ShouldHoldNone([
            ("password", person.Password), ("wrong password", wrong), ("new password", NewPassword), ("link to confirm", confirmation), ("link to reset", reset),
            ("app's secret", Totp.ToBase32(app.Secret)), ("app's secret in hexadecimal", Convert.ToHexString(app.Secret)), ("session", session), ("form's token", forms),
            .. app.Recovery.SelectMany(r => new[] { r, r.Replace("-", "", StringComparison.Ordinal) }).Select(r => ("recovery code", (string?)r)),
            .. browser.Cookies.Where(c => c.Value.Length >= 8).Select(c => ($"cookie {c.Key}", (string?)c.Value)), .. MasterKeys()]);
    }

    [Fact]
    public async Task No_code_token_secret_or_key_of_the_protocol_is_logged()
    {
        var identity = await StartAsync();
        using var oauth = new OAuth(identity);
        var session = identity.Sessions.Begin(identity.Clock.GetUtcNow());
        var code = await oauth.CodeAsync(TestClients.Web, session);
        var tokens = (await oauth.TokenAsync(TestClients.Web, OAuth.CodeForm(TestClients.Web, code))).ShouldBe(HttpStatusCode.OK);
        var refreshed = (await oauth.TokenAsync(TestClients.Web, OAuth.RefreshForm(tokens["refresh_token"]))).ShouldBe(HttpStatusCode.OK);
        await oauth.TokenAsync(TestClients.Web, OAuth.RefreshForm(tokens["refresh_token"]));
        await oauth.UserInfoAsync(refreshed["access_token"]);
        using var key = SigningKey.Create("ES256");
        var proof = oauth.Proof(key, "POST", "/connect/token");
        var second = await oauth.CodeAsync(TestClients.Web, session);
        await oauth.TokenAsync(TestClients.Web, OAuth.CodeForm(TestClients.Web, second), proof);
        await oauth.TokenAsync(TestClients.Web, OAuth.CodeForm(TestClients.Web, second), proof);
        var assertion = oauth.Assertion("keyed");
        await oauth.PostAsync("/connect/token", [new("grant_type", "client_credentials"), new("client_assertion_type", ClientAssertions.Type), new("client_assertion", assertion)]);
        var device = (await oauth.PostAsync("/connect/deviceauthorization", [new("scope", "openid")], TestClients.Native)).ShouldBe(HttpStatusCode.OK);
        await oauth.TokenAsync(TestClients.Native, [new("grant_type", GrantTypes.DeviceCode), new("device_code", device["device_code"])]);
        await oauth.PostAsync("/connect/revocation", [new("token", refreshed["refresh_token"])], TestClients.Web);
        await oauth.PostAsync("/connect/introspect", [new("token", refreshed["access_token"])], TestClients.Web);
        await oauth.GetAsync($"/connect/endsession?id_token_hint={refreshed["id_token"]}", session);
        var pushed = await oauth.PostAsync("/connect/par", OAuth.Request(TestClients.Web, ("login_hint", "vera.somebody@example.com")), TestClients.Web);
        // In places where they do not belong.
        await oauth.GetAsync($"/connect/userinfo?access_token={refreshed["access_token"]}");
        await oauth.GetAsync($"/account?code={second}&client_secret={TestClients.Secret}");
        var registrar = (await oauth.TokenAsync(TestClients.Service, [new("grant_type", "client_credentials"), new("scope", "clients:register")]))["access_token"];
        var registered = (await RegisterAsync(oauth, registrar)).ShouldBe(HttpStatusCode.Created);
        var current = await identity.Services.GetRequiredService<SigningKeys>().CurrentAsync("ES256", default);
        using var exported = ECDsa.Create();
        exported.ImportPkcs8PrivateKey(current.ExportPkcs8(), out _);
        var scalar = exported.ExportParameters(includePrivateParameters: true).D!;

        _log.ShouldHoldNone([
            ("code", code), ("second code", second), ("verifier", OAuth.Verifier), ("client secret", TestClients.Secret), ("proof", proof.Split('.')[2]), ("assertion", assertion.Split('.')[2]),
            ("device code", device["device_code"]), ("user code", device["user_code"]), ("pushed request", pushed["request_uri"]), ("registrar's token", registrar),
            ("registered secret", registered["client_secret"]), ("registration token", registered["registration_access_token"]), ("session", session.SessionId),
            ("private key", Convert.ToBase64String(scalar)), ("private key in hexadecimal", Convert.ToHexString(scalar)), ("private key as PKCS 8", Convert.ToBase64String(current.ExportPkcs8())),
            .. new[] { tokens, refreshed }.SelectMany(t => new[] { ("access token", t["access_token"]), ("refresh token", t["refresh_token"]), ("signature of an ID token", t["id_token"]?.Split('.')[2]) }),
            .. MasterKeys(), .. _headers.Of("Authorization").Distinct().Select(h => ("Authorization", (string?)h[(h.IndexOf(' ', StringComparison.Ordinal) + 1)..]))]);
    }

    [Fact]
    public async Task No_secret_and_no_code_of_a_provider_elsewhere_is_logged()
    {
        await using var provider = await SocialProviderForTests.StartAsync();
        var identity = await StartAsync(
            ("Social:Providers:0:Scheme", "google"), ("Social:Providers:0:Kind", "Google"), ("Social:Providers:0:ClientId", "proofsheet"), ("Social:Providers:0:ClientSecret", SocialProviderForTests.Secret),
            ("Social:Providers:0:AuthorizationEndpoint", $"{provider.Address}/authorize"), ("Social:Providers:0:TokenEndpoint", $"{provider.Address}/token"), ("Social:Providers:0:UserInfoEndpoint", $"{provider.Address}/userinfo"));
        using var browser = new PageClient(identity);
        var page = await browser.GetAsync("/sign-in");
        var leading = await browser.PostAsync("/social/google", page.FormToken, ("Connect", "false"));
        var back = provider.Authorize(leading.Onward!, new JsonObject { ["sub"] = "g-1", ["email"] = Person.NewEmail(), ["email_verified"] = true, ["name"] = "Anna Example" });
        (await browser.GetAsync(QueryHelpers.AddQueryString("/social/google/callback", back!))).Location.Should().Be("/account");
        await browser.GetAsync(QueryHelpers.AddQueryString("/social/google/callback", back!));

        _log.ShouldHoldNone(("client secret", SocialProviderForTests.Secret), ("code", back["code"]), ("state", back["state"]), ("session", browser.Session));
    }

    [Fact]
    public async Task Values_of_rows_are_not_in_the_log_of_the_database()
    {
        var identity = await StartAsync();
        await using var scope = identity.Services.CreateAsyncScope();

        scope.ServiceProvider.GetRequiredService<IdentityDb>().GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>()!.IsSensitiveDataLoggingEnabled.Should().BeFalse();
    }

    private async Task<IdentityHost> StartAsync(params (string Name, string? Value)[] settings) =>
        _identity = await IdentityHost.StartAsync(RecordedLog.Settings(settings), services =>
        {
            _log.AddTo(services);
            services.AddSingleton<IStartupFilter>(_headers);
        });

    private IEnumerable<(string, string?)> MasterKeys() =>
        File.ReadAllLines(Path.Combine(_identity!.Folder, "master.keys")).Where(l => l.Contains(':', StringComparison.Ordinal)).Select(l => ("master key", (string?)l[(l.IndexOf(':', StringComparison.Ordinal) + 1)..]));

    private static async Task<Answer> RegisterAsync(OAuth oauth, string? token)
    {
        var metadata = new JsonObject
        {
            ["client_name"] = "Anna's server", ["token_endpoint_auth_method"] = "client_secret_basic", ["grant_types"] = new JsonArray("client_credentials"), ["scope"] = "galleries:read", ["tenant"] = "anna-studio",
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/register") { Content = new StringContent(metadata.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", token);
        return await oauth.SendAsync(request);
    }
}
