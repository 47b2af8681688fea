using System.Text.Json.Nodes;
using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Auth.AccessTokens;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Access;

/// <summary>Access tokens and what they allow here: roles are looked up, scopes only narrow them.</summary>
public sealed class TokenTests(ApiHost api)
{
    [Fact]
    public async Task A_members_token_opens_its_studio()
    {
        var studio = await api.StudioAsync();
        var member = await studio.MemberAsync("owner");

        (await member.Api.GetAsync("/v1/studio")).ShouldBe(200)["id"].Should().Be(studio.Id);
    }

    [Fact]
    public async Task A_studio_may_be_named_by_its_id_too()
    {
        var studio = await api.StudioAsync();
        var member = await studio.MemberAsync("viewer");

        (await api.Client(api.Authority.Token(member.Subject, studio.Id, "settings:read")).GetAsync("/v1/studio")).ShouldBe(200)["id"].Should().Be(studio.Id);
    }

    [Fact]
    public async Task A_role_and_a_token_each_hold_only_what_both_hold()
    {
        var studio = await api.StudioAsync();
        var viewer = await studio.MemberAsync("viewer");
        var narrow = await studio.MemberAsync("owner", "galleries:read");

        (await viewer.Api.GetAsync("/v1/galleries")).ShouldBe(200);
        (await viewer.Api.PostAsync("/v1/galleries", new { title = "X", isListed = false })).ShouldBeProblem(403, "missing_scope");
        (await narrow.Api.GetAsync("/v1/galleries")).ShouldBe(200);
        (await narrow.Api.GetAsync("/v1/studio")).ShouldBeProblem(403, "missing_scope").Headers["WWW-Authenticate"].Should().Contain("insufficient_scope");
    }

    [Theory]
    [InlineData("viewer", 403, 403, 403)]
    [InlineData("editor", 201, 403, 403)]
    [InlineData("admin", 201, 201, 403)]
    [InlineData("owner", 201, 201, 201)]
    public async Task Each_role_does_what_the_one_before_does_and_more(string role, int gallery, int key, int ownerInvitation)
    {
        var studio = await api.StudioAsync();
        await studio.MemberAsync("owner");
        var member = await studio.MemberAsync(role);

        (await member.Api.PostAsync("/v1/galleries", new { title = "X", isListed = false })).ShouldBe(gallery);
        (await member.Api.PostAsync("/v1/keys", new { name = "Server", type = "secret" })).ShouldBe(key);
        (await member.Api.PostAsync("/v1/invitations", new { email = $"{Guid.NewGuid():N}@example.com", role = "owner" })).ShouldBe(ownerInvitation);
    }

    [Fact]
    public async Task Someone_elses_studio_and_one_that_does_not_exist_are_answered_alike()
    {
        var anna = await api.StudioAsync("anna");
        var ben = await (await api.StudioAsync("ben")).MemberAsync("owner");

        var other = (await api.Client(api.Authority.Token(ben.Subject, anna.Slug, MemberClient.AllScopes)).GetAsync("/v1/studio")).ShouldBeProblem(404, "unknown_studio");
        var none = (await api.Client(api.Authority.Token(ben.Subject, "no-such-studio", MemberClient.AllScopes)).GetAsync("/v1/studio")).ShouldBeProblem(404, "unknown_studio");

        other["detail"].Should().Be(none["detail"]);
    }

    [Fact]
    public async Task The_same_subject_of_another_issuer_is_someone_else()
    {
        await using var second = await TestAuthority.StartAsync();
        await using var host = await ApiHost.StartAsync(second.Settings(1));
        var studio = await host.StudioAsync();
        var member = await studio.MemberAsync("owner");

        (await host.Client(second.Token(member.Subject, studio.Slug, MemberClient.AllScopes)).GetAsync("/v1/studio")).ShouldBeProblem(404, "unknown_studio");
        (await member.Api.GetAsync("/v1/studio")).ShouldBe(200);
    }

    [Fact]
    public async Task Without_a_studio_only_the_accounts_own_operations_work()
    {
        var studio = await api.StudioAsync();
        var member = await studio.MemberAsync("owner");

        (await member.Account.GetAsync("/v1/galleries")).ShouldBeProblem(403, "studio_needed");
        var list = (await member.Account.GetAsync("/v1/studios")).ShouldBe(200);

        list.Body!["data"]!.AsArray().Single()!["slug"]!.GetValue<string>().Should().Be(studio.Slug);
        list.Body["data"]![0]!["role"]!.GetValue<string>().Should().Be("owner");
    }

    [Fact]
    public async Task Membership_removed_mid_token_ends_it_at_once()
    {
        var studio = await api.StudioAsync();
        var owner = await studio.MemberAsync("owner");
        var editor = await studio.MemberAsync("editor");
        (await editor.Api.GetAsync("/v1/galleries")).ShouldBe(200);
        var members = (await owner.Api.GetAsync("/v1/members")).ShouldBe(200);
        var id = members.Body!["data"]!.AsArray().Single(m => m!["subject"]!.GetValue<string>() == editor.Subject)!["id"]!.GetValue<string>();

        (await owner.Api.DeleteAsync($"/v1/members/{id}")).ShouldBe(204);

        (await editor.Api.GetAsync("/v1/galleries")).ShouldBeProblem(404, "unknown_studio");
    }

    [Fact]
    public async Task A_changed_role_holds_at_once_also_inside_an_idempotent_request()
    {
        var studio = await api.StudioAsync();
        await studio.MemberAsync("owner");
        var editor = await studio.MemberAsync("editor");
        (await editor.Api.GetAsync("/v1/galleries")).ShouldBe(200);
        var members = await studio.Api.GetAsync("/v1/members");
        var id = members.Body!["data"]!.AsArray().Single(m => m!["subject"]!.GetValue<string>() == editor.Subject)!["id"]!.GetValue<string>();

        (await studio.Api.PatchAsync($"/v1/members/{id}", new { role = "viewer" })).ShouldBe(200);

        (await editor.Api.PostAsync("/v1/galleries", new { title = "X", isListed = false })).ShouldBeProblem(403, "missing_scope");
    }

    [Fact]
    public async Task What_a_member_did_is_in_the_audit_by_issuer_subject_and_client()
    {
        var studio = await api.StudioAsync();
        var editor = await studio.MemberAsync("editor");
        var gallery = (await editor.Api.PostAsync("/v1/galleries", new { title = "X", isListed = false })).ShouldBe(201);

        var entry = (await studio.Api.GetAsync($"/v1/audit?entityId={gallery["id"]}")).ShouldBe(200).Body!["data"]!.AsArray().Single()!;

        entry["actorType"]!.GetValue<string>().Should().Be("user");
        entry["actor"]!.GetValue<string>().Should().Be(editor.Subject);
        entry["actorIssuer"]!.GetValue<string>().Should().Be(api.Authority.Issuer);
        entry["actorClient"]!.GetValue<string>().Should().Be("dashboard");
    }

    [Fact]
    public async Task Scopes_may_be_a_text_or_an_array()
    {
        var studio = await api.StudioAsync();
        var member = await studio.MemberAsync("owner");

        var token = api.Authority.Token(member.Subject, studio.Slug, "", c => c["scope"] = new JsonArray("settings:read", "galleries:read"));

        (await api.Client(token).GetAsync("/v1/studio")).ShouldBe(200);
        (await api.Client(token).GetAsync("/v1/products")).ShouldBeProblem(403, "missing_scope");
    }

    [Fact]
    public async Task A_token_that_was_taken_before_is_checked_almost_without_memory()
    {
        var studio = await api.StudioAsync();
        var member = await studio.MemberAsync("owner");
        var token = api.Authority.Token(member.Subject, studio.Slug, "settings:read");
        var tokens = api.Services.GetRequiredService<AccessTokenVerifier>();
        (await tokens.CheckAsync(token, default)).Token.Should().NotBeNull();
        const int times = 1_000;

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < times; i++)
        {
            // It completes synchronously.
            _ = await tokens.CheckAsync(token, default);
        }

        ((GC.GetAllocatedBytesForCurrentThread() - before) / times).Should().BeLessThan(512, "bytes a check; a debug build makes an object of each async method");
    }

    [Fact]
    public async Task A_token_that_was_good_is_refused_when_its_time_is_over()
    {
        await using var host = await ApiHost.StartAsync();
        var member = await (await host.StudioAsync()).MemberAsync("owner");
        (await member.Api.GetAsync("/v1/studio")).ShouldBe(200);

        host.Clock.Advance(TimeSpan.FromMinutes(16));

        (await member.Api.GetAsync("/v1/studio")).ShouldBeProblem(401, "expired_credential").Headers["WWW-Authenticate"].Should().Contain("invalid_token");
    }

    [Fact]
    public async Task An_idempotency_key_is_of_one_account()
    {
        var studio = await api.StudioAsync();
        var (one, two) = (await studio.MemberAsync("editor"), await studio.MemberAsync("editor"));
        var body = new { title = "X", isListed = false };

        var first = (await one.Api.PostAsync("/v1/galleries", body, "the-key")).ShouldBe(201);
        var again = (await one.Api.PostAsync("/v1/galleries", body, "the-key")).ShouldBe(201);
        var others = (await two.Api.PostAsync("/v1/galleries", body, "the-key")).ShouldBe(201);

        again["id"].Should().Be(first["id"]);
        others["id"].Should().NotBe(first["id"]);
    }
}
