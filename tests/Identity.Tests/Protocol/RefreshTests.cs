using System.Net;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Xunit;

namespace Proofsheet.Identity.Tests.Protocol;

[Trait("Database", "Provider")]
public sealed class RefreshTests(IdentityHost identity) : ProtocolTests(identity)
{
    [Fact] // oidcc-refresh-token
    public async Task A_refresh_gives_new_tokens_of_the_same_sign_in()
    {
        var session = Identity.Sessions.Begin(Identity.Clock.GetUtcNow());
        var first = await OAuth.TokensAsync(TestClients.Web, session);

        var second = (await RefreshAsync(TestClients.Web, first["refresh_token"])).ShouldBe(HttpStatusCode.OK);

        second["refresh_token"].Should().NotBe(first["refresh_token"]);
        var (before, after) = (await OAuth.VerifiedAsync(first["access_token"], "at+jwt"), await OAuth.VerifiedAsync(second["access_token"], "at+jwt"));
        after["family"]!.ToString().Should().Be(before["family"]!.ToString());
        after["jti"]!.ToString().Should().NotBe(before["jti"]!.ToString());
        after["auth_time"]!.ToString().Should().Be(before["auth_time"]!.ToString());
        (await OAuth.VerifiedAsync(second["id_token"], "JWT"))["nonce"].Should().BeNull("a nonce belongs to the authorization");
    }

    [Fact] // Trap 1: whether a token was used must not be copied into its successor.
    public async Task A_new_refresh_token_is_not_born_used()
    {
        var session = Identity.Sessions.Begin(Identity.Clock.GetUtcNow());
        var token = (await OAuth.TokensAsync(TestClients.Web, session))["refresh_token"];

        for (var i = 0; i < 4; i++)
        {
            token = (await RefreshAsync(TestClients.Web, token)).ShouldBe(HttpStatusCode.OK)["refresh_token"];
        }

        await using var database = Identity.Database();
        var family = await database.Db.Set<GrantFamily>().SingleAsync(f => f.SessionId == session.SessionId);
        (await database.Db.Set<Grant>().Where(g => g.Family == family.Id && g.Kind == GrantKind.RefreshToken && g.ConsumedAt == null).CountAsync()).Should().Be(1);
    }

    [Fact]
    public async Task A_reused_refresh_token_ends_the_whole_family()
    {
        var session = Identity.Sessions.Begin(Identity.Clock.GetUtcNow());
        var first = await OAuth.TokensAsync(TestClients.Spa, session);
        var second = (await RefreshAsync(TestClients.Spa, first["refresh_token"])).ShouldBe(HttpStatusCode.OK);
        var third = (await RefreshAsync(TestClients.Spa, second["refresh_token"])).ShouldBe(HttpStatusCode.OK);

        // Within the grace period, but its successor is in use, so nobody still waits for it.
        (await RefreshAsync(TestClients.Spa, first["refresh_token"])).ShouldFail("invalid_grant");

        (await RefreshAsync(TestClients.Spa, third["refresh_token"])).ShouldFail("invalid_grant");
        (await OAuth.UserInfoAsync(third["access_token"])).ShouldBe(HttpStatusCode.Unauthorized);
        await using var database = Identity.Database();
        (await database.Db.Set<SecurityLogEntry>().CountAsync(e => e.What == "refresh_reused" && e.Subject == session.Subject)).Should().Be(1);
    }

    [Fact]
    public async Task A_family_that_ended_leaves_the_others_of_its_session_alone()
    {
        var session = Identity.Sessions.Begin(Identity.Clock.GetUtcNow());
        var stolen = await OAuth.TokensAsync(TestClients.Spa, session);
        var other = await OAuth.TokensAsync(TestClients.Web, session);
        var next = await RefreshAsync(TestClients.Spa, stolen["refresh_token"]);
        await RefreshAsync(TestClients.Spa, next["refresh_token"]);

        (await RefreshAsync(TestClients.Spa, stolen["refresh_token"])).ShouldFail("invalid_grant");

        (await RefreshAsync(TestClients.Web, other["refresh_token"])).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task However_often_it_is_refreshed_a_grant_ends_after_7_days()
    {
        await using var host = await IdentityHost.StartAsync();
        using var oauth = new OAuth(host);
        var tokens = await oauth.TokensAsync(TestClients.Web, host.Sessions.Begin(host.Clock.GetUtcNow()));

        for (var day = 1; day <= 6; day++)
        {
            host.Clock.Advance(TimeSpan.FromDays(1));
            tokens = (await oauth.TokenAsync(TestClients.Web, OAuth.RefreshForm(tokens["refresh_token"]))).ShouldBe(HttpStatusCode.OK);
        }

        host.Clock.Advance(TimeSpan.FromDays(1));
        (await oauth.TokenAsync(TestClients.Web, OAuth.RefreshForm(tokens["refresh_token"]))).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task A_refresh_may_ask_for_less_but_never_for_more_and_less_is_not_for_ever()
    {
        var session = Identity.Sessions.Begin(Identity.Clock.GetUtcNow());
        var first = await OAuth.TokensAsync(TestClients.Web, session);

        (await RefreshAsync(TestClients.Web, first["refresh_token"], ("scope", "galleries:read galleries:write"))).ShouldFail("invalid_scope");
        var less = (await RefreshAsync(TestClients.Web, first["refresh_token"], ("scope", "galleries:read"))).ShouldBe(HttpStatusCode.OK);
        var all = (await RefreshAsync(TestClients.Web, less["refresh_token"])).ShouldBe(HttpStatusCode.OK);

        less["scope"].Should().Be("galleries:read");
        less["id_token"].Should().BeNull();
        all["scope"].Should().Be("openid offline_access galleries:read");
    }

    [Fact]
    public async Task Another_client_cannot_use_a_refresh_token_and_does_not_end_it()
    {
        var session = Identity.Sessions.Begin(Identity.Clock.GetUtcNow());
        var tokens = await OAuth.TokensAsync(TestClients.Web, session);

        (await RefreshAsync(TestClients.Spa, tokens["refresh_token"])).ShouldFail("invalid_grant");
        (await RefreshAsync(TestClients.Third, tokens["refresh_token"])).ShouldFail("invalid_grant");

        (await RefreshAsync(TestClients.Web, tokens["refresh_token"])).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task After_a_password_change_only_the_session_that_changed_it_refreshes()
    {
        var here = Identity.Sessions.Begin(Identity.Clock.GetUtcNow());
        var elsewhere = Identity.Sessions.Begin(Identity.Clock.GetUtcNow(), here.Subject);
        var (kept, ended) = (await OAuth.TokensAsync(TestClients.Web, here), await OAuth.TokensAsync(TestClients.Web, elsewhere));

        await using (var scope = Identity.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<ITokenRevocation>().RevokeSubjectAsync(here.Subject, here.SessionId, accountDisabled: false, default);
        }

        (await RefreshAsync(TestClients.Web, ended["refresh_token"])).ShouldFail("invalid_grant");
        (await RefreshAsync(TestClients.Web, kept["refresh_token"])).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_session_that_merely_ran_out_does_not_end_what_it_gave_a_program()
    {
        var session = SignIn();
        var tokens = await OAuth.TokensAsync(TestClients.Native, session, null);

        Identity.Sessions.End(session.SessionId);

        var next = (await RefreshAsync(TestClients.Native, tokens["refresh_token"])).ShouldBe(HttpStatusCode.OK);
        (await OAuth.UserInfoAsync(next["access_token"])).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_disabled_account_and_an_ended_session_refresh_nothing()
    {
        var disabled = Identity.Sessions.Begin(Identity.Clock.GetUtcNow());
        var ended = Identity.Sessions.Begin(Identity.Clock.GetUtcNow());
        var tokens = (await OAuth.TokensAsync(TestClients.Web, disabled), await OAuth.TokensAsync(TestClients.Web, ended));

        Identity.Sessions.Disable(disabled.Subject);
        await using (var scope = Identity.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<ITokenRevocation>().RevokeSessionAsync(ended.SessionId, default);
        }

        (await RefreshAsync(TestClients.Web, tokens.Item1["refresh_token"])).ShouldFail("invalid_grant");
        (await RefreshAsync(TestClients.Web, tokens.Item2["refresh_token"])).ShouldFail("invalid_grant");
    }

    private Task<Answer> RefreshAsync(Client client, string? token, params (string, string?)[] changes) => OAuth.TokenAsync(client, OAuth.RefreshForm(token, changes));
}
