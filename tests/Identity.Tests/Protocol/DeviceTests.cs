using System.Net;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Identity.Protocol.Clients;
using Proofsheet.Identity.Protocol.Ports;
using Proofsheet.Identity.Tests.Protocol.Support;
using Proofsheet.Identity.Tests.Support;
using Xunit;

namespace Proofsheet.Identity.Tests.Protocol;

[Trait("Database", "Provider")]
public sealed class DeviceTests
{
    [Fact]
    public async Task A_device_gets_its_tokens_once_someone_approved()
    {
        await using var host = await IdentityHost.StartAsync();
        using var oauth = new OAuth(host);
        var begun = await BeginAsync(oauth, ("acr_values", "tenant:anna-studio"));
        begun["user_code"].Should().MatchRegex("^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$");
        begun["verification_uri"].Should().Be($"{host.Issuer}/device");
        begun["interval"].Should().Be("5");
        (await PollAsync(oauth, begun)).ShouldFail("authorization_pending");

        var session = host.Sessions.Begin(host.Clock.GetUtcNow());
        await using (var scope = host.Services.CreateAsyncScope())
        {
            var devices = scope.ServiceProvider.GetRequiredService<IDeviceRequests>();
            var typed = begun["user_code"]!.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal);
            (await devices.FindAsync(typed, default))!.ClientName.Should().Be("Plugin");
            (await devices.ApproveAsync(typed, session, default)).Should().BeTrue();
            (await devices.ApproveAsync(typed, session, default)).Should().BeFalse();
            (await devices.FindAsync(typed, default)).Should().BeNull();
        }

        host.Clock.Advance(TimeSpan.FromSeconds(6));
        var tokens = (await PollAsync(oauth, begun)).ShouldBe(HttpStatusCode.OK);
        var access = await oauth.VerifiedAsync(tokens["access_token"], "at+jwt");
        access["sub"]!.ToString().Should().Be(session.Subject);
        access["tenant"]!.ToString().Should().Be("anna-studio");
        tokens["refresh_token"].Should().NotBeNull();
        host.Clock.Advance(TimeSpan.FromSeconds(6));
        (await PollAsync(oauth, begun)).ShouldFail("invalid_grant");
        (await oauth.TokenAsync(TestClients.Native, OAuth.RefreshForm(tokens["refresh_token"]))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_polls_too_fast_is_slowed_down_by_five_seconds_each_time()
    {
        await using var host = await IdentityHost.StartAsync();
        using var oauth = new OAuth(host);
        var begun = await BeginAsync(oauth);

        (await PollAsync(oauth, begun)).ShouldFail("authorization_pending");
        (await PollAsync(oauth, begun)).ShouldFail("slow_down");
        host.Clock.Advance(TimeSpan.FromSeconds(6));
        (await PollAsync(oauth, begun)).ShouldFail("slow_down");
        host.Clock.Advance(TimeSpan.FromSeconds(16));
        (await PollAsync(oauth, begun)).ShouldFail("authorization_pending");
    }

    [Fact]
    public async Task A_denied_or_expired_request_gives_nothing()
    {
        await using var host = await IdentityHost.StartAsync();
        using var oauth = new OAuth(host);
        var (denied, expired) = (await BeginAsync(oauth), await BeginAsync(oauth));
        await using (var scope = host.Services.CreateAsyncScope())
        {
            (await scope.ServiceProvider.GetRequiredService<IDeviceRequests>().DenyAsync(denied["user_code"]!, default)).Should().BeTrue();
        }

        (await PollAsync(oauth, denied)).ShouldFail("access_denied");
        host.Clock.Advance(TimeSpan.FromMinutes(11));
        (await PollAsync(oauth, expired)).ShouldFail("expired_token");
        await using var later = host.Services.CreateAsyncScope();
        (await later.ServiceProvider.GetRequiredService<IDeviceRequests>().ApproveAsync(expired["user_code"]!, host.Sessions.Begin(host.Clock.GetUtcNow()), default)).Should().BeFalse();
    }

    [Fact]
    public async Task Of_many_polls_at_once_after_the_approval_one_gets_tokens()
    {
        await using var host = await IdentityHost.StartAsync();
        using var oauth = new OAuth(host);
        var begun = await BeginAsync(oauth);
        await using (var scope = host.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<IDeviceRequests>().ApproveAsync(begun["user_code"]!, host.Sessions.Begin(host.Clock.GetUtcNow()), default);
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => PollAsync(oauth, begun)));

        answers.Where(a => a.Status == HttpStatusCode.OK).Should().ContainSingle();
    }

    [Fact]
    public async Task Another_client_and_a_client_without_the_grant_are_refused()
    {
        await using var host = await IdentityHost.StartAsync();
        using var oauth = new OAuth(host);
        var begun = await BeginAsync(oauth);

        (await oauth.TokenAsync(TestClients.Spa, Form(begun))).ShouldFail("unauthorized_client");
        (await oauth.PostAsync("/connect/deviceauthorization", [new("scope", "openid")], TestClients.Spa)).ShouldFail("unauthorized_client");
        (await oauth.PostAsync("/connect/deviceauthorization", [new("scope", "platform:admin")], TestClients.Native)).ShouldFail("invalid_scope");
        (await oauth.PostAsync("/connect/deviceauthorization", [], TestClients.Native)).ShouldFail("invalid_scope");
        (await oauth.PostAsync("/connect/deviceauthorization", [new("scope", "openid"), new("resource", "https://x.example")], TestClients.Native)).ShouldFail("invalid_target");
        (await PollAsync(oauth, begun)).ShouldFail("authorization_pending");
    }

    [Fact]
    public async Task An_approval_ends_with_its_session()
    {
        await using var host = await IdentityHost.StartAsync();
        using var oauth = new OAuth(host);
        var begun = await BeginAsync(oauth);
        var session = host.Sessions.Begin(host.Clock.GetUtcNow());
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IDeviceRequests>().ApproveAsync(begun["user_code"]!, session, default);

        await scope.ServiceProvider.GetRequiredService<ITokenRevocation>().RevokeSessionAsync(session.SessionId, default);

        (await PollAsync(oauth, begun)).ShouldFail("invalid_grant");
    }

    private static async Task<Answer> BeginAsync(OAuth oauth, params (string Name, string? Value)[] more) =>
        (await oauth.PostAsync("/connect/deviceauthorization", [new("scope", "openid offline_access galleries:read"), .. more.Select(m => KeyValuePair.Create(m.Name, m.Value))], TestClients.Native)).ShouldBe(HttpStatusCode.OK);

    private static Task<Answer> PollAsync(OAuth oauth, Answer begun) => oauth.TokenAsync(TestClients.Native, Form(begun));

    private static KeyValuePair<string, string?>[] Form(Answer begun) => [new("grant_type", GrantTypes.DeviceCode), new("device_code", begun["device_code"])];
}
