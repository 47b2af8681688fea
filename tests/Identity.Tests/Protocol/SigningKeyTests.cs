using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Identity.Protocol;
using Proofsheet.Identity.Protocol.Keys;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Xunit;

namespace Proofsheet.Identity.Tests.Protocol;

[Trait("Database", "Provider")]
public sealed class SigningKeyTests
{
    [Fact]
    public async Task A_next_key_is_published_before_it_signs_and_the_old_one_stays_until_its_tokens_are_dead()
    {
        await using var identity = await IdentityHost.StartAsync();
        var keys = identity.Services.GetRequiredService<SigningKeys>();
        var first = (await keys.CurrentAsync("ES256", default)).Kid;

        identity.Clock.Advance(TimeSpan.FromDays(28.5));
        var ahead = await PublishedAsync(keys);
        ahead.Should().HaveCount(2).And.Contain(first);
        (await keys.CurrentAsync("ES256", default)).Kid.Should().Be(first, "the next key waits until everybody has it");

        identity.Clock.Advance(TimeSpan.FromHours(49));
        var second = (await keys.CurrentAsync("ES256", default)).Kid;
        second.Should().NotBe(first).And.Be(ahead.Single(k => k != first));
        (await PublishedAsync(keys)).Should().Contain(first, "tokens that it signed still live");

        identity.Clock.Advance(TimeSpan.FromDays(15));
        (await PublishedAsync(keys)).Should().Contain(second).And.NotContain(first);
    }

    [Fact]
    public async Task A_token_of_before_the_rotation_counts_after_it()
    {
        await using var identity = await IdentityHost.StartAsync();
        using var oauth = new OAuth(identity);
        var sweeper = identity.Services.GetRequiredService<Sweeper>();
        await sweeper.SweepAsync(default);
        identity.Clock.Advance(TimeSpan.FromDays(28.5));
        await sweeper.SweepAsync(default);
        identity.Clock.Advance(TimeSpan.FromHours(48) - TimeSpan.FromMinutes(5));
        var session = identity.Sessions.Begin(identity.Clock.GetUtcNow());
        var before = await oauth.TokensAsync(TestClients.Web, session);

        identity.Clock.Advance(TimeSpan.FromMinutes(6));
        var after = await oauth.TokensAsync(TestClients.Web, session);

        KidOf(after["access_token"]).Should().NotBe(KidOf(before["access_token"]));
        (await oauth.UserInfoAsync(before["access_token"])).ShouldBe(System.Net.HttpStatusCode.OK);
        (await oauth.UserInfoAsync(after["access_token"])).ShouldBe(System.Net.HttpStatusCode.OK);
    }

    [Fact]
    public async Task Withdrawing_a_key_takes_it_out_at_once_and_its_tokens_with_it()
    {
        await using var identity = await IdentityHost.StartAsync();
        using var oauth = new OAuth(identity);
        var session = identity.Sessions.Begin(identity.Clock.GetUtcNow());
        var tokens = await oauth.TokensAsync(TestClients.Web, session);
        var keys = identity.Services.GetRequiredService<SigningKeys>();
        var withdrawn = KidOf(tokens["access_token"]);

        (await keys.WithdrawAsync(withdrawn, default)).Should().BeTrue();

        (await PublishedAsync(keys)).Should().ContainSingle().Which.Should().NotBe(withdrawn);
        (await oauth.UserInfoAsync(tokens["access_token"])).ShouldBe(System.Net.HttpStatusCode.Unauthorized);
        var next = await oauth.TokensAsync(TestClients.Web, session);
        KidOf(next["access_token"]).Should().NotBe(withdrawn);
        (await oauth.UserInfoAsync(next["access_token"])).ShouldBe(System.Net.HttpStatusCode.OK);
    }

    [Fact]
    public async Task Several_processes_agree_on_the_keys_when_all_ask_for_the_first_at_once()
    {
        await using var one = await IdentityHost.StartAsync();
        await using var two = await one.StartAnotherAsync();
        await using var three = await one.StartAnotherAsync();

        var sets = await Task.WhenAll(new[] { one, two, three }.Select(h => PublishedAsync(h.Services.GetRequiredService<SigningKeys>())));

        sets[0].Should().ContainSingle();
        sets[1].Should().Equal(sets[0]);
        sets[2].Should().Equal(sets[0]);
    }

    [Fact]
    public async Task A_key_withdrawn_in_one_process_is_gone_from_the_others_when_they_look_again()
    {
        await using var one = await IdentityHost.StartAsync();
        await using var two = await one.StartAnotherAsync();
        var (here, there) = (one.Services.GetRequiredService<SigningKeys>(), two.Services.GetRequiredService<SigningKeys>());
        var kid = (await there.CurrentAsync("ES256", default)).Kid;

        await here.WithdrawAsync(kid, default);
        one.Clock.Advance(SigningKeys.MaxAge);

        (await PublishedAsync(there)).Should().NotContain(kid).And.Equal(await PublishedAsync(here));
    }

    [Fact]
    public async Task Private_keys_are_sealed_in_the_database()
    {
        await using var identity = await IdentityHost.StartAsync();
        var keys = identity.Services.GetRequiredService<SigningKeys>();
        var pkcs8 = (await keys.CurrentAsync("ES256", default)).ExportPkcs8();

        await using var database = identity.Database();
        var stored = await database.Db.Set<StoredSigningKey>().ToListAsync();

        stored.Should().HaveCount(2);
        foreach (var key in stored)
        {
            key.SealedKey.AsSpan().IndexOf(pkcs8.AsSpan(30, 20)).Should().Be(-1);
            var readable = () => Proofsheet.Jose.SigningKey.Import(key.SealedKey, key.Algorithm, key.Kid);
            readable.Should().Throw<System.Security.Cryptography.CryptographicException>();
        }
    }

    private static async Task<List<string>> PublishedAsync(SigningKeys keys) =>
        [.. (await keys.PublishedAsync(default)).Where(k => k.Algorithm == "ES256").Select(k => k.Kid!)];

    private static string KidOf(string? token)
    {
        Proofsheet.Jose.StrictBase64Url.TryDecode(token!.Split('.')[0], out var header);
        return System.Text.Json.Nodes.JsonNode.Parse(header)!["kid"]!.ToString();
    }
}
