using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Tests.Imaging;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Data.Idempotency;

/// <summary>How an Idempotency-Key must not be misused, and what kills and concurrency must not do to one.</summary>
[Trait("Database", "Provider")]
public sealed class IdempotencyAttackTests(ApiHost api)
{
    private static readonly object Client = new { name = "Job", type = "service", scopes = new[] { "galleries:read" } };

    private static string NewKey() => Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Another_caller_with_the_same_key_and_body_does_not_get_the_answer()
    {
        var (anna, ben, key) = (await api.StudioAsync("anna"), await api.StudioAsync("ben"), NewKey());
        var body = new { name = "Server", type = "secret" };
        var first = (await anna.Api.PostAsync("/v1/keys", body, key)).ShouldBe(201);

        var other = (await ben.Api.PostAsync("/v1/keys", body, key)).ShouldBe(201);

        other.Headers.Should().NotContainKey("Idempotency-Replayed");
        other["secret"].Should().NotBe(first["secret"]);
    }

    [Fact]
    public async Task Under_a_publishable_key_a_key_that_others_could_come_upon_is_refused()
    {
        var (studio, path) = await GalleryAsync();
        var page = api.Client(await studio.PublishableKeyAsync(), "https://anna.example");

        (await page.PostAsync(path, new { pin = World.Pin }, "1")).ShouldBeProblem(400, "invalid_idempotency_key");
        (await page.PostAsync(path, new { pin = World.Pin }, new string('1', IdempotencyMiddleware.MinSharedKeyLength))).ShouldBe(200);
    }

    [Fact]
    public async Task Each_wrong_guess_counts_also_when_it_is_sent_with_one_key()
    {
        await using var host = await ApiHost.StartAsync(new() { ["Galleries:Unlock:FailuresPerAddress"] = "3" });
        var (studio, path) = await GalleryAsync(host);
        var (page, key) = (host.Client(await studio.PublishableKeyAsync(), "https://anna.example"), NewKey());

        for (var guess = 0; guess < 3; guess++)
        {
            (await page.PostAsync(path, new { pin = "000000" }, key)).ShouldBeProblem(403, "wrong_pin");
        }

        (await page.PostAsync(path, new { pin = "000000" }, key)).ShouldBe(429);
    }

    [Fact]
    public async Task Many_at_once_with_one_key_register_one_client_at_the_authority()
    {
        var (studio, key) = (await api.StudioAsync(), NewKey());

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => studio.Api.PostAsync("/v1/oauth-clients", Client, key)));

        answers.Where(a => a.Status == 201).Select(a => a.Text).Distinct().Should().ContainSingle();
        answers.Where(a => a.Status != 201).Should().OnlyContain(a => a.Status == 409 && a["code"] == "idempotency_in_flight" && a.Headers.ContainsKey("Retry-After"));
        (await studio.Api.GetAsync("/v1/oauth-clients")).ShouldBe(200).Body!["data"]!.AsArray().Should().ContainSingle();
    }

    [Fact]
    public async Task A_secret_is_the_same_in_the_second_answer_and_unreadable_in_the_database()
    {
        var (studio, key) = (await api.StudioAsync(), NewKey());
        var first = (await studio.Api.PostAsync("/v1/oauth-clients", Client, key)).ShouldBe(201);

        (await studio.Api.PostAsync("/v1/oauth-clients", Client, key)).ShouldBe(201)["secret"].Should().Be(first["secret"]);

        var kept = await RecordAsync(api, key);
        System.Text.Encoding.UTF8.GetString(kept!.Body).Should().NotContain(first["secret"]);
    }

    [Fact]
    public async Task A_claim_that_a_kill_left_holds_its_key_for_half_a_minute_and_then_the_operation_runs()
    {
        await using var host = await ApiHost.StartAsync();
        var (studio, key) = (await host.StudioAsync(), NewKey());
        (await studio.Api.PostAsync("/v1/oauth-clients", Client, key)).ShouldBe(201);
        await using (var scope = host.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<ProofsheetDb>().Set<IdempotencyRecord>().Where(r => r.Key == key).ExecuteUpdateAsync(set => set.SetProperty(r => r.Status, 0));
        }

        var held = (await studio.Api.PostAsync("/v1/oauth-clients", Client, key)).ShouldBeProblem(409, "idempotency_in_flight");
        int.Parse(held.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture).Should().BeInRange(1, 30);
        host.Clock.Advance(TimeSpan.FromSeconds(31));

        var after = (await studio.Api.PostAsync("/v1/oauth-clients", Client, key)).ShouldBe(201);
        (await studio.Api.PostAsync("/v1/oauth-clients", Client, key)).ShouldBe(201).Text.Should().Be(after.Text);
    }

    [Fact]
    public async Task A_failure_gives_the_key_back()
    {
        var (studio, key) = (await api.StudioAsync(), NewKey());
        (await studio.Api.PostAsync("/v1/oauth-clients", new { name = "Shop", type = "web", redirectUris = new[] { "javascript:alert(1)" }, scopes = new[] { "galleries:read" } }, key)).ShouldBe(422);
        (await RecordAsync(api, key))!.Status.Should().Be(422, "a refusal is an answer");

        var (gallery, path) = await GalleryAsync();
        var (page, guess) = (api.Client(await gallery.PublishableKeyAsync(), "https://anna.example"), NewKey());
        (await page.PostAsync(path, new { pin = "000000" }, guess)).ShouldBe(403);
        (await RecordAsync(api, guess)).Should().BeNull();
        (await page.PostAsync(path, new { pin = World.Pin }, guess)).ShouldBe(200);
    }

    [Fact]
    public async Task Other_files_under_a_used_key_are_refused_and_not_kept()
    {
        var studio = await api.StudioAsync();
        var (gallery, key) = ((await studio.Api.PostAsync("/v1/galleries", new { title = "X", isListed = false })).ShouldBe(201)["id"], NewKey());
        async Task<ApiAnswer> UploadAsync(params byte[][] files)
        {
            using var form = EveryPost.Files(files)();
            return await studio.Api.PostAsync($"/v1/galleries/{gallery}/photos", form, key);
        }

        var first = (await UploadAsync(TestPictures.Jpeg(64, 48, 1))).ShouldBe(201);
        (await UploadAsync(TestPictures.Jpeg(64, 48, 1))).ShouldBe(201).Text.Should().Be(first.Text, "accepted stays accepted");
        (await UploadAsync(TestPictures.Jpeg(64, 48, 2))).ShouldBeProblem(422, "idempotency_key_reused");
        (await UploadAsync(TestPictures.Jpeg(64, 48, 1), TestPictures.Jpeg(64, 48, 2))).ShouldBeProblem(422, "idempotency_key_reused");

        (await studio.Api.GetAsync($"/v1/galleries/{gallery}/photos")).ShouldBe(200).Body!["data"]!.AsArray().Should().ContainSingle();
    }

    private async Task<(StudioClient Studio, string UnlockPath)> GalleryAsync(ApiHost? host = null)
    {
        var studio = await (host ?? api).StudioAsync();
        var gallery = (await studio.Api.PostAsync("/v1/galleries", new { title = "X", requires = "pin", pin = World.Pin })).ShouldBe(201);
        (await studio.Api.PostAsync($"/v1/galleries/{gallery["id"]}/publish")).ShouldBe(200);
        return (studio, $"/v1/storefront/galleries/{gallery["slug"]}/unlock");
    }

    private static async Task<IdempotencyRecord?> RecordAsync(ApiHost host, string key)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ProofsheetDb>().Set<IdempotencyRecord>().AsNoTracking().SingleOrDefaultAsync(r => r.Key == key);
    }
}
