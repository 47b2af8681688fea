using System.Text.Json.Nodes;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Auth.Staff;
using Proofsheet.Api.Data;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Access;

/// <summary>Platform staff: listed by name, with the scope, and with a second factor within the last 15 minutes.</summary>
public sealed class PlatformStaffTests(ApiHost api)
{
    [Theory]
    [InlineData("mfa")]
    [InlineData("otp")]
    [InlineData("hwk")]
    public async Task Staff_with_a_fresh_second_factor_runs_the_platform(string method)
    {
        var subject = await StaffAsync(api);

        (await CallAsync(subject, c => c["amr"] = new JsonArray("pwd", method))).ShouldBe(200);
    }

    [Fact]
    public async Task Without_a_fresh_second_factor_staff_is_told_how_to_step_up()
    {
        var subject = await StaffAsync(api);
        var old = DateTimeOffset.UtcNow.AddMinutes(-16).ToUnixTimeSeconds();
        Action<JsonObject>[] signIns =
        [
            c => c["amr"] = new JsonArray("pwd"),
            c => c["amr"] = new JsonArray(),
            c => c.Remove("amr"),
            c => (c["amr"], c["auth_time"]) = (new JsonArray("mfa"), old),
            c => (c["amr"], c["auth_time"]) = (new JsonArray("mfa"), DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()),
            c =>
            {
                c["amr"] = new JsonArray("mfa");
                c.Remove("auth_time");
            },
        ];
        foreach (var signIn in signIns)
        {
            var answer = (await CallAsync(subject, signIn)).ShouldBeProblem(403, "second_factor_needed");
            answer.Headers["WWW-Authenticate"].Should().Contain("insufficient_user_authentication").And.Contain("max_age=\"900\"");
        }
    }

    [Fact]
    public async Task Freshness_ends_while_the_token_lives()
    {
        await using var host = await ApiHost.StartAsync();
        var subject = await StaffAsync(host);
        var client = host.Client(host.Authority.Token(subject, null, "platform:admin", c => (c["amr"], c["exp"]) = (new JsonArray("mfa"), c["iat"]!.GetValue<long>() + 3_600)));
        (await client.GetAsync("/v1/platform/dead-letters")).ShouldBe(200);

        host.Clock.Advance(TimeSpan.FromMinutes(16));

        (await client.GetAsync("/v1/platform/dead-letters")).ShouldBeProblem(403, "second_factor_needed");
    }

    [Fact]
    public async Task The_scope_alone_makes_nobody_staff_and_staff_needs_the_scope()
    {
        var stranger = api.Authority.Account("somebody@example.com");
        (await CallAsync(stranger, c => c["amr"] = new JsonArray("mfa"))).ShouldBeProblem(403, "missing_scope");
        var subject = await StaffAsync(api);

        var answer = await api.Client(api.Authority.Token(subject, null, "studios:read", c => c["amr"] = new JsonArray("mfa"))).GetAsync("/v1/platform/dead-letters");

        answer.Status.Should().Be(403);
    }

    [Fact]
    public async Task Staff_is_no_member_of_any_studio()
    {
        var studio = await api.StudioAsync();
        var subject = await StaffAsync(api);

        var answer = await api.Client(api.Authority.Token(subject, studio.Slug, MemberClient.AllScopes, c => c["amr"] = new JsonArray("mfa"))).GetAsync("/v1/galleries");

        answer.ShouldBeProblem(404, "unknown_studio");
    }

    private Task<ApiAnswer> CallAsync(string subject, Action<JsonObject> change) =>
        api.Client(api.Authority.Token(subject, null, "platform:admin studios:read", change)).GetAsync("/v1/platform/dead-letters");

    private static async Task<string> StaffAsync(ApiHost host)
    {
        var subject = host.Authority.Account("staff@example.com");
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ProofsheetDb>();
        await StaffDirectory.AddAsync(db, host.Authority.Issuer, subject, "Staff", host.Clock.GetUtcNow());
        return subject;
    }
}
