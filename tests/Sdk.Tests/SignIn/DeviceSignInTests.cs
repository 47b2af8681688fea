using FluentAssertions;
using Xunit;

namespace Proofsheet.Sdk.Tests.SignIn;

public sealed class DeviceSignInTests
{
    private readonly StubAuthority _authority = new();
    private readonly List<DevicePrompt> _shown = [];

    [Fact]
    public async Task Shows_the_code_waits_as_told_and_is_signed_in()
    {
        var device = Device("authorization_pending", "slow_down", "authorization_pending");

        await device.SignInAsync(Show);

        _shown.Should().ContainSingle().Which.Should().BeEquivalentTo(new
        {
            UserCode = "WDJB-MJHT",
            VerificationAddress = new Uri("https://id.example/device"),
            CompleteAddress = new Uri("https://id.example/device?user_code=WDJB-MJHT"),
        });
        _authority.Waits.Select(w => w.TotalSeconds).Should().Equal(5, 5, 10, 10);
        _authority.Asked.First(a => a.Path == "/connect/deviceauthorization").Form.Should().Contain("client_id", "client:1").And.Contain("scope", "galleries:read").And.Contain("acr_values", "tenant:anna");
        _authority.Asked[^1].Form.Should().Contain("device_code", "device-1").And.Contain("grant_type", "urn:ietf:params:oauth:grant-type:device_code");
        (await device.GetTokenAsync()).Should().Be("access-1");
    }

    [Theory]
    [InlineData("access_denied")]
    [InlineData("expired_token")]
    public async Task Stops_when_the_authority_says_so(string error)
    {
        var device = Device("authorization_pending", error);

        (await device.Invoking(d => d.SignInAsync(Show)).Should().ThrowAsync<AuthorityException>()).Which.Error.Should().Be(error);
        (await device.GetTokenAsync()).Should().BeNull();
        _authority.TokenRequests.Should().Be(2);
    }

    [Fact]
    public async Task Stops_when_the_code_has_ended()
    {
        var device = Device([.. Enumerable.Repeat("authorization_pending", 100)]);

        (await device.Invoking(d => d.SignInAsync(Show)).Should().ThrowAsync<AuthorityException>()).Which.Error.Should().Be("expired_token");
        _authority.TokenRequests.Should().Be(12);
    }

    [Fact]
    public async Task Goes_on_over_a_broken_connection_more_slowly()
    {
        var device = Device();
        var tried = 0;
        _authority.Token = _ => tried++ == 0 ? throw new HttpRequestException("broken") : Task.FromResult<HttpResponseMessage?>(null);

        await device.SignInAsync(Show);

        _authority.Waits.Select(w => w.TotalSeconds).Should().Equal(5, 10);
    }

    private DeviceSignIn Device(params string[] errors)
    {
        var answers = new Queue<string>(errors);
        _authority.Token = _ => Task.FromResult(answers.TryDequeue(out var error) ? StubAuthority.Refusal(error) : null);
        return new DeviceSignIn(_authority.Client(o => o with { Tenant = "anna" }));
    }

    private Task Show(DevicePrompt prompt, CancellationToken cancellation)
    {
        _shown.Add(prompt);
        return Task.CompletedTask;
    }
}
