using System.Net;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Xunit;

namespace Proofsheet.Identity.Tests.Protocol;

[Trait("Database", "Provider")]
public sealed class CodeTests(IdentityHost identity) : ProtocolTests(identity)
{
    [Fact] // oidcc-server
    public async Task A_code_becomes_tokens_that_say_who_what_and_for_how_long()
    {
        var session = Identity.Sessions.Begin(Identity.Clock.GetUtcNow(), null, "pwd", "otp", "mfa");

        var answer = await OAuth.TokensAsync(TestClients.Web, session, null, ("acr_values", "tenant:anna-studio"));

        answer["token_type"].Should().Be("Bearer");
        answer["expires_in"].Should().Be("900");
        answer["scope"].Should().Be("openid offline_access galleries:read");
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        var access = await OAuth.VerifiedAsync(answer["access_token"], "at+jwt");
        access["iss"]!.ToString().Should().Be(Identity.Issuer);
        access["sub"]!.ToString().Should().Be(session.Subject);
        access["aud"]!.ToString().Should().Be("proofsheet-api");
        access["client_id"]!.ToString().Should().Be("web");
        access["scope"]!.ToString().Should().Be("openid offline_access galleries:read");
        access["sid"]!.ToString().Should().Be(session.SessionId);
        access["tenant"]!.ToString().Should().Be("anna-studio");
        access["sub_type"]!.ToString().Should().Be("user");
        access["amr"]!.AsArray().Select(n => n!.ToString()).Should().Equal("pwd", "otp", "mfa");
        access["auth_time"]!.GetValue<long>().Should().Be(session.AuthenticatedAt.ToUnixTimeSeconds());
        (access["exp"]!.GetValue<long>() - access["iat"]!.GetValue<long>()).Should().Be(900);
        access["jti"]!.ToString().Should().HaveLength(43);
        access["family"]!.ToString().Should().HaveLength(43);
        access["roles"].Should().BeNull();
        access["cnf"].Should().BeNull();
        var id = await OAuth.VerifiedAsync(answer["id_token"], "JWT");
        id["aud"]!.ToString().Should().Be("web");
        id["nonce"]!.ToString().Should().Be("the-nonce");
        id["sid"]!.ToString().Should().Be(session.SessionId);
        id["auth_time"]!.GetValue<long>().Should().Be(session.AuthenticatedAt.ToUnixTimeSeconds());
    }

    [Fact] // oidcc-idtoken-rs256
    public async Task A_client_may_have_its_id_tokens_signed_with_RS256()
    {
        var session = Identity.Sessions.Begin(Identity.Clock.GetUtcNow());
        await ConsentAsync(session);

        var answer = await OAuth.TokensAsync(TestClients.Third, session);

        Proofsheet.Jose.StrictBase64Url.TryDecode(answer["id_token"]!.Split('.')[0], out var header).Should().BeTrue();
        System.Text.Json.Nodes.JsonNode.Parse(header)!["alg"]!.ToString().Should().Be("RS256");
        (await OAuth.VerifiedAsync(answer["id_token"], "JWT"))["aud"]!.ToString().Should().Be("third");
    }

    [Fact]
    public async Task Without_openid_there_is_no_id_token_and_without_offline_access_no_refresh_token()
    {
        var session = Identity.Sessions.Begin(Identity.Clock.GetUtcNow());

        var answer = await OAuth.TokensAsync(TestClients.Spa, session, null, ("scope", "galleries:read"));

        answer["access_token"].Should().NotBeNull();
        answer["id_token"].Should().BeNull();
        answer["refresh_token"].Should().BeNull();
    }

    [Fact] // oidcc-codereuse-30seconds
    public async Task A_code_that_is_shown_again_is_refused_and_its_tokens_die()
    {
        var session = Identity.Sessions.Begin(Identity.Clock.GetUtcNow());
        var code = await OAuth.CodeAsync(TestClients.Web, session);
        var first = (await OAuth.TokenAsync(TestClients.Web, OAuth.CodeForm(TestClients.Web, code))).ShouldBe(HttpStatusCode.OK);

        var again = await OAuth.TokenAsync(TestClients.Web, OAuth.CodeForm(TestClients.Web, code));

        again.ShouldFail("invalid_grant");
        (await OAuth.UserInfoAsync(first["access_token"])).ShouldBe(HttpStatusCode.Unauthorized);
        (await OAuth.TokenAsync(TestClients.Web, OAuth.RefreshForm(first["refresh_token"]))).ShouldFail("invalid_grant");
    }

    [Theory]
    [InlineData("code_verifier", "wrong-verifier-wrong-verifier-wrong-verifier-wrong")]
    [InlineData("code_verifier", null)]
    [InlineData("code_verifier", OAuth.Verifier + "\u00e9")]
    [InlineData("redirect_uri", "https://app.example/other?fixed=1")]
    [InlineData("redirect_uri", "https://app.example/callback/")]
    [InlineData("redirect_uri", null)]
    [InlineData("client", "plain")]
    public async Task Only_a_fully_valid_presentation_consumes_a_code(string what, string? value)
    {
        var session = Identity.Sessions.Begin(Identity.Clock.GetUtcNow());
        var code = await OAuth.CodeAsync(TestClients.Web, session);
        var client = what == "client" ? TestClients.Plain : TestClients.Web;

        (await OAuth.TokenAsync(client, OAuth.CodeForm(TestClients.Web, code, what == "client" ? [] : [(what, value)]))).ShouldFail("invalid_grant");

        (await OAuth.TokenAsync(TestClients.Web, OAuth.CodeForm(TestClients.Web, code))).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("code_verifier", "wrong-verifier-wrong-verifier-wrong-verifier-wrong")]
    [InlineData("redirect_uri", "https://app.example/other?fixed=1")]
    [InlineData("client", "plain")]
    public async Task Only_a_fully_valid_replay_revokes(string what, string value)
    {
        var session = Identity.Sessions.Begin(Identity.Clock.GetUtcNow());
        var code = await OAuth.CodeAsync(TestClients.Web, session);
        var tokens = await OAuth.TokenAsync(TestClients.Web, OAuth.CodeForm(TestClients.Web, code));
        var client = what == "client" ? TestClients.Plain : TestClients.Web;

        (await OAuth.TokenAsync(client, OAuth.CodeForm(TestClients.Web, code, what == "client" ? [] : [(what, value)]))).ShouldFail("invalid_grant");

        (await OAuth.UserInfoAsync(tokens["access_token"])).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Of_30_parallel_codes_one_wins()
    {
        var session = Identity.Sessions.Begin(Identity.Clock.GetUtcNow());
        var code = await OAuth.CodeAsync(TestClients.Web, session);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => OAuth.TokenAsync(TestClients.Web, OAuth.CodeForm(TestClients.Web, code))));

        answers.Where(a => a.Status == HttpStatusCode.OK).Should().ContainSingle();
        answers.Where(a => a.Error == "invalid_grant").Should().HaveCount(29);
        var winner = answers.Single(a => a.Status == HttpStatusCode.OK);
        (await OAuth.UserInfoAsync(winner["access_token"])).ShouldBe(HttpStatusCode.Unauthorized); // The others were replays.
    }

    [Fact]
    public async Task A_code_has_run_out_after_a_minute()
    {
        await using var host = await IdentityHost.StartAsync();
        using var oauth = new OAuth(host);
        var session = host.Sessions.Begin(host.Clock.GetUtcNow());
        var code = await oauth.CodeAsync(TestClients.Web, session);

        host.Clock.Advance(TimeSpan.FromSeconds(61));

        (await oauth.TokenAsync(TestClients.Web, OAuth.CodeForm(TestClients.Web, code))).ShouldFail("invalid_grant");
    }

    [Fact] // A verifier for a code that was requested without a challenge: the downgrade of RFC 9700 section 4.8.2.
    public async Task PKCE_downgrade_is_refused()
    {
        var session = Identity.Sessions.Begin(Identity.Clock.GetUtcNow());
        var code = await OAuth.CodeAsync(TestClients.Plain, session, ("code_challenge", null), ("code_challenge_method", null));

        (await OAuth.TokenAsync(TestClients.Plain, OAuth.CodeForm(TestClients.Plain, code))).ShouldFail("invalid_grant");

        (await OAuth.TokenAsync(TestClients.Plain, OAuth.CodeForm(TestClients.Plain, code, ("code_verifier", null)))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_code_is_worth_nothing_when_its_session_ended_or_its_account_was_disabled()
    {
        var ended = Identity.Sessions.Begin(Identity.Clock.GetUtcNow());
        var disabled = Identity.Sessions.Begin(Identity.Clock.GetUtcNow());
        var codes = (await OAuth.CodeAsync(TestClients.Web, ended), await OAuth.CodeAsync(TestClients.Web, disabled));

        Identity.Sessions.End(ended.SessionId);
        Identity.Sessions.Disable(disabled.Subject);

        (await OAuth.TokenAsync(TestClients.Web, OAuth.CodeForm(TestClients.Web, codes.Item1))).ShouldFail("invalid_grant");
        (await OAuth.TokenAsync(TestClients.Web, OAuth.CodeForm(TestClients.Web, codes.Item2))).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task The_database_has_neither_codes_nor_refresh_tokens_in_clear()
    {
        var session = Identity.Sessions.Begin(Identity.Clock.GetUtcNow());
        var code = await OAuth.CodeAsync(TestClients.Web, session);
        var tokens = await OAuth.TokenAsync(TestClients.Web, OAuth.CodeForm(TestClients.Web, code));

        await using var database = Identity.Database();
        var rows = database.Db.Set<Proofsheet.Identity.Protocol.Ports.Grant>().AsEnumerable().Select(g => $"{g.Key} {g.Data} {g.Family}").ToList();

        rows.Should().Contain(r => r.Contains(session.Subject, StringComparison.Ordinal));
        rows.Should().NotContain(r => r.Contains(code, StringComparison.Ordinal) || r.Contains(tokens["refresh_token"]!, StringComparison.Ordinal));
    }

    private async Task ConsentAsync(Proofsheet.Identity.Protocol.Ports.SignedIn session)
    {
        await using var scope = Identity.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Proofsheet.Identity.Protocol.Ports.IConsentStore>()
            .PutAsync(session.Subject, "third", ["openid", "offline_access", "galleries:read"], Identity.Clock.GetUtcNow(), default);
    }
}
