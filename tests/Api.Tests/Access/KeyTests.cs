using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Access;

[Trait("Database", "Provider")]
public sealed class KeyTests(ApiHost api)
{
    [Fact]
    public async Task A_request_without_a_credential_is_told_what_to_send()
    {
        var answer = await api.Client(null).GetAsync("/v1/studio");

        answer.ShouldBeProblem(401, "missing_credential");
        answer.Headers["WWW-Authenticate"].Should().Be("Bearer");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("ps_live_sk_00000000000000000000000000000000000000")]
    [InlineData("psv_x.y")]
    [InlineData("ps_platform_wrong")]
    public async Task An_unknown_credential_is_refused(string credential)
    {
        (await api.Client(credential).GetAsync("/v1/studio")).ShouldBeProblem(401, "invalid_credential");
    }

    [Fact]
    public async Task A_key_altered_in_any_one_place_is_refused()
    {
        var studio = await api.StudioAsync();
        for (var i = 0; i < studio.SecretKey.Length; i++)
        {
            var altered = studio.SecretKey.ToCharArray();
            altered[i] = altered[i] == 'a' ? 'b' : 'a';
            (await api.Client(new string(altered)).GetAsync("/v1/studio")).Status.Should().Be(401, "place {0} was altered", i);
        }
    }

    [Fact]
    public async Task A_key_is_shown_once_and_listed_without_itself()
    {
        var studio = await api.StudioAsync();
        var made = (await studio.Api.PostAsync("/v1/keys", new { name = "Server", type = "secret" })).ShouldBe(201);

        var list = (await studio.Api.GetAsync("/v1/keys")).ShouldBe(200);

        list.Text.Should().NotContain(made["secret"]).And.Contain(made["id"]).And.Contain(made["hint"]);
    }

    [Fact]
    public async Task A_revoked_key_stops_at_once()
    {
        var studio = await api.StudioAsync();
        var made = await studio.Api.PostAsync("/v1/keys", new { name = "Server", type = "secret" });
        (await api.Client(made["secret"]).GetAsync("/v1/studio")).ShouldBe(200);

        (await studio.Api.DeleteAsync($"/v1/keys/{made["id"]}")).ShouldBe(204);

        (await api.Client(made["secret"]).GetAsync("/v1/studio")).ShouldBeProblem(401, "expired_credential");
    }

    [Fact]
    public async Task A_rotated_key_is_valid_along_with_its_successor_but_not_with_a_third()
    {
        var studio = await api.StudioAsync();
        var old = await studio.Api.PostAsync("/v1/keys", new { name = "Server", type = "secret" });

        var successor = (await studio.Api.PostAsync($"/v1/keys/{old["id"]}/rotate", new { graceHours = 1 })).ShouldBe(201);

        (await api.Client(old["secret"]).GetAsync("/v1/studio")).ShouldBe(200);
        (await api.Client(successor["secret"]).GetAsync("/v1/studio")).ShouldBe(200);
        (await studio.Api.PostAsync($"/v1/keys/{successor["id"]}/rotate", new { })).ShouldBeProblem(409, "key_already_rotating");
    }

    [Fact]
    public async Task A_key_cannot_make_a_key_with_more_than_it_has()
    {
        var studio = await api.StudioAsync();
        var narrow = await studio.Api.PostAsync("/v1/keys", new { name = "Narrow", type = "secret", scopes = new[] { "settings:write" } });

        var wide = await api.Client(narrow["secret"]).PostAsync("/v1/keys", new { name = "Wide", type = "secret" });

        wide.ShouldBeProblem(403, "missing_scope");
    }

    [Fact]
    public async Task A_publishable_key_works_from_its_origins_alone()
    {
        var studio = await api.StudioAsync();
        var key = await studio.PublishableKeyAsync("https://anna.example");

        (await api.Client(key, "https://evil.example").GetAsync("/v1/studio")).ShouldBeProblem(403, "origin_not_allowed");
        (await api.Client(key, "https://anna.example").GetAsync("/v1/studio")).ShouldBeProblem(403, "missing_scope");
    }

    [Theory]
    [InlineData("https://anna.example/path")]
    [InlineData("http://anna.example")]
    [InlineData("*")]
    [InlineData("null")]
    [InlineData("https://user@anna.example")]
    public async Task What_is_not_an_origin_is_refused(string origin)
    {
        var studio = await api.StudioAsync();

        var answer = await studio.Api.PostAsync("/v1/keys", new { name = "Shop", type = "publishable", origins = new[] { origin } });

        answer.ShouldBeProblem(422, "invalid_origin");
    }

    [Fact]
    public async Task Another_studios_key_does_not_exist()
    {
        var anna = await api.StudioAsync("anna");
        var ben = await api.StudioAsync("ben");
        var key = await anna.Api.PostAsync("/v1/keys", new { name = "Server", type = "secret" });

        (await ben.Api.DeleteAsync($"/v1/keys/{key["id"]}")).ShouldBeProblem(404, "not_found");
        (await api.Client(key["secret"]).GetAsync("/v1/studio")).ShouldBe(200);
    }

    [Fact]
    public async Task Preflights_pass_for_origins_of_keys_and_for_no_other()
    {
        var studio = await api.StudioAsync();
        await studio.PublishableKeyAsync("https://shop.anna.example");

        async Task<ApiAnswer> Preflight(string origin) => await api.Client(null, origin).SendAsync(HttpMethod.Options, "/v1/studio", null, request =>
        {
            request.Headers.Add("Access-Control-Request-Method", "GET");
            request.Headers.Add("Access-Control-Request-Headers", "authorization");
        });

        (await Preflight("https://shop.anna.example")).Headers["Access-Control-Allow-Origin"].Should().Be("https://shop.anna.example");
        (await Preflight("https://evil.example")).Headers.Should().NotContainKey("Access-Control-Allow-Origin");
    }

    [Fact]
    public async Task A_page_may_ask_for_the_rest_of_a_broken_download()
    {
        var studio = await api.StudioAsync();
        await studio.PublishableKeyAsync("https://resuming.example");

        var preflight = await api.Client(null, "https://resuming.example").SendAsync(HttpMethod.Options, "/v1/downloads/galleries/gdl_1", null, request =>
        {
            request.Headers.Add("Access-Control-Request-Method", "GET");
            request.Headers.Add("Access-Control-Request-Headers", "if-range,range");
        });

        preflight.Headers["Access-Control-Allow-Headers"].Split(',', StringSplitOptions.TrimEntries).Should().Contain(["If-Range", "Range"]);
    }
}
