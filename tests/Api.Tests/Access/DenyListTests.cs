using System.Text;
using System.Text.Json.Nodes;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Auth;
using Proofsheet.Api.Auth.Revocation;
using Proofsheet.Api.Data;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Jose;
using Xunit;

namespace Proofsheet.Api.Tests.Access;

/// <summary>What an authority revokes is refused: RFC 8417 events pushed by RFC 8935, and OpenID Connect Back-Channel Logout.</summary>
[Trait("Database", "Provider")]
public sealed class DenyListTests(ApiHost api)
{
    private const string SessionRevoked = "https://schemas.openid.net/secevent/caep/event-type/session-revoked";
    private const string AccountDisabled = "https://schemas.openid.net/secevent/risc/event-type/account-disabled";
    private const string TokenRevoked = "urn:proofsheet:event:token-revoked";
    private const string FamilyRevoked = "urn:proofsheet:event:family-revoked";
    private const string Logout = "http://schemas.openid.net/event/backchannel-logout";

    public static TheoryData<string> Events => [SessionRevoked, TokenRevoked, FamilyRevoked, AccountDisabled, "logout", "logout of all"];

    [Theory]
    [MemberData(nameof(Events))]
    public async Task A_token_is_refused_once_the_authority_takes_it_back(string kind)
    {
        var (claims, client) = await SignedInAsync(api);
        var (_, bystander) = await SignedInAsync(api);

        await TellAsync(api, kind, claims);

        (await client.GetAsync("/v1/studio")).ShouldBeProblem(401, "expired_credential");
        (await bystander.GetAsync("/v1/studio")).ShouldBe(200);
    }

    [Fact]
    public async Task It_reaches_another_process_within_two_seconds()
    {
        await using var host = await ApiHost.StartAsync();
        await using var sibling = await host.SiblingAsync();
        foreach (var kind in Events.Select(e => e.Data))
        {
            var (claims, _) = await SignedInAsync(host);
            var there = sibling.Client(host.Authority.Sign(claims));
            (await there.GetAsync("/v1/studio")).ShouldBe(200);

            await TellAsync(host, kind, claims);
            var told = Environment.TickCount64;
            await ApiHost.EventuallyAsync(async () => (await there.GetAsync("/v1/studio")).Status == 401, "the other process refuses it");

            (Environment.TickCount64 - told).Should().BeLessThan(2_000, "the promise holds for {0}", kind);
        }
    }

    [Fact]
    public async Task A_process_that_starts_later_refuses_it_from_its_first_request_on()
    {
        await using var host = await ApiHost.StartAsync();
        var (claims, _) = await SignedInAsync(host);
        await TellAsync(host, SessionRevoked, claims);

        await using var sibling = await host.SiblingAsync();

        (await sibling.Client(host.Authority.Sign(claims)).GetAsync("/v1/studio")).ShouldBeProblem(401, "expired_credential");
    }

    [Fact]
    public async Task An_account_that_signs_in_again_afterwards_is_let_in()
    {
        var (claims, client) = await SignedInAsync(api);
        await TellAsync(api, AccountDisabled, claims);
        (await client.GetAsync("/v1/studio")).ShouldBeProblem(401, "expired_credential");

        claims["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1;
        claims["jti"] = Guid.NewGuid().ToString("N");

        (await api.Client(api.Authority.Sign(claims)).GetAsync("/v1/studio")).ShouldBe(200);
    }

    [Fact]
    public async Task An_event_that_comes_again_years_later_denies_nothing()
    {
        await using var host = await ApiHost.StartAsync();
        var (claims, _) = await SignedInAsync(host);
        var old = host.Authority.SecurityEvent(
            SessionRevoked, Subject(claims["sid"]!.GetValue<string>()), e => e["iat"] = DateTimeOffset.UtcNow.AddYears(-2).ToUnixTimeSeconds());

        (await PushAsync(host, old)).ShouldBe(202);

        (await host.Client(host.Authority.Sign(claims)).GetAsync("/v1/studio")).ShouldBe(200);
    }

    [Fact]
    public async Task The_same_event_ten_times_at_once_is_one_row()
    {
        var (claims, client) = await SignedInAsync(api);
        var text = api.Authority.SecurityEvent(FamilyRevoked, new JsonObject { ["family"] = claims["family"]!.GetValue<string>() });

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => PushAsync(api, text)));

        answers.Select(a => a.Status).Should().OnlyContain(s => s == 202);
        (await client.GetAsync("/v1/studio")).ShouldBeProblem(401, "expired_credential");
    }

    [Fact]
    public async Task An_older_event_does_not_take_back_a_newer_one()
    {
        var (claims, client) = await SignedInAsync(api);
        await TellAsync(api, AccountDisabled, claims);
        var older = api.Authority.SecurityEvent(
            AccountDisabled, IssuerAndSubject(claims), e => e["iat"] = DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds());

        (await PushAsync(api, older)).ShouldBe(202);

        (await client.GetAsync("/v1/studio")).ShouldBeProblem(401, "expired_credential");
    }

    [Fact]
    public async Task What_is_over_is_swept()
    {
        await using var host = await ApiHost.StartAsync();
        var (claims, _) = await SignedInAsync(host);
        await TellAsync(host, TokenRevoked, claims);
        host.Clock.Advance(TimeSpan.FromHours(25));

        await host.Services.GetRequiredService<AccessSweeper>().SweepAsync(default);

        await using var scope = host.Services.CreateAsyncScope();
        (await scope.ServiceProvider.GetRequiredService<ProofsheetDb>().Set<DeniedToken>().CountAsync()).Should().Be(0);
        host.Services.GetRequiredService<DenyList>().Sweep();
        host.Services.GetRequiredService<DenyList>().Count.Should().Be(0);
    }

    [Fact]
    public async Task Only_the_authority_can_tell()
    {
        var (claims, client) = await SignedInAsync(api);
        using var mine = SigningKey.Create("ES256", "first");
        var content = Subject(claims["sid"]!.GetValue<string>());
        var good = Told(content);

        await RefusedAsync(Jws.Sign(mine, "secevent+jwt", Bytes(good)), "authentication_failed");
        await RefusedAsync(Told(content, "iss", "https://evil.example"), "invalid_issuer");
        await RefusedAsync(Told(content, "aud", "another-api"), "invalid_audience");
        await RefusedAsync(Told(content, "jti", null), "invalid_request");
        await RefusedAsync(Told(content, "iat", null), "invalid_request");
        await RefusedAsync(Told(content, "iat", DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeSeconds()), "invalid_request");
        await RefusedAsync(Told(content, "events", null), "invalid_request");
        await RefusedAsync(Told(content, "nonce", "x"), "invalid_request");
        await RefusedAsync(Told(new JsonObject()), "invalid_request");
        await RefusedAsync(api.Authority.Sign(good, "at+jwt"), "invalid_request");
        await RefusedAsync(api.Authority.Sign(good, "JWT"), "invalid_request");
        await RefusedAsync("nonsense", "invalid_request");
        await RefusedAsync("a.b.c", "invalid_request");
        await RefusedAsync(new string('x', 40_000), "invalid_request");
        (await client.GetAsync("/v1/studio")).ShouldBe(200);

        (await PushAsync(api, api.Authority.Sign(good, "secevent+jwt"))).ShouldBe(202).Bytes.Should().BeEmpty();
        (await client.GetAsync("/v1/studio")).ShouldBeProblem(401, "expired_credential");
    }

    [Fact]
    public async Task An_access_token_or_an_ID_token_is_no_logout_token()
    {
        var (claims, client) = await SignedInAsync(api);

        (await LogoutAsync(api, api.Authority.Sign(claims))).ShouldBe(400)["err"].Should().Be("invalid_request");
        claims["nonce"] = "x";
        (await LogoutAsync(api, api.Authority.Sign(claims, "JWT"))).ShouldBe(400)["error"].Should().Be("invalid_request");
        (await LogoutAsync(api, api.Authority.SecurityEvent(Logout, []))).ShouldBe(400);

        (await client.GetAsync("/v1/studio")).ShouldBe(200);
    }

    [Fact]
    public async Task One_authority_takes_back_nothing_of_another()
    {
        await using var second = await TestAuthority.StartAsync();
        await using var host = await ApiHost.StartAsync(second.Settings(1));
        var (claims, client) = await SignedInAsync(host);

        (await PushAsync(host, second.SecurityEvent(SessionRevoked, Subject(claims["sid"]!.GetValue<string>())))).ShouldBe(202);
        (await PushAsync(host, second.SecurityEvent(AccountDisabled, IssuerAndSubject(claims)))).ShouldBe(400);

        (await client.GetAsync("/v1/studio")).ShouldBe(200);
    }

    [Fact]
    public async Task Events_of_an_unknown_kind_are_taken_and_do_nothing()
    {
        (await PushAsync(api, api.Authority.SecurityEvent("https://example.com/something", []))).ShouldBe(202);
    }

    [Fact]
    public async Task Other_media_types_are_refused()
    {
        (await api.Client(null).PostAsync("/v1/security-events", new { a = 1 })).ShouldBeProblem(415, "unsupported_media_type");
    }

    private static async Task<(JsonObject Claims, ApiClient Client)> SignedInAsync(ApiHost host)
    {
        var studio = await host.StudioAsync();
        var member = await studio.MemberAsync("owner");
        var claims = host.Authority.Claims(member.Subject, studio.Slug, "settings:read");
        var client = host.Client(host.Authority.Sign(claims));
        (await client.GetAsync("/v1/studio")).ShouldBe(200);
        return (claims, client);
    }

    private static async Task TellAsync(ApiHost host, string kind, JsonObject claims)
    {
        string Of(string name) => claims[name]!.GetValue<string>();
        var exp = DateTimeOffset.UtcNow.AddMinutes(15).ToUnixTimeSeconds();
        var answer = kind switch
        {
            SessionRevoked => await PushAsync(host, host.Authority.SecurityEvent(kind, Subject(Of("sid")))),
            TokenRevoked => await PushAsync(host, host.Authority.SecurityEvent(kind, new JsonObject { ["jti"] = Of("jti"), ["exp"] = exp })),
            FamilyRevoked => await PushAsync(host, host.Authority.SecurityEvent(kind, new JsonObject { ["family"] = Of("family"), ["exp"] = exp })),
            AccountDisabled => await PushAsync(host, host.Authority.SecurityEvent(kind, IssuerAndSubject(claims))),
            "logout" => await LogoutAsync(host, host.Authority.SecurityEvent(Logout, [], e => (e["sid"], e["sub"], e["aud"]) = (Of("sid"), Of("sub"), TestAuthority.OwnClient), "logout+jwt")),
            _ => await LogoutAsync(host, host.Authority.SecurityEvent(Logout, [], e => e["sub"] = Of("sub"), "logout+jwt")),
        };
        answer.ShouldBe(kind.StartsWith("logout", StringComparison.Ordinal) ? 200 : 202);
    }

    private JsonObject Told(JsonObject content, string? claim = null, JsonNode? value = null)
    {
        var claims = new JsonObject
        {
            ["iss"] = api.Authority.Issuer, ["aud"] = "proofsheet-api", ["jti"] = Guid.NewGuid().ToString("N"),
            ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(), ["events"] = new JsonObject { [SessionRevoked] = content.DeepClone() },
        };
        if (claim is not null)
        {
            claims.Remove(claim);
            if (value is not null)
            {
                claims[claim] = value;
            }
        }

        return claims;
    }

    private Task RefusedAsync(JsonObject claims, string error) => RefusedAsync(api.Authority.Sign(claims, "secevent+jwt"), error);

    private async Task RefusedAsync(string text, string error)
    {
        var answer = (await PushAsync(api, text)).ShouldBe(400);
        answer["err"].Should().Be(error);
        answer.Headers["Content-Type"].Should().StartWith("application/json");
    }

    private static Task<ApiAnswer> PushAsync(ApiHost host, string text) =>
        host.Client(null).PostAsync("/v1/security-events", new StringContent(text, Encoding.UTF8, "application/secevent+jwt"));

    private static Task<ApiAnswer> LogoutAsync(ApiHost host, string text) =>
        host.Client(null).PostAsync("/v1/security-events", new FormUrlEncodedContent([new("logout_token", text)]));

    private static JsonObject Subject(string session) => new() { ["subject"] = new JsonObject { ["format"] = "opaque", ["id"] = session } };

    private static JsonObject IssuerAndSubject(JsonObject claims) => new()
    {
        ["subject"] = new JsonObject { ["format"] = "iss_sub", ["iss"] = claims["iss"]!.GetValue<string>(), ["sub"] = claims["sub"]!.GetValue<string>() },
    };

    private static byte[] Bytes(JsonObject claims) => Encoding.UTF8.GetBytes(claims.ToJsonString());
}
