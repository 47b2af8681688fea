using System.Globalization;
using System.Net;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Xunit;

namespace Proofsheet.Identity.Tests.Protocol;

/// <summary>The same refresh request again: two tabs, or an answer that was lost. And everybody who would like to be taken for that.</summary>
[Trait("Database", "Provider")]
public sealed class RefreshRepeatTests : IAsyncLifetime
{
    private IdentityHost _host = null!;
    private OAuth _oauth = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await IdentityHost.StartAsync();
        _oauth = new OAuth(_host);
    }

    public async ValueTask DisposeAsync()
    {
        _oauth.Dispose();
        await _host.DisposeAsync();
    }

    public static TheoryData<string> Clients => ["spa", "web"];

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task The_same_client_gets_the_same_answer_within_10_seconds(string clientId)
    {
        var client = Of(clientId);
        var first = await SignedInAsync(client);
        var second = (await RefreshAsync(client, first["refresh_token"])).ShouldBe(HttpStatusCode.OK);
        _host.Clock.Advance(TimeSpan.FromSeconds(9));

        var again = (await RefreshAsync(client, first["refresh_token"])).ShouldBe(HttpStatusCode.OK);

        foreach (var name in (string[])["access_token", "refresh_token", "id_token", "scope", "token_type"])
        {
            again[name].Should().Be(second[name]);
        }

        // The token's remaining lifetime, counted from this answer.
        (Seconds(second) - Seconds(again)).Should().BeInRange(9, 15);
        (await RefreshAsync(client, again["refresh_token"])).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task After_11_seconds_it_ends_the_family(string clientId)
    {
        var client = Of(clientId);
        var first = await SignedInAsync(client);
        var second = (await RefreshAsync(client, first["refresh_token"])).ShouldBe(HttpStatusCode.OK);
        _host.Clock.Advance(TimeSpan.FromSeconds(11));

        (await RefreshAsync(client, first["refresh_token"])).ShouldFail("invalid_grant");

        (await RefreshAsync(client, second["refresh_token"])).ShouldFail("invalid_grant");
        (await _oauth.UserInfoAsync(second["access_token"])).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Repeats_do_not_prolong_the_10_seconds()
    {
        var first = await SignedInAsync(TestClients.Spa);
        await RefreshAsync(TestClients.Spa, first["refresh_token"]);
        _host.Clock.Advance(TimeSpan.FromSeconds(8));
        (await RefreshAsync(TestClients.Spa, first["refresh_token"])).ShouldBe(HttpStatusCode.OK);
        _host.Clock.Advance(TimeSpan.FromSeconds(4));

        (await RefreshAsync(TestClients.Spa, first["refresh_token"])).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task Another_client_gets_nothing_and_ends_nothing()
    {
        var first = await SignedInAsync(TestClients.Spa);
        var second = (await RefreshAsync(TestClients.Spa, first["refresh_token"])).ShouldBe(HttpStatusCode.OK);

        foreach (var other in (Client[])[TestClients.Native, TestClients.Web, TestClients.Third])
        {
            (await RefreshAsync(other, first["refresh_token"])).ShouldFail("invalid_grant");
        }

        (await RefreshAsync(TestClients.Spa, second["refresh_token"])).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Once_the_successor_was_used_a_repeat_ends_the_family_also_within_10_seconds()
    {
        var first = await SignedInAsync(TestClients.Spa);
        var second = (await RefreshAsync(TestClients.Spa, first["refresh_token"])).ShouldBe(HttpStatusCode.OK);
        var third = (await RefreshAsync(TestClients.Spa, second["refresh_token"])).ShouldBe(HttpStatusCode.OK);

        (await RefreshAsync(TestClients.Spa, first["refresh_token"])).ShouldFail("invalid_grant");

        (await RefreshAsync(TestClients.Spa, third["refresh_token"])).ShouldFail("invalid_grant");
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Of_20_parallel_refreshes_all_get_the_same_successor(string clientId)
    {
        var client = Of(clientId);
        var first = await SignedInAsync(client);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => RefreshAsync(client, first["refresh_token"])));

        answers.Select(a => a.Status).Should().AllBeEquivalentTo(HttpStatusCode.OK);
        answers.Select(a => a["refresh_token"]).Distinct().Should().ContainSingle();
        await using var database = _host.Database();
        (await database.Db.Set<Grant>().CountAsync(g => g.Kind == GrantKind.RefreshToken && g.ConsumedAt == null)).Should().Be(1);
        (await RefreshAsync(client, answers[0]["refresh_token"])).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_repeat_gets_neither_more_nor_other_scopes()
    {
        var first = await SignedInAsync(TestClients.Spa);
        var less = (await RefreshAsync(TestClients.Spa, first["refresh_token"], ("scope", "galleries:read"))).ShouldBe(HttpStatusCode.OK);

        (await RefreshAsync(TestClients.Spa, first["refresh_token"], ("scope", "openid offline_access galleries:read"))).ShouldFail("invalid_grant");

        var again = (await RefreshAsync(TestClients.Spa, first["refresh_token"], ("scope", "galleries:read"))).ShouldBe(HttpStatusCode.OK);
        again["access_token"].Should().Be(less["access_token"]);
    }

    [Fact]
    public async Task What_was_revoked_in_the_meantime_is_not_repeated()
    {
        var session = _host.Sessions.Begin(_host.Clock.GetUtcNow());
        var (revoked, disabled) = (await SignedInAsync(TestClients.Spa), await _oauth.TokensAsync(TestClients.Spa, session));
        var next = (await RefreshAsync(TestClients.Spa, revoked["refresh_token"])).ShouldBe(HttpStatusCode.OK);
        (await RefreshAsync(TestClients.Spa, disabled["refresh_token"])).ShouldBe(HttpStatusCode.OK);
        (await _oauth.PostAsync("/connect/revocation", [new("token", next["refresh_token"])], TestClients.Spa)).ShouldBe(HttpStatusCode.OK);
        _host.Sessions.Disable(session.Subject);

        (await RefreshAsync(TestClients.Spa, revoked["refresh_token"])).ShouldFail("invalid_grant");
        (await RefreshAsync(TestClients.Spa, disabled["refresh_token"])).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task The_kept_answer_is_not_readable_in_the_database()
    {
        var first = await SignedInAsync(TestClients.Spa);
        var second = (await RefreshAsync(TestClients.Spa, first["refresh_token"])).ShouldBe(HttpStatusCode.OK);

        await using var database = _host.Database();
        var kept = (await database.Db.Set<Grant>().SingleAsync(g => g.Answer != null)).Answer!;

        var text = System.Text.Encoding.Latin1.GetString(kept);
        text.Should().NotContain(second["refresh_token"]).And.NotContain(second["access_token"]).And.NotContain("offline_access");
    }

    [Fact]
    public async Task Without_a_grace_period_every_repeat_ends_the_family()
    {
        await using var strict = await IdentityHost.StartAsync(new() { ["Identity:RefreshGraceSeconds"] = "0" });
        using var oauth = new OAuth(strict);
        var first = await oauth.TokensAsync(TestClients.Web, strict.Sessions.Begin(strict.Clock.GetUtcNow()));
        var second = (await oauth.TokenAsync(TestClients.Web, OAuth.RefreshForm(first["refresh_token"]))).ShouldBe(HttpStatusCode.OK);

        (await oauth.TokenAsync(TestClients.Web, OAuth.RefreshForm(first["refresh_token"]))).ShouldFail("invalid_grant");
        (await oauth.TokenAsync(TestClients.Web, OAuth.RefreshForm(second["refresh_token"]))).ShouldFail("invalid_grant");
    }

    private static Client Of(string clientId) => TestClients.All.Single(c => c.ClientId == clientId);

    private static int Seconds(Answer answer) => int.Parse(answer["expires_in"]!, CultureInfo.InvariantCulture);

    private Task<Answer> SignedInAsync(Client client) => _oauth.TokensAsync(client, _host.Sessions.Begin(_host.Clock.GetUtcNow()));

    private Task<Answer> RefreshAsync(Client client, string? token, params (string, string?)[] changes) => _oauth.TokenAsync(client, OAuth.RefreshForm(token, changes));
}
