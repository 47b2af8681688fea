using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Studios.Members;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Outbox;
using Xunit;

namespace Proofsheet.Api.Tests.Studios;

/// <summary>How members join and leave.</summary>
[Trait("Database", "Provider")]
public sealed partial class MemberTests(ApiHost api)
{
    [Fact]
    public async Task Someone_who_is_invited_joins_with_the_code_of_the_mail()
    {
        var studio = await api.StudioAsync("anna");
        var owner = await studio.MemberAsync("owner");
        var email = NewEmail();
        var invitation = (await owner.Api.PostAsync("/v1/invitations", new { email, role = "editor" })).ShouldBe(201);
        invitation["status"].Should().Be("pending");
        var (account, client) = SignIn(email);

        var joined = (await client.PostAsync("/v1/invitations/accept", new { code = await CodeAsync(email) })).ShouldBe(200);

        joined["slug"].Should().Be(studio.Slug);
        joined["role"].Should().Be("editor");
        var token = api.Client(api.Authority.Token(account, studio.Slug, MemberClient.AllScopes));
        (await token.PostAsync("/v1/galleries", new { title = "X", isListed = false })).ShouldBe(201);
        var member = (await token.GetAsync("/v1/members")).ShouldBe(200).Body!["data"]!.AsArray().Single(m => m!["isYou"]!.GetValue<bool>())!;
        member["email"]!.GetValue<string>().Should().Be(email);
        (await owner.Api.GetAsync("/v1/invitations")).Body!["data"]![0]!["status"]!.GetValue<string>().Should().Be("accepted");
    }

    [Fact]
    public async Task A_code_can_be_used_once_also_by_thirty_at_the_same_moment()
    {
        var studio = await api.StudioAsync();
        var email = NewEmail();
        (await studio.Api.PostAsync("/v1/invitations", new { email, role = "viewer" })).ShouldBe(201);
        var code = await CodeAsync(email);
        // Different accounts that all have the address, so that only the code prevents them all from joining.
        var clients = Enumerable.Range(0, 30).Select(_ => SignIn(email).Client).ToList();

        var answers = await Task.WhenAll(clients.Select(c => c.PostAsync("/v1/invitations/accept", new { code })));

        answers.Count(a => a.Status == 200).Should().Be(1, string.Join(", ", answers.Select(a => a.Status)));
        answers.Select(a => a.Status).Should().OnlyContain(s => s == 200 || s == 404 || s == 409);
        (await studio.Api.GetAsync("/v1/members")).Body!["data"]!.AsArray().Should().HaveCount(1);
        (await SignIn(email).Client.PostAsync("/v1/invitations/accept", new { code })).ShouldBeProblem(404, "not_found");
    }

    [Fact]
    public async Task An_international_domain_is_invited_in_either_spelling_and_accepts_in_the_other()
    {
        var studio = await api.StudioAsync();
        var name = NewEmail().Split('@')[0];
        (await studio.Api.PostAsync("/v1/invitations", new { email = $"{name}@MÜLLER.example", role = "viewer" })).ShouldBe(201)["email"].Should().Be($"{name}@xn--mller-kva.example");
        (await studio.Api.PostAsync("/v1/invitations", new { email = $"{name}@xn--mller-kva.example", role = "viewer" })).ShouldBeProblem(409, "already_invited");
        var code = await CodeAsync($"{name}@xn--mller-kva.example");

        (await SignIn($"{name}@müller.example").Client.PostAsync("/v1/invitations/accept", new { code })).ShouldBe(200);
    }

    [Fact]
    public async Task A_code_is_worth_nothing_to_another_address_or_an_unverified_one()
    {
        var studio = await api.StudioAsync();
        var email = NewEmail();
        (await studio.Api.PostAsync("/v1/invitations", new { email, role = "owner" })).ShouldBe(201);
        var code = await CodeAsync(email);
        var (unverified, client) = SignIn(email);
        api.Authority.Accounts[unverified]["email_verified"] = false;
        var (stringly, other) = SignIn(email);
        api.Authority.Accounts[stringly]["email_verified"] = "true";
        var (impostor, lying) = SignIn(email);
        api.Authority.Accounts[impostor]["sub"] = "somebody-else";

        (await SignIn("thief@example.com").Client.PostAsync("/v1/invitations/accept", new { code })).ShouldBeProblem(403, "email_mismatch");
        (await client.PostAsync("/v1/invitations/accept", new { code })).ShouldBeProblem(403, "email_mismatch");
        (await other.PostAsync("/v1/invitations/accept", new { code })).ShouldBeProblem(403, "email_mismatch");
        (await lying.PostAsync("/v1/invitations/accept", new { code })).ShouldBeProblem(403, "email_not_known");
        (await api.Client(null).PostAsync("/v1/invitations/accept", new { code })).ShouldBeProblem(401, "missing_credential");
        (await studio.Api.PostAsync("/v1/invitations/accept", new { code })).ShouldBeProblem(403, "missing_scope");

        // None of these used up the code.
        (await SignIn(email.ToUpperInvariant()).Client.PostAsync("/v1/invitations/accept", new { code })).ShouldBe(200);
    }

    [Fact]
    public async Task An_ID_token_of_the_same_sign_in_names_the_address_where_the_authority_does_not_answer()
    {
        var studio = await api.StudioAsync();
        var email = NewEmail();
        (await studio.Api.PostAsync("/v1/invitations", new { email, role = "viewer" })).ShouldBe(201);
        var code = await CodeAsync(email);
        var subject = $"sub-{Guid.NewGuid():N}";
        var client = api.Client(api.Authority.Token(subject, null, "studios:write"));
        (await client.PostAsync("/v1/invitations/accept", new { code })).ShouldBeProblem(403, "email_not_known");

        string IdToken(Action<JsonObject>? change = null, string type = "JWT")
        {
            var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            var claims = new JsonObject
            {
                ["iss"] = api.Authority.Issuer, ["sub"] = subject, ["aud"] = "dashboard", ["iat"] = now, ["exp"] = now + 300, ["email"] = email, ["email_verified"] = true, ["nonce"] = "n",
            };
            change?.Invoke(claims);
            return api.Authority.Sign(claims, type);
        }

        string[] bad =
        [
            IdToken(c => c["sub"] = "somebody-else"), IdToken(c => c["aud"] = "another-client"), IdToken(c => c["iss"] = "https://evil.example"),
            IdToken(c => c["exp"] = c["iat"]!.GetValue<long>() - 60), IdToken(type: "at+jwt"), IdToken(type: "logout+jwt"), IdToken()[..^4] + "AAAA", "nonsense",
        ];
        foreach (var idToken in bad)
        {
            (await client.PostAsync("/v1/invitations/accept", new { code, idToken })).ShouldBeProblem(403, "email_not_known");
        }

        foreach (var idToken in new[] { IdToken(c => c["email_verified"] = false), IdToken(c => c["email"] = "thief@example.com") })
        {
            (await client.PostAsync("/v1/invitations/accept", new { code, idToken })).ShouldBeProblem(403, "email_mismatch");
        }

        (await client.PostAsync("/v1/invitations/accept", new { code, idToken = IdToken() })).ShouldBe(200);
    }

    [Fact]
    public async Task A_withdrawn_or_ended_or_replaced_code_opens_nothing()
    {
        await using var host = await ApiHost.StartAsync();
        var studio = await host.StudioAsync();
        var (one, two, three) = (NewEmail(), NewEmail(), NewEmail());
        var withdrawn = (await studio.Api.PostAsync("/v1/invitations", new { email = one, role = "viewer" })).ShouldBe(201);
        var resent = (await studio.Api.PostAsync("/v1/invitations", new { email = two, role = "viewer" })).ShouldBe(201);
        var ended = (await studio.Api.PostAsync("/v1/invitations", new { email = three, role = "viewer" })).ShouldBe(201);
        var (codeOne, codeTwo, codeThree) = (await CodeAsync(one, host), await CodeAsync(two, host), await CodeAsync(three, host));

        (await studio.Api.DeleteAsync($"/v1/invitations/{withdrawn["id"]}")).ShouldBe(204);
        (await studio.Api.PostAsync($"/v1/invitations/{resent["id"]}/resend")).ShouldBeProblem(409, "invitation_just_sent");
        host.Clock.Advance(TimeSpan.FromMinutes(2));
        (await studio.Api.PostAsync($"/v1/invitations/{resent["id"]}/resend")).ShouldBe(200);
        (await studio.Api.PostAsync($"/v1/invitations/{withdrawn["id"]}/resend")).ShouldBeProblem(409, "invitation_closed");

        async Task<ApiAnswer> Accept(string email, string code) =>
            await host.Client(host.Authority.Token(host.Authority.Account(email), null, "studios:write", c => c["exp"] = c["iat"]!.GetValue<long>() + 80_000)).PostAsync("/v1/invitations/accept", new { code });

        (await Accept(one, codeOne)).ShouldBeProblem(404, "not_found");
        (await Accept(two, codeTwo)).ShouldBeProblem(404, "not_found");
        await ApiHost.EventuallyAsync(async () => await CodeAsync(two, host) != codeTwo, "the second mail is there");
        (await Accept(two, await CodeAsync(two, host))).ShouldBe(200);

        await host.InScopeAsync(studio.Id, async services =>
        {
            var invitation = await services.GetRequiredService<ProofsheetDb>().Set<Invitation>().SingleAsync(i => i.Email == three);
            invitation.ExpiresAt = host.Clock.GetUtcNow();
            await services.GetRequiredService<ProofsheetDb>().SaveChangesAsync();
            return true;
        });
        (await Accept(three, codeThree)).ShouldBeProblem(404, "not_found");
        (await studio.Api.GetAsync("/v1/invitations")).Body!["data"]!.AsArray().Single(i => i!["id"]!.GetValue<string>() == ended["id"])!["status"]!.GetValue<string>().Should().Be("expired");

        foreach (var (status, email) in new[] { ("withdrawn", one), ("accepted", two), ("expired", three), ("pending", null) })
        {
            (await studio.Api.GetAsync($"/v1/invitations?status={status}")).ShouldBe(200).Body!["data"]!.AsArray().Select(i => i!["email"]!.GetValue<string>())
                .Should().Equal(email is null ? [] : [email], "they are {0}", status);
        }
    }

    [Fact]
    public async Task The_code_is_nowhere_but_in_the_mail()
    {
        var studio = await api.StudioAsync();
        var email = NewEmail();
        var answer = (await studio.Api.PostAsync("/v1/invitations", new { email, role = "viewer" })).ShouldBe(201);
        var code = await CodeAsync(email);

        code.Should().MatchRegex("^ps_invite_[0-9a-z]{38}$", "32 of its characters carry five random bits each");
        answer.Text.Should().NotContain(code);
        (await studio.Api.GetAsync("/v1/invitations")).Text.Should().NotContain(code);
        (await studio.Api.GetAsync("/v1/audit?entity=invitation")).Text.Should().NotContain(code).And.NotContain(email);
        (await TenantSnapshot.TakeAsync(api, studio.Id)).Should().NotContain(code);
        await using var scope = api.Services.CreateAsyncScope();
        var messages = await scope.ServiceProvider.GetRequiredService<ProofsheetDb>().Set<OutboxMessage>().Where(m => m.Event == "studios.member_invited").Select(m => m.Payload).ToListAsync();
        messages.Should().NotBeEmpty().And.NotContain(m => m.Contains(code));
    }

    [Fact]
    public async Task One_address_has_one_open_invitation_and_a_member_needs_none()
    {
        var studio = await api.StudioAsync();
        var member = await studio.MemberAsync("viewer");
        var email = NewEmail();
        (await studio.Api.PostAsync("/v1/invitations", new { email, role = "viewer" })).ShouldBe(201);

        (await studio.Api.PostAsync("/v1/invitations", new { email = email.ToUpperInvariant(), role = "viewer" })).ShouldBeProblem(409, "already_invited");
        (await studio.Api.PostAsync("/v1/invitations", new { email = member.Email, role = "viewer" })).ShouldBeProblem(409, "already_member");
        (await studio.Api.PostAsync("/v1/invitations", new { email = "not an address", role = "viewer" })).ShouldBeProblem(400, "validation_failed");
        (await studio.Api.PostAsync("/v1/invitations", new { email = NewEmail(), role = "emperor" })).ShouldBeProblem(400, "malformed_json");
    }

    [Fact]
    public async Task Only_owners_touch_owners()
    {
        var studio = await api.StudioAsync();
        var owner = await studio.MemberAsync("owner");
        var admin = await studio.MemberAsync("admin");
        var (ownerId, adminId) = (await IdAsync(studio, owner), await IdAsync(studio, admin));

        (await admin.Api.PatchAsync($"/v1/members/{ownerId}", new { role = "viewer" })).ShouldBeProblem(403, "owner_only");
        (await admin.Api.PatchAsync($"/v1/members/{adminId}", new { role = "owner" })).ShouldBeProblem(403, "owner_only");
        (await admin.Api.DeleteAsync($"/v1/members/{ownerId}")).ShouldBeProblem(403, "owner_only");
        (await studio.Api.DeleteAsync($"/v1/members/{ownerId}")).ShouldBeProblem(403, "owner_only");
        (await studio.Api.PostAsync("/v1/invitations", new { email = NewEmail(), role = "owner" })).ShouldBeProblem(403, "owner_only");
        (await owner.Api.PatchAsync($"/v1/members/{adminId}", new { role = "owner" })).ShouldBe(200);
        (await admin.Api.DeleteAsync($"/v1/members/{ownerId}")).ShouldBe(204);
    }

    [Fact]
    public async Task A_studio_that_the_platform_made_gets_its_first_owner_from_its_key()
    {
        var studio = await api.StudioAsync();

        (await studio.Api.PostAsync("/v1/invitations", new { email = NewEmail(), role = "owner" })).ShouldBe(201);
    }

    [Fact]
    public async Task A_member_leaves_and_only_a_members_own_studio_can_be_left()
    {
        var studio = await api.StudioAsync();
        await studio.MemberAsync("owner");
        var viewer = await studio.MemberAsync("viewer");
        var other = await api.StudioAsync("ben");

        (await viewer.Account.DeleteAsync($"/v1/studios/{other.Id}/membership")).ShouldBeProblem(404, "not_found");
        (await viewer.Account.DeleteAsync($"/v1/studios/{studio.Id}/membership")).ShouldBe(204);
        (await viewer.Account.DeleteAsync($"/v1/studios/{studio.Id}/membership")).ShouldBeProblem(404, "not_found");
        (await viewer.Account.GetAsync("/v1/studios")).Body!["data"]!.AsArray().Should().BeEmpty();
        (await viewer.Api.GetAsync("/v1/galleries")).ShouldBeProblem(404, "unknown_studio");
    }

    [Fact]
    public async Task Two_changes_of_one_role_at_once_are_told_apart()
    {
        var studio = await api.StudioAsync();
        await studio.MemberAsync("owner");
        var id = await IdAsync(studio, await studio.MemberAsync("viewer"));
        var first = (await studio.Api.PatchAsync($"/v1/members/{id}", new { role = "editor" })).ShouldBe(200);

        (await studio.Api.PatchAsync($"/v1/members/{id}", new { role = "admin" }, first.ETag)).ShouldBe(200);
        (await studio.Api.PatchAsync($"/v1/members/{id}", new { role = "viewer" }, first.ETag)).ShouldBeProblem(412, "version_mismatch");
    }

    private static string NewEmail() => $"{Guid.NewGuid().ToString("N")[..12]}@example.com";

    private (string Subject, ApiClient Client) SignIn(string email)
    {
        var subject = api.Authority.Account(email);
        return (subject, api.Client(api.Authority.Token(subject, null, "openid email studios:write")));
    }

    internal static async Task<string> IdAsync(StudioClient studio, MemberClient member) =>
        (await studio.Api.GetAsync("/v1/members")).ShouldBe(200).Body!["data"]!.AsArray().Single(m => m!["subject"]!.GetValue<string>() == member.Subject)!["id"]!.GetValue<string>();

    /// <summary>The code of the newest mail to this address.</summary>
    private async Task<string> CodeAsync(string email, ApiHost? host = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine((host ?? api).Folder, "mail")).FullName;
        string? code = null;
        await ApiHost.EventuallyAsync(
            async () =>
            {
                foreach (var file in Directory.GetFiles(folder, "*.eml").OrderByDescending(File.GetLastWriteTimeUtc))
                {
                    var text = (await File.ReadAllTextAsync(file)).Replace("=\r\n", "", StringComparison.Ordinal);
                    if (text.Contains(email, StringComparison.OrdinalIgnoreCase))
                    {
                        code = Code().Match(text).Value;
                        return code.Length > 0;
                    }
                }

                return false;
            },
            $"the mail to {email}");
        return code!;
    }

    [GeneratedRegex("ps_invite_[0-9a-z]{38}")]
    private static partial Regex Code();
}
