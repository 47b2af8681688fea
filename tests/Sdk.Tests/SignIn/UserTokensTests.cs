using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Sdk.Tests.SignIn;

public sealed class UserTokensTests : IDisposable
{
    private readonly StubAuthority _authority = new();
    private readonly string _folder = TestFolder.New("tokens");

    private string TokenFile => Path.Combine(_folder, "inside", "tokens.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Nobody_signed_in_is_no_token_and_no_request()
    {
        (await new UserTokens(_authority.Client()).GetTokenAsync()).Should().BeNull();
        _authority.Asked.Should().BeEmpty();
    }

    [Fact]
    public async Task Refreshing_uses_each_refresh_token_once_however_many_ask()
    {
        var tokens = await SignedInAsync(new MemoryTokenStore());
        for (var round = 2; round < 5; round++)
        {
            _authority.Now += TimeSpan.FromMinutes(15);
            var got = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () => await tokens.GetTokenAsync())));
            got.Distinct().Should().Equal($"access-{round}");
        }

        _authority.TokenRequests.Should().Be(3);
    }

    [Fact]
    public async Task A_refused_refresh_signs_out_and_forgets()
    {
        var store = new MemoryTokenStore();
        var tokens = await SignedInAsync(store);
        _authority.Now += TimeSpan.FromMinutes(15);
        _authority.Token = _ => Task.FromResult<HttpResponseMessage?>(StubAuthority.Refusal("invalid_grant"));

        (await tokens.GetTokenAsync()).Should().BeNull();
        (await store.LoadAsync(default)).Should().BeNull();
        (await tokens.GetTokenAsync()).Should().BeNull();
        _authority.TokenRequests.Should().Be(1);
    }

    [Fact]
    public async Task An_authority_that_is_away_costs_nothing_as_long_as_the_token_lives_and_the_session_never()
    {
        var tokens = await SignedInAsync(new MemoryTokenStore());
        _authority.Token = _ => throw new HttpRequestException("away");
        _authority.Now += TimeSpan.FromSeconds(900 - 30);
        (await tokens.GetTokenAsync()).Should().Be("access-1");
        _authority.Now += TimeSpan.FromSeconds(31);
        (await FluentActions.Awaiting(async () => await tokens.GetTokenAsync()).Should().ThrowAsync<AuthorityException>()).Which.Error.Should().Be("network_error");

        _authority.Token = _ => Task.FromResult<HttpResponseMessage?>(null);
        (await tokens.GetTokenAsync()).Should().Be("access-2");
    }

    [Fact]
    public async Task Who_stops_waiting_does_not_lose_the_refresh_token_for_the_others()
    {
        var tokens = await SignedInAsync(new MemoryTokenStore());
        _authority.Now += TimeSpan.FromMinutes(15);
        var (asked, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        _authority.Token = async _ =>
        {
            asked.TrySetResult();
            await release.Task;
            return null;
        };
        using var impatient = new CancellationTokenSource();
        var waiting = tokens.GetTokenAsync(impatient.Token).AsTask();
        await asked.Task;
        await impatient.CancelAsync();
        await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<OperationCanceledException>();

        release.SetResult();
        (await tokens.GetTokenAsync()).Should().Be("access-2");
        _authority.TokenRequests.Should().Be(1);
    }

    [Fact]
    public async Task Two_processes_with_one_file_refresh_once()
    {
        await SignedInAsync(new FileTokenStore(TokenFile));
        _authority.Now += TimeSpan.FromMinutes(15);
        var processes = Enumerable.Range(0, 8).Select(_ => new UserTokens(_authority.Client(), new FileTokenStore(TokenFile))).ToList();

        var got = await Task.WhenAll(processes.Select(p => Task.Run(async () => await p.GetTokenAsync())));

        got.Distinct().Should().Equal("access-2");
        _authority.TokenRequests.Should().Be(1);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task A_file_of_tokens_is_its_owners_alone_and_gone_after_signing_out()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has rights of another kind.");
        var tokens = await SignedInAsync(new FileTokenStore(TokenFile));
        await tokens.SignedInAsync(_authority.SignedIn());

        File.GetUnixFileMode(TokenFile).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Path.GetDirectoryName(TokenFile)!).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        (await new UserTokens(_authority.Client(), new FileTokenStore(TokenFile)).GetTokenAsync()).Should().Be("access-2");

        await tokens.SignOutAsync();
        File.Exists(TokenFile).Should().BeFalse();
        _authority.Asked[^1].Path.Should().Be("/connect/revocation");
        _authority.Asked[^1].Form.Should().Contain("token", "refresh-2");
    }

    [Fact]
    public async Task A_file_of_another_version_or_of_something_else_is_refused_and_left_as_it_is()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(TokenFile)!);
        foreach (var content in new[] { "{ half of", """{"access_token":"of another version"}""" })
        {
            await File.WriteAllTextAsync(TokenFile, content);

            await new UserTokens(_authority.Client(), new FileTokenStore(TokenFile)).Awaiting(t => t.GetTokenAsync()).Should()
                .ThrowAsync<InvalidDataException>().WithMessage($"{TokenFile} does not hold tokens*Move it away and sign in again.");
            (await File.ReadAllTextAsync(TokenFile)).Should().Be(content);
        }
    }

    private async Task<UserTokens> SignedInAsync(ITokenStore store)
    {
        var tokens = new UserTokens(_authority.Client(), store);
        await tokens.SignedInAsync(_authority.SignedIn());
        return tokens;
    }
}
