using System.Net;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Proofsheet.Jose;
using Xunit;

namespace Proofsheet.Identity.Tests.Protocol;

/// <summary>Two processes of one authority on one database: what may be used once is used once across both.</summary>
[Trait("Database", "Provider")]
public sealed class SeveralProcessesTests : IAsyncLifetime
{
    private IdentityHost _one = null!;
    private IdentityHost _two = null!;
    private OAuth _first = null!;
    private OAuth _second = null!;

    public async ValueTask InitializeAsync()
    {
        _one = await IdentityHost.StartAsync();
        _two = await _one.StartAnotherAsync();
        (_first, _second) = (new OAuth(_one), new OAuth(_two));
    }

    public async ValueTask DisposeAsync()
    {
        _first.Dispose();
        _second.Dispose();
        await _two.DisposeAsync();
        await _one.DisposeAsync();
    }

    [Fact]
    public async Task A_code_of_one_is_redeemed_at_the_other_and_of_30_at_both_one_wins()
    {
        var code = await _first.CodeAsync(TestClients.Web, _one.Sessions.Begin(_one.Clock.GetUtcNow()));

        var answers = await InBothAsync(15, oauth => oauth.TokenAsync(TestClients.Web, OAuth.CodeForm(TestClients.Web, code)));

        // As text, so that a failure shows what else was returned.
        answers.Select(a => $"{(int)a.Status} {a.Error}".Trim()).Order().Should().Equal(["200", .. Enumerable.Repeat("400 invalid_grant", 29)]);
    }

    [Fact]
    public async Task Of_20_refreshes_at_both_all_get_the_same_tokens()
    {
        var tokens = await _first.TokensAsync(TestClients.Web, _one.Sessions.Begin(_one.Clock.GetUtcNow()));

        var answers = await InBothAsync(10, oauth => oauth.TokenAsync(TestClients.Web, OAuth.RefreshForm(tokens["refresh_token"])));

        answers.Select(a => a.Status).Should().AllBeEquivalentTo(HttpStatusCode.OK);
        answers.Select(a => (a["access_token"], a["refresh_token"])).Distinct().Should().ContainSingle();
        (await _first.UserInfoAsync(answers[0]["access_token"])).ShouldBe(HttpStatusCode.OK);
        (await _second.UserInfoAsync(answers[0]["access_token"])).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_proof_and_an_assertion_that_one_has_seen_are_known_to_the_other()
    {
        using var key = SigningKey.Create("ES256");
        var proof = _first.Proof(key, "POST", "/connect/token");
        var assertion = _first.Assertion("keyed");
        KeyValuePair<string, string?>[] credentials = [new("grant_type", "client_credentials")];

        var proofs = await InBothAsync(5, oauth => oauth.TokenAsync(TestClients.Service, credentials, proof));
        var assertions = await InBothAsync(5, oauth => oauth.PostAsync("/connect/token",
            [.. credentials, new("client_assertion_type", Proofsheet.Identity.Protocol.Clients.ClientAssertions.Type), new("client_assertion", assertion)]));

        proofs.Where(a => a.Status == HttpStatusCode.OK).Should().ContainSingle();
        assertions.Where(a => a.Status == HttpStatusCode.OK).Should().ContainSingle();
    }

    [Fact]
    public async Task What_one_revoked_counts_at_the_other_at_once()
    {
        var tokens = await _first.TokensAsync(TestClients.Web, _one.Sessions.Begin(_one.Clock.GetUtcNow()));

        await _first.PostAsync("/connect/revocation", [new("token", tokens["refresh_token"])], TestClients.Web);

        (await _second.UserInfoAsync(tokens["access_token"])).ShouldBe(HttpStatusCode.Unauthorized);
        (await _second.TokenAsync(TestClients.Web, OAuth.RefreshForm(tokens["refresh_token"]))).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task A_revocation_waits_for_tokens_that_are_being_made_and_then_ends_them()
    {
        var session = _one.Sessions.Begin(_one.Clock.GetUtcNow());
        var tokens = await _first.TokensAsync(TestClients.Web, session);
        var family = (await _first.VerifiedAsync(tokens["access_token"], "at+jwt"))["family"]!.ToString();
        await using var here = _one.Services.CreateAsyncScope();
        await using var there = _two.Services.CreateAsyncScope();
        var grants = here.ServiceProvider.GetRequiredService<IGrantStore>();
        Task? revocation = null;

        var wasHeld = await grants.AtomicallyAsync(
            async () =>
            {
                (await grants.HoldFamilyAsync(family, _one.Clock.GetUtcNow(), default)).Should().BeTrue();
                revocation = Task.Run(() => there.ServiceProvider.GetRequiredService<ITokenRevocation>().RevokeSessionAsync(session.SessionId, default));
                // This timeout can only make the test pass too easily, never fail.
                return await Task.WhenAny(revocation, Task.Delay(500)) != revocation;
            }, default);
        await revocation!;

        wasHeld.Should().BeTrue();
        (await grants.HoldFamilyAsync(family, _one.Clock.GetUtcNow(), default)).Should().BeFalse();
        (await _first.TokenAsync(TestClients.Web, OAuth.RefreshForm(tokens["refresh_token"]))).ShouldFail("invalid_grant");
    }

    private async Task<Answer[]> InBothAsync(int each, Func<OAuth, Task<Answer>> ask) =>
        await Task.WhenAll(Enumerable.Range(0, each).SelectMany(_ => new[] { _first, _second }).Select(ask));
}
