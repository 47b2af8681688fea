using System.Text.Json.Nodes;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.OAuthClients;
using Proofsheet.Api.Tests.Support;
using Xunit;
using static Proofsheet.Api.Tests.Clients.ClientRequests;

namespace Proofsheet.Api.Tests.Clients;

/// <summary>A studio's OAuth clients: registered at the authority by RFC 7591 and 7592, and identical here and there.</summary>
[Trait("Database", "Provider")]
public sealed class OAuthClientTests(ApiHost api)
{
    [Fact]
    public async Task A_browser_client_is_registered_with_what_it_needs_and_without_a_secret()
    {
        var studio = await api.StudioAsync();
        var owner = await studio.MemberAsync("owner");

        var made = (await owner.Api.PostAsync("/v1/oauth-clients", Browser())).ShouldBe(201);

        made.Body!["secret"].Should().BeNull();
        made["authMethod"].Should().Be("none");
        var registered = api.Authority.Registered[made["clientId"]];
        Text(registered, "token_endpoint_auth_method").Should().Be("none");
        Text(registered, "tenant").Should().Be(studio.Slug);
        Texts(registered, "redirect_uris").Should().Equal("https://shop.example/callback");
        Texts(registered, "proofsheet_allowed_origins").Should().Equal("https://shop.example");
        Texts(registered, "grant_types").Should().Equal("authorization_code", "refresh_token");
        Text(registered, "scope").Should().Be("openid galleries:read");
    }

    [Fact]
    public async Task A_secret_is_shown_once_and_kept_nowhere()
    {
        var studio = await api.StudioAsync();
        var made = (await studio.Api.PostAsync("/v1/oauth-clients", Web())).ShouldBe(201);
        var secret = made["secret"];
        var registration = api.Authority.RegistrationTokens[made["clientId"]];

        (await studio.Api.GetAsync($"/v1/oauth-clients/{made["id"]}")).ShouldBe(200).Text.Should().NotContain(secret);
        (await studio.Api.GetAsync("/v1/oauth-clients")).ShouldBe(200).Text.Should().NotContain(secret).And.Contain(made["clientId"]);
        (await studio.Api.GetAsync("/v1/audit")).Text.Should().NotContain(secret).And.NotContain(registration);
        (await TenantSnapshot.TakeAsync(api, studio.Id)).Should().NotContain(secret).And.NotContain(registration, "it is sealed");
    }

    [Fact]
    public async Task A_secret_is_rotated()
    {
        var studio = await api.StudioAsync();
        var made = (await studio.Api.PostAsync("/v1/oauth-clients", Web())).ShouldBe(201);

        var rotated = (await studio.Api.PostAsync($"/v1/oauth-clients/{made["id"]}/rotate-secret")).ShouldBe(200);

        rotated["secret"].Should().NotBe(made["secret"]);
        rotated.Body!["secretRotatedAt"].Should().NotBeNull();
        api.Authority.Registered[made["clientId"]].Should().NotContainKey("proofsheet_rotate_secret");
        var browser = (await studio.Api.PostAsync("/v1/oauth-clients", Browser())).ShouldBe(201);
        (await studio.Api.PostAsync($"/v1/oauth-clients/{browser["id"]}/rotate-secret")).ShouldBeProblem(409, "no_secret");
    }

    [Fact]
    public async Task A_change_is_the_same_here_and_there()
    {
        var studio = await api.StudioAsync();
        var made = (await studio.Api.PostAsync("/v1/oauth-clients", Browser())).ShouldBe(201);
        var path = $"/v1/oauth-clients/{made["id"]}";
        var read = (await studio.Api.GetAsync(path)).ShouldBe(200);

        var changed = (await studio.Api.PatchAsync(path, new { name = "Shop 2", origins = new[] { "https://two.example", "https://shop.example" } }, read.ETag)).ShouldBe(200);

        changed.ETag.Should().NotBe(read.ETag);
        changed["name"].Should().Be("Shop 2");
        var registered = api.Authority.Registered[made["clientId"]];
        Text(registered, "client_name").Should().Be("Shop 2");
        Texts(registered, "proofsheet_allowed_origins").Should().BeEquivalentTo("https://shop.example", "https://two.example");
        Texts(registered, "redirect_uris").Should().Equal("https://shop.example/callback");
        (await studio.Api.PatchAsync(path, new { name = "Shop 3" }, read.ETag)).ShouldBeProblem(412, "version_mismatch");
        Text(api.Authority.Registered[made["clientId"]], "client_name").Should().Be("Shop 2");
    }

    [Fact]
    public async Task A_removed_client_is_gone_in_both_places_and_its_tokens_open_nothing()
    {
        var studio = await api.StudioAsync();
        var made = (await studio.Api.PostAsync("/v1/oauth-clients", Service("galleries:read"))).ShouldBe(201);
        var service = api.Client(ServiceToken(made["clientId"], studio.Slug, "galleries:read"));
        (await service.GetAsync("/v1/galleries")).ShouldBe(200);

        (await studio.Api.DeleteAsync($"/v1/oauth-clients/{made["id"]}")).ShouldBe(204);

        api.Authority.Registered.Should().NotContainKey(made["clientId"]);
        (await studio.Api.GetAsync($"/v1/oauth-clients/{made["id"]}")).ShouldBeProblem(404, "not_found");
        (await service.GetAsync("/v1/galleries")).ShouldBeProblem(404, "unknown_studio");
    }

    [Fact]
    public async Task A_service_works_in_its_studio_alone_with_what_it_was_given()
    {
        var studio = await api.StudioAsync();
        var other = await api.StudioAsync("ben");
        var made = (await studio.Api.PostAsync("/v1/oauth-clients", Service("galleries:read", "settings:read"))).ShouldBe(201);
        var id = made["clientId"];

        // The token asks for more, and for another studio: neither has an effect.
        var service = api.Client(ServiceToken(id, other.Slug, "galleries:read galleries:write settings:read platform:admin studios:write"));

        (await service.GetAsync("/v1/studio")).ShouldBe(200)["id"].Should().Be(studio.Id);
        (await service.PostAsync("/v1/galleries", new { title = "X", isListed = false })).ShouldBeProblem(403, "missing_scope");
        (await service.GetAsync("/v1/platform/dead-letters")).ShouldBeProblem(403, "missing_scope");
        (await service.GetAsync("/v1/studios")).ShouldBeProblem(403, "missing_scope");
        (await api.Client(ServiceToken("not-registered", studio.Slug, "galleries:read")).GetAsync("/v1/galleries")).ShouldBeProblem(404, "unknown_studio");
    }

    [Fact]
    public async Task What_a_service_did_is_in_the_audit()
    {
        var studio = await api.StudioAsync();
        var made = (await studio.Api.PostAsync("/v1/oauth-clients", Service("galleries:write"))).ShouldBe(201);
        var gallery = (await api.Client(ServiceToken(made["clientId"], null, "galleries:write")).PostAsync("/v1/galleries", new { title = "X", isListed = false })).ShouldBe(201);

        var entry = (await studio.Api.GetAsync($"/v1/audit?entityId={gallery["id"]}")).Body!["data"]!.AsArray().Single()!;

        entry["actorType"]!.GetValue<string>().Should().Be("service");
        entry["actor"]!.GetValue<string>().Should().Be(made["clientId"]);
    }

    [Fact]
    public async Task A_clients_token_for_a_person_works_in_the_clients_studio_alone()
    {
        var (anna, ben) = (await api.StudioAsync("anna"), await api.StudioAsync("ben"));
        var member = await anna.MemberAsync("owner");
        await ben.JoinAsync(api.Authority.Issuer, member.Subject, "owner");
        var made = (await anna.Api.PostAsync("/v1/oauth-clients", Browser())).ShouldBe(201);

        string Token(StudioClient studio) => api.Authority.Token(member.Subject, studio.Slug, "settings:read", c => c["client_id"] = made["clientId"]);

        (await api.Client(Token(anna)).GetAsync("/v1/studio")).ShouldBe(200);
        (await api.Client(Token(ben)).GetAsync("/v1/studio")).ShouldBeProblem(404, "unknown_studio");
    }

    [Fact]
    public async Task A_clients_token_for_a_person_has_no_business_with_the_persons_other_studios()
    {
        var (anna, ben) = (await api.StudioAsync("anna"), await api.StudioAsync("ben"));
        var member = await anna.MemberAsync("viewer");
        await ben.JoinAsync(api.Authority.Issuer, member.Subject, "owner");
        await ben.MemberAsync("owner");
        var made = (await anna.Api.PostAsync("/v1/oauth-clients", Browser())).ShouldBe(201);
        var client = api.Client(api.Authority.Token(member.Subject, anna.Slug, MemberClient.AllScopes, c => c["client_id"] = made["clientId"]));

        (await client.GetAsync("/v1/galleries")).ShouldBe(200);
        (await client.GetAsync("/v1/studios")).ShouldBeProblem(403, "missing_scope");
        (await client.DeleteAsync($"/v1/studios/{ben.Id}/membership")).ShouldBeProblem(403, "missing_scope");
        (await client.PostAsync("/v1/studios", new { name = "X", slug = $"x-{Guid.NewGuid():N}", currency = "EUR" })).ShouldBeProblem(403, "missing_scope");
        (await anna.Api.PostAsync("/v1/oauth-clients", Browser() with { Scopes = ["studios:write"] })).ShouldBeProblem(422, "unknown_scope");
    }

    [Fact]
    public async Task Where_the_authority_is_away_nothing_is_made_changed_or_removed()
    {
        await using var host = await ApiHost.StartAsync();
        var studio = await host.StudioAsync();
        var made = (await studio.Api.PostAsync("/v1/oauth-clients", Web())).ShouldBe(201);
        var path = $"/v1/oauth-clients/{made["id"]}";
        var before = await TenantSnapshot.TakeAsync(host, studio.Id);
        host.Authority.IsAway = true;

        (await studio.Api.PostAsync("/v1/oauth-clients", Web())).ShouldBeProblem(503, "authority_unavailable");
        (await studio.Api.PatchAsync(path, new { name = "Other" })).ShouldBeProblem(503, "authority_unavailable");
        (await studio.Api.PostAsync($"{path}/rotate-secret")).ShouldBeProblem(503, "authority_unavailable");
        (await studio.Api.DeleteAsync(path)).ShouldBeProblem(503, "authority_unavailable");

        (await TenantSnapshot.TakeAsync(host, studio.Id)).Should().Be(before);
        host.Authority.IsAway = false;
        (await studio.Api.PatchAsync(path, new { name = "Other" })).ShouldBe(200);
        (await studio.Api.DeleteAsync(path)).ShouldBe(204);
    }

    [Fact]
    public async Task What_was_registered_but_could_not_be_saved_is_taken_back()
    {
        await using var host = await ApiHost.StartAsync(services: services => services.AddScoped<Microsoft.EntityFrameworkCore.Diagnostics.IInterceptor, FailingSave>());
        var studio = await host.StudioAsync();

        var answer = await studio.Api.PostAsync("/v1/oauth-clients", Web() with { Name = FailingSave.Name });

        answer.ShouldBeProblem(500, "internal_error");
        host.Authority.Registered.Should().BeEmpty();
        (await studio.Api.GetAsync("/v1/oauth-clients")).Body!["data"]!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task A_change_that_could_not_be_saved_is_taken_back_at_the_authority()
    {
        await using var host = await ApiHost.StartAsync(services: services => services.AddScoped<Microsoft.EntityFrameworkCore.Diagnostics.IInterceptor, FailingSave>());
        var studio = await host.StudioAsync();
        var made = (await studio.Api.PostAsync("/v1/oauth-clients", Browser())).ShouldBe(201);
        var path = $"/v1/oauth-clients/{made["id"]}";
        // The authority issues a new registration token with every change, as RFC 7592 allows.
        host.Authority.OnRegistration = answer =>
        {
            var id = answer["client_id"]!.GetValue<string>();
            answer["registration_access_token"] = host.Authority.RegistrationTokens[id] = Guid.NewGuid().ToString("N");
        };

        (await studio.Api.PatchAsync(path, new { name = FailingSave.Name })).ShouldBeProblem(500, "internal_error");

        Text(host.Authority.Registered[made["clientId"]], "client_name").Should().Be("Shop");
        (await studio.Api.GetAsync(path)).ShouldBe(200)["name"].Should().Be("Shop");
        (await studio.Api.PatchAsync(path, new { name = "Works again" })).ShouldBe(200);
        Text(host.Authority.Registered[made["clientId"]], "client_name").Should().Be("Works again");
    }

    [Fact]
    public async Task A_client_that_the_authority_forgot_can_be_removed()
    {
        var studio = await api.StudioAsync();
        var made = (await studio.Api.PostAsync("/v1/oauth-clients", Web())).ShouldBe(201);
        api.Authority.Registered.TryRemove(made["clientId"], out _);
        api.Authority.RegistrationTokens.TryRemove(made["clientId"], out _);

        (await studio.Api.DeleteAsync($"/v1/oauth-clients/{made["id"]}")).ShouldBe(204);
    }

    [Fact]
    public async Task A_token_of_the_apis_own_client_that_ended_is_replaced()
    {
        await using var host = await ApiHost.StartAsync();
        var studio = await host.StudioAsync();
        (await studio.Api.PostAsync("/v1/oauth-clients", Web())).ShouldBe(201);

        host.Authority.ForgetRegistrars();

        (await studio.Api.PostAsync("/v1/oauth-clients", Web())).ShouldBe(201);
    }

    [Fact]
    public async Task The_authoritys_refusal_is_told_in_its_words()
    {
        var studio = await api.StudioAsync();

        (await studio.Api.PostAsync("/v1/oauth-clients", Web() with { Name = "Refused" })).ShouldBeProblem(422, "registration_refused")["detail"].Should().Contain("This name is not taken.");
    }

    [Fact]
    public async Task An_installation_without_registration_says_so()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Authorities:0:Registration:ClientId"] = "", ["Authorities:0:Registration:ClientSecret"] = "" });
        var studio = await host.StudioAsync();

        (await studio.Api.PostAsync("/v1/oauth-clients", Web())).ShouldBeProblem(503, "registration_unavailable");
    }

    [Fact]
    public async Task Registration_addresses_that_secrets_must_not_travel_to_are_not_believed()
    {
        await using var host = await ApiHost.StartAsync();
        var studio = await host.StudioAsync();
        host.Authority.OnRegistration = answer => answer["registration_client_uri"] = "http://evil.example/register/1";

        (await studio.Api.PostAsync("/v1/oauth-clients", Web())).ShouldBeProblem(503, "authority_unavailable");
    }

    private string ServiceToken(string clientId, string? tenant, string scope) =>
        api.Authority.Token(clientId, tenant, scope, c => (c["client_id"], c["sub_type"]) = (clientId, "client"));

    private static string Text(JsonObject json, string name) => json[name]!.GetValue<string>();

    private static IEnumerable<string> Texts(JsonObject json, string name) => json[name]!.AsArray().Select(t => t!.GetValue<string>());

    /// <summary>A database that fails when a client of this name is saved.</summary>
    private sealed class FailingSave : Microsoft.EntityFrameworkCore.Diagnostics.SaveChangesInterceptor
    {
        public const string Name = "Fails to save";

        public override ValueTask<Microsoft.EntityFrameworkCore.Diagnostics.InterceptionResult<int>> SavingChangesAsync(
            Microsoft.EntityFrameworkCore.Diagnostics.DbContextEventData eventData, Microsoft.EntityFrameworkCore.Diagnostics.InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
            eventData.Context!.ChangeTracker.Entries<OAuthClient>().Any(e => e.Entity.Name == Name && e.State != EntityState.Unchanged)
                ? throw new DbUpdateException("The disk is full.")
                : ValueTask.FromResult(result);
    }
}
