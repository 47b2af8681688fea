using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using FluentAssertions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Proofsheet.Identity.Protocol.Events;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Xunit;

namespace Proofsheet.Identity.Tests.Protocol;

[Trait("Database", "Provider")]
public sealed class SecurityEventTests : IAsyncLifetime
{
    private const string Bye = "https://app.example/bye";
    private readonly ConcurrentQueue<(string Type, string Body)> _received = new();
    private readonly WebApplication _receiver;
    private IdentityHost _host = null!;
    private OAuth _oauth = null!;
    private int _failures;

    public SecurityEventTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _receiver = builder.Build();
        _receiver.MapPost("/events", async (HttpContext http) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var body = await reader.ReadToEndAsync();
            if (Interlocked.Decrement(ref _failures) >= 0)
            {
                return Results.StatusCode(503);
            }

            _received.Enqueue((http.Request.ContentType!, body));
            return Results.StatusCode(202);
        });
    }

    public async ValueTask InitializeAsync()
    {
        await _receiver.StartAsync();
        var address = $"{_receiver.Urls.Single()}/events";
        _host = await IdentityHost.StartAsync(new()
        {
            ["Identity:EventReceivers:0:Address"] = address,
            ["Identity:AllowPrivateAddresses"] = "true",
            ["Identity:Clients:0:ClientId"] = "told", ["Identity:Clients:0:Name"] = "Told", ["Identity:Clients:0:IsFirstParty"] = "true",
            ["Identity:Clients:0:GrantTypes:0"] = "authorization_code", ["Identity:Clients:0:RedirectUris:0"] = TestClients.Callback,
            ["Identity:Clients:0:PostLogoutRedirectUris:0"] = Bye, ["Identity:Clients:0:Scopes:0"] = "openid",
            ["Identity:Clients:0:BackChannelLogoutUri"] = address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal),
        });
        _oauth = new OAuth(_host);
    }

    public async ValueTask DisposeAsync()
    {
        _oauth.Dispose();
        await _host.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task The_end_of_a_session_is_pushed_as_a_security_event_token()
    {
        var session = _host.Sessions.Begin(_host.Clock.GetUtcNow());
        await _oauth.TokensAsync(TestClients.Web, session);

        await InScopeAsync(r => r.RevokeSessionAsync(session.SessionId, default));

        var claims = await ReceivedAsync(SecurityEvents.SessionRevoked);
        claims["iss"]!.ToString().Should().Be(_host.Issuer);
        claims["aud"]!.ToString().Should().Be("proofsheet-api");
        claims["jti"]!.ToString().Should().HaveLength(43);
        claims["iat"]!.GetValue<long>().Should().BeCloseTo(_host.Clock.GetUtcNow().ToUnixTimeSeconds(), 30);
        claims["events"]![SecurityEvents.SessionRevoked]!.ToJsonString().Should().Be($$$"""{"subject":{"format":"opaque","id":"{{{session.SessionId}}}"}}""");
    }

    [Fact]
    public async Task A_revoked_token_a_revoked_family_and_a_disabled_account_are_told_too()
    {
        var session = _host.Sessions.Begin(_host.Clock.GetUtcNow());
        var tokens = await _oauth.TokensAsync(TestClients.Web, session);
        var access = await _oauth.VerifiedAsync(tokens["access_token"], "at+jwt");

        await _oauth.PostAsync("/connect/revocation", [new("token", tokens["access_token"])], TestClients.Web);
        await _oauth.PostAsync("/connect/revocation", [new("token", tokens["refresh_token"])], TestClients.Web);
        await InScopeAsync(r => r.RevokeSubjectAsync(session.Subject, null, accountDisabled: true, default));

        var token = (await ReceivedAsync(SecurityEvents.TokenRevoked))["events"]![SecurityEvents.TokenRevoked]!;
        token["jti"]!.ToString().Should().Be(access["jti"]!.ToString());
        token["exp"]!.GetValue<long>().Should().Be(access["exp"]!.GetValue<long>());
        var family = (await ReceivedAsync(SecurityEvents.FamilyRevoked))["events"]![SecurityEvents.FamilyRevoked]!;
        family["family"]!.ToString().Should().Be(access["family"]!.ToString());
        family["exp"]!.GetValue<long>().Should().BeGreaterThanOrEqualTo(access["exp"]!.GetValue<long>(), "it outlives every token of the family");
        var account = (await ReceivedAsync(SecurityEvents.AccountDisabled))["events"]![SecurityEvents.AccountDisabled]!["subject"]!;
        account.ToJsonString().Should().Be($$"""{"format":"iss_sub","iss":"{{_host.Issuer}}","sub":"{{session.Subject}}"}""");
    }

    [Fact]
    public async Task A_receiver_that_is_down_hears_it_later_and_by_the_same_name()
    {
        Volatile.Write(ref _failures, 3);
        var session = _host.Sessions.Begin(_host.Clock.GetUtcNow());
        await _oauth.TokensAsync(TestClients.Web, session);

        await InScopeAsync(r => r.RevokeSessionAsync(session.SessionId, default));

        (await ReceivedAsync(SecurityEvents.SessionRevoked))["jti"].Should().NotBeNull();
        _received.Count(m => m.Type == "application/secevent+jwt").Should().Be(1);
    }

    [Fact]
    public async Task Nothing_is_told_of_a_change_that_was_not_committed()
    {
        var session = _host.Sessions.Begin(_host.Clock.GetUtcNow());
        await _oauth.TokensAsync(TestClients.Web, session);

        await using (var scope = _host.Services.CreateAsyncScope())
        {
            var grants = scope.ServiceProvider.GetRequiredService<IGrantStore>();
            var revocation = scope.ServiceProvider.GetRequiredService<ITokenRevocation>();
            var failing = () => grants.AtomicallyAsync<bool>(
                async () =>
                {
                    await revocation.RevokeSessionAsync(session.SessionId, default);
                    throw new InvalidOperationException("after it");
                }, default);
            await failing.Should().ThrowAsync<InvalidOperationException>();
        }

        await using var database = _host.Database();
        database.Db.Set<Proofsheet.Shared.Outbox.OutboxMessage>().Should().BeEmpty();
        database.Db.Set<GrantFamily>().Should().OnlyContain(f => f.RevokedAt == null).And.NotBeEmpty();
    }

    [Fact]
    public async Task A_client_with_an_address_for_it_gets_a_logout_token()
    {
        var told = new Proofsheet.Identity.Protocol.Clients.Client { ClientId = "told", RedirectUris = [TestClients.Callback] };
        var session = _host.Sessions.Begin(_host.Clock.GetUtcNow());
        var tokens = await _oauth.TokensAsync(told, session, null, ("scope", "openid"));

        (await _oauth.GetAsync($"/connect/endsession?id_token_hint={tokens["id_token"]}&post_logout_redirect_uri={Uri.EscapeDataString(Bye)}", session)).ShouldBe(HttpStatusCode.Redirect);

        await IdentityHost.EventuallyAsync(() => Task.FromResult(_received.Any(m => m.Body.StartsWith("logout_token=", StringComparison.Ordinal))), "a logout token came");
        var token = _received.Single(m => m.Body.StartsWith("logout_token=", StringComparison.Ordinal)).Body["logout_token=".Length..];
        var claims = await _oauth.VerifiedAsync(Uri.UnescapeDataString(token), "logout+jwt");
        claims["aud"]!.ToString().Should().Be("told");
        claims["sid"]!.ToString().Should().Be(session.SessionId);
        claims["sub"]!.ToString().Should().Be(session.Subject);
        claims["nonce"].Should().BeNull();
        claims["events"]!["http://schemas.openid.net/event/backchannel-logout"].Should().NotBeNull();
    }

    private async Task<JsonNode> ReceivedAsync(string type)
    {
        JsonNode? found = null;
        await IdentityHost.EventuallyAsync(
            async () =>
            {
                foreach (var (contentType, body) in _received.Where(m => m.Type == "application/secevent+jwt"))
                {
                    var claims = await _oauth.VerifiedAsync(body, "secevent+jwt");
                    found = claims["events"]![type] is null ? found : claims;
                }

                return found is not null;
            },
            $"{type} came");
        return found!;
    }

    private async Task InScopeAsync(Func<ITokenRevocation, Task> work)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<ITokenRevocation>());
    }
}
