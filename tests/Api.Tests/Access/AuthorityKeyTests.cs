using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Jose;
using Xunit;

namespace Proofsheet.Api.Tests.Access;

/// <summary>The authority's keys as they are added, withdrawn and unreachable. Each test has its own host and authority.</summary>
public sealed class AuthorityKeyTests
{
    [Fact]
    public async Task A_new_key_is_fetched_when_a_token_names_it()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Authorities:0:KeyRetrySeconds"] = "1" });
        var (studio, subject) = await MemberAsync(host);
        host.Authority.Rotate("second");

        await ApiHost.EventuallyAsync(async () => (await CallAsync(host, subject, studio)).Status == 200, "the new key is known");
    }

    [Fact]
    public async Task Tokens_with_unknown_keys_do_not_make_the_api_ask_again_and_again()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Authorities:0:KeyRetrySeconds"] = "3600" });
        var (studio, subject) = await MemberAsync(host);
        var before = host.Authority.KeyRequests;
        for (var i = 0; i < 50; i++)
        {
            using var unknown = SigningKey.Create("ES256", $"unknown-{i}");
            (await host.Client(host.Authority.Sign(host.Authority.Claims(subject, studio.Slug, "settings:read"), key: unknown)).GetAsync("/v1/studio")).ShouldBeProblem(401, "invalid_credential");
        }

        host.Authority.KeyRequests.Should().Be(before);
        (await CallAsync(host, subject, studio)).ShouldBe(200);
    }

    [Fact]
    public async Task A_withdrawn_key_is_refused_also_for_a_token_that_was_taken_before()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Authorities:0:KeyRefreshSeconds"] = "60" });
        var (studio, subject) = await MemberAsync(host);
        var old = host.Client(host.Authority.Token(subject, studio.Slug, "settings:read"));
        (await old.GetAsync("/v1/studio")).ShouldBe(200);

        host.Authority.Rotate("second");
        host.Authority.Withdraw("first");
        host.Clock.Advance(TimeSpan.FromSeconds(121));

        (await old.GetAsync("/v1/studio")).ShouldBeProblem(401, "invalid_credential");
        (await CallAsync(host, subject, studio)).ShouldBe(200);
    }

    [Fact]
    public async Task While_the_authority_is_away_its_last_keys_are_used_for_a_time()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Authorities:0:KeysLastHours"] = "2" });
        var (studio, subject) = await MemberAsync(host);
        host.Authority.IsAway = true;

        host.Clock.Advance(TimeSpan.FromHours(1));
        (await CallAsync(host, subject, studio, host.Clock)).ShouldBe(200);

        host.Clock.Advance(TimeSpan.FromMinutes(61));
        var answer = (await CallAsync(host, subject, studio, host.Clock)).ShouldBeProblem(503, "authority_unavailable");
        answer.Headers.Should().ContainKey("Retry-After");

        host.Authority.IsAway = false;
        host.Clock.Advance(TimeSpan.FromSeconds(11));
        (await CallAsync(host, subject, studio, host.Clock)).ShouldBe(200);
    }

    [Fact]
    public async Task JWKS_unreachable_at_start_lets_the_api_start_and_keys_work()
    {
        await using var authority = await TestAuthority.StartAsync();
        authority.IsAway = true;
        await using var host = await ApiHost.StartAsync(new(authority.Settings()) { ["Authorities:0:KeyRetrySeconds"] = "1" });
        var studio = await host.StudioAsync();
        var subject = await JoinAsync(host, studio, authority);
        var client = host.Client(authority.Token(subject, studio.Slug, "settings:read"));

        (await client.GetAsync("/v1/studio")).ShouldBeProblem(503, "authority_unavailable");
        (await studio.Api.GetAsync("/v1/studio")).ShouldBe(200);
        (await host.Client(null).GetAsync("/health/ready")).ShouldBe(200);

        authority.IsAway = false;
        await ApiHost.EventuallyAsync(async () => (await client.GetAsync("/v1/studio")).Status == 200, "the keys are there");
    }

    [Fact]
    public async Task Metadata_of_another_issuer_is_not_believed()
    {
        await using var evil = await TestAuthority.StartAsync();
        await using var host = await ApiHost.StartAsync(new() { ["Authorities:0:MetadataUrl"] = $"{evil.Issuer}/.well-known/openid-configuration" });
        var studio = await host.StudioAsync();
        var member = await studio.MemberAsync("owner");
        var claims = evil.Claims(member.Subject, studio.Slug, "settings:read", c => c["iss"] = host.Authority.Issuer);

        (await host.Client(evil.Sign(claims)).GetAsync("/v1/studio")).ShouldBeProblem(503, "authority_unavailable");
    }

    [Fact]
    public async Task Of_two_authorities_with_keys_of_one_name_each_signs_for_itself_alone()
    {
        await using var second = await TestAuthority.StartAsync();
        await using var host = await ApiHost.StartAsync(second.Settings(1));
        var studio = await host.StudioAsync();
        var member = await studio.MemberAsync("owner");
        second.Key.Kid.Should().Be(host.Authority.Key.Kid);
        var others = await JoinAsync(host, studio, second);

        (await member.Api.GetAsync("/v1/studio")).ShouldBe(200);
        (await host.Client(second.Token(others, studio.Slug, "settings:read")).GetAsync("/v1/studio")).ShouldBe(200);
        (await host.Client(second.Sign(second.Claims(member.Subject, studio.Slug, "settings:read", c => c["iss"] = host.Authority.Issuer))).GetAsync("/v1/studio")).ShouldBeProblem(401, "invalid_credential");
    }

    [Fact]
    public async Task Claims_are_read_by_the_names_that_an_authority_gives_them()
    {
        await using var host = await ApiHost.StartAsync(new()
        {
            ["Authorities:0:Audience"] = "api://proofsheet",
            ["Authorities:0:TokenType"] = "",
            ["Authorities:0:ClientIdClaim"] = "azp",
            ["Authorities:0:ScopeClaim"] = "scp",
            ["Authorities:0:ScopePrefix"] = "api://proofsheet/",
            ["Authorities:0:TenantClaim"] = "extension_studio",
            ["Authorities:0:Algorithms:0"] = "ES256",
        });
        var (studio, subject) = await MemberAsync(host);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new System.Text.Json.Nodes.JsonObject
        {
            ["iss"] = host.Authority.Issuer, ["aud"] = "api://proofsheet", ["sub"] = subject, ["azp"] = "app", ["scp"] = "api://proofsheet/settings:read",
            ["extension_studio"] = studio.Slug, ["iat"] = now, ["nbf"] = now, ["exp"] = now + 600,
        };

        (await host.Client(host.Authority.Sign(claims, "JWT")).GetAsync("/v1/studio")).ShouldBe(200);
    }

    [Fact]
    public async Task An_algorithm_that_is_not_listed_is_refused_though_the_key_is_good()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Authorities:0:Algorithms:0"] = "RS256" });
        var (studio, subject) = await MemberAsync(host);

        (await CallAsync(host, subject, studio)).ShouldBeProblem(401, "invalid_credential");
    }

    [Theory]
    [InlineData("Authorities:0:Issuer", "http://identity.example")]
    [InlineData("Authorities:0:Issuer", "identity")]
    [InlineData("Authorities:0:Algorithms:0", "HS256")]
    [InlineData("Authorities:0:Algorithms:0", "none")]
    [InlineData("Authorities:0:Audience", "")]
    [InlineData("Authorities:0:Registration:ClientSecret", "")]
    public async Task Settings_that_would_be_a_hole_stop_the_start(string name, string value)
    {
        var start = async () => await ApiHost.StartAsync(new() { [name] = value });

        await start.Should().ThrowAsync<Exception>().WithMessage("*Authorities:0*");
    }

    private static async Task<(StudioClient Studio, string Subject)> MemberAsync(ApiHost host)
    {
        var studio = await host.StudioAsync();
        var member = await studio.MemberAsync("owner");
        return (studio, member.Subject);
    }

    /// <summary>Makes an account of any authority a member, bypassing the API.</summary>
    private static async Task<string> JoinAsync(ApiHost host, StudioClient studio, TestAuthority authority)
    {
        var subject = authority.Account($"{Guid.NewGuid():N}@example.com");
        await studio.JoinAsync(authority.Issuer, subject, "owner");
        return subject;
    }

    private static Task<ApiAnswer> CallAsync(ApiHost host, string subject, StudioClient studio, TimeProvider? clock = null)
    {
        var now = (clock ?? TimeProvider.System).GetUtcNow().ToUnixTimeSeconds();
        return host.Client(host.Authority.Token(subject, studio.Slug, "settings:read", c => (c["iat"], c["exp"]) = (now, now + 900))).GetAsync("/v1/studio");
    }
}
