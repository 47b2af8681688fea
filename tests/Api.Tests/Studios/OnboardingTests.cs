using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Api.Tests.Imaging;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Studios;

/// <summary>From a new account to a studio with a first photo, as a dashboard would guide the user: by what each response says is next.</summary>
[Trait("Database", "Provider")]
public sealed class OnboardingTests(ApiHost api)
{
    [Fact]
    public async Task A_new_photographer_is_led_from_step_to_step()
    {
        var subject = api.Authority.Account("lena@example.com", "Lena");
        var account = api.Client(api.Authority.Token(subject, null, "openid email studios:read studios:write"));
        var start = (await account.GetAsync("/v1/onboarding")).ShouldBe(200);
        start.Body!["studioId"].Should().BeNull();
        Open(start).Should().Equal("studio", "branding", "sandbox_key", "live_key", "gallery", "photo", "members");

        var slug = NewSlug();
        (await account.GetAsync($"/v1/studio-slugs/{slug}")).ShouldBe(200).Body!["isAvailable"]!.GetValue<bool>().Should().BeTrue();
        var first = start.Body["steps"]![0]!;
        var made = (await account.SendAsync(new HttpMethod(first["method"]!.GetValue<string>()), first["path"]!.GetValue<string>(),
            new { name = "Lena", slug, currency = "EUR", country = "DE", timeZone = "Europe/Berlin", plan = "studio" })).ShouldBe(201);
        made.Body!["secretKey"].Should().BeNull("an owner makes keys when one is needed");
        made["studio.plan"].Should().Be("studio");
        (await account.GetAsync($"/v1/studio-slugs/{slug}")).ShouldBe(200)["reason"].Should().Be("taken");

        var owner = api.Client(api.Authority.Token(subject, slug, MemberClient.AllScopes));
        (await owner.GetAsync("/v1/members")).ShouldBe(200).Body!["data"]!.AsArray().Single()!["email"]!.GetValue<string>().Should().Be("lena@example.com");
        Open(await owner.GetAsync("/v1/onboarding")).Should().Equal("branding", "sandbox_key", "live_key", "gallery", "photo", "members");

        (await owner.PatchAsync("/v1/studio/branding", new { tagline = "Light" })).ShouldBe(200);
        (await owner.PostAsync("/v1/keys", new { name = "Try", type = "secret", isSandbox = true })).ShouldBe(201);
        Open(await owner.GetAsync("/v1/onboarding")).Should().Equal("live_key", "gallery", "photo", "members");
        (await owner.PostAsync("/v1/keys", new { name = "Server", type = "secret" })).ShouldBe(201);
        var gallery = (await owner.PostAsync("/v1/galleries", new { title = "First", isListed = false })).ShouldBe(201);
        Open(await owner.GetAsync("/v1/onboarding")).Should().Equal("photo", "members");

        using var form = new MultipartFormDataContent();
        var file = new ByteArrayContent(TestPictures.Jpeg(64, 48, 1));
        file.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        form.Add(file, "files", "first.jpg");
        (await owner.PostAsync($"/v1/galleries/{gallery["id"]}/photos", form)).ShouldBe(201);
        var end = (await owner.GetAsync("/v1/onboarding")).ShouldBe(200);

        Open(end).Should().Equal("members");
        end.Body!["isComplete"]!.GetValue<bool>().Should().BeTrue("inviting others is optional");
    }

    [Fact]
    public async Task Every_step_names_an_operation_of_the_document()
    {
        var document = (await api.Client(null).GetAsync("/openapi/v1.json")).Body!;
        var studio = await api.StudioAsync();

        var steps = (await studio.Api.GetAsync("/v1/onboarding")).ShouldBe(200).Body!["steps"]!.AsArray();

        foreach (var step in steps)
        {
            var operation = document["paths"]![step!["path"]!.GetValue<string>()]![step["method"]!.GetValue<string>().ToLowerInvariant()]!;
            operation["operationId"]!.GetValue<string>().Should().Be(step["operation"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task A_studio_that_only_plays_is_complete_without_a_live_key()
    {
        var subject = api.Authority.Account($"{Guid.NewGuid():N}@example.com");
        var studio = Studio();
        studio["isSandbox"] = true;
        (await api.Client(api.Authority.Token(subject, null, "studios:write")).PostAsync("/v1/studios", studio)).ShouldBe(201);
        var owner = api.Client(api.Authority.Token(subject, studio["slug"]!.GetValue<string>(), MemberClient.AllScopes));

        Open(await owner.GetAsync("/v1/onboarding")).Should().NotContain("live_key").And.Contain("sandbox_key");
        (await owner.PostAsync("/v1/keys", new { name = "X", type = "secret" })).ShouldBeProblem(403, "sandbox_only");
        (await owner.PostAsync("/v1/keys", new { name = "X", type = "secret", isSandbox = true })).ShouldBe(201);
        Open(await owner.GetAsync("/v1/onboarding")).Should().NotContain("sandbox_key");
    }

    [Fact]
    public async Task An_account_makes_as_many_studios_as_it_may_also_when_it_asks_for_all_at_once()
    {
        var client = Account();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => client.PostAsync("/v1/studios", Studio())));

        var made = answers.Count(a => a.Status == 201);
        made.Should().BeInRange(1, 5);
        answers.Where(a => a.Status != 201).Select(a => a.Status).Should().OnlyContain(s => s == 409 || s == 422);
        for (var i = made; i < 5; i++)
        {
            (await client.PostAsync("/v1/studios", Studio())).ShouldBe(201);
        }

        (await client.PostAsync("/v1/studios", Studio())).ShouldBeProblem(422, "too_many_studios");
        (await client.GetAsync("/v1/studios")).Body!["data"]!.AsArray().Should().HaveCount(5);
        (await Account().PostAsync("/v1/studios", Studio())).ShouldBe(201);
    }

    [Theory]
    [InlineData("slug", "www", 422, "slug_reserved")]
    [InlineData("slug", "A", 400, "validation_failed")]
    [InlineData("currency", "XXX", 422, "unknown_currency")]
    [InlineData("timeZone", "Mars/Olympus", 422, "unknown_time_zone")]
    [InlineData("plan", "free", 422, "unknown_plan")]
    [InlineData("country", "Germany", 400, "validation_failed")]
    public async Task A_studio_is_refused_with_the_field_that_is_wrong(string field, string value, int status, string code)
    {
        var studio = Studio();
        studio[field] = value;

        (await Account().PostAsync("/v1/studios", studio)).ShouldBeProblem(status, code);
    }

    [Fact]
    public async Task A_studio_can_be_made_whatever_studio_the_token_names()
    {
        var studio = await api.StudioAsync();
        var member = await studio.MemberAsync("owner");

        (await member.Api.PostAsync("/v1/studios", Studio())).ShouldBe(201);
        (await api.Client(api.Authority.Token(member.Subject, "no-such-studio", "studios:write")).PostAsync("/v1/studios", Studio())).ShouldBe(201);
        (await studio.Api.PostAsync("/v1/studios", Studio())).ShouldBeProblem(403, "missing_scope");
    }

    [Fact]
    public async Task The_same_request_sent_twice_with_its_key_makes_one_studio()
    {
        var client = Account();
        var studio = Studio();

        var first = (await client.PostAsync("/v1/studios", studio, "make-it")).ShouldBe(201);
        var again = (await client.PostAsync("/v1/studios", studio.DeepClone(), "make-it")).ShouldBe(201);

        again["studio.id"].Should().Be(first["studio.id"]);
        (await client.GetAsync("/v1/studios")).Body!["data"]!.AsArray().Should().HaveCount(1);
    }

    [Theory]
    [InlineData("www", "reserved")]
    [InlineData("-x-", "malformed")]
    [InlineData("Upper", "malformed")]
    [InlineData("x", "malformed")]
    public async Task A_slug_that_cannot_be_had_says_why(string slug, string reason)
    {
        var answer = (await Account().GetAsync($"/v1/studio-slugs/{slug}")).ShouldBe(200);

        answer["reason"].Should().Be(reason);
        answer.Body!["isAvailable"]!.GetValue<bool>().Should().BeFalse();
    }

    [Fact]
    public async Task While_the_authority_is_away_a_studio_can_still_be_made()
    {
        await using var host = await ApiHost.StartAsync();
        var client = host.Client(host.Authority.Token(host.Authority.Account("a@example.com"), null, "studios:read studios:write"));
        (await client.GetAsync("/v1/studios")).ShouldBe(200);
        host.Authority.IsAway = true;

        (await client.PostAsync("/v1/studios", Studio())).ShouldBe(201);
        (await client.PostAsync("/v1/invitations/accept", new { code = "nothing" })).ShouldBeProblem(404, "not_found");
    }

    private ApiClient Account() => api.Client(api.Authority.Token(api.Authority.Account($"{Guid.NewGuid():N}@example.com"), null, "studios:read studios:write"));

    private static JsonObject Studio() => new() { ["name"] = "Lena", ["slug"] = NewSlug(), ["currency"] = "EUR", ["country"] = "DE", ["timeZone"] = "Europe/Berlin" };

    private static string NewSlug() => $"lena-{Guid.NewGuid().ToString("N")[..12]}";

    private static IEnumerable<string> Open(ApiAnswer onboarding) =>
        onboarding.ShouldBe(200).Body!["steps"]!.AsArray().Where(s => !s!["isDone"]!.GetValue<bool>()).Select(s => s!["name"]!.GetValue<string>());
}
