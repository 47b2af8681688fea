using System.Text;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Data.Idempotency;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Studios;

[Trait("Database", "Provider")]
public sealed class StudioTests(ApiHost api)
{
    [Fact]
    public async Task A_studio_reads_itself()
    {
        var studio = await api.StudioAsync("anna", "EUR");

        var answer = (await studio.Api.GetAsync("/v1/studio")).ShouldBe(200);

        answer["id"].Should().Be(studio.Id);
        answer["currency"].Should().Be("EUR");
        answer.ETag.Should().Be("\"v1\"");
    }

    [Fact]
    public async Task Only_the_platform_makes_studios()
    {
        var studio = await api.StudioAsync();

        (await studio.Api.PostAsync("/v1/studios", new { name = "x", slug = "xxx", currency = "USD" })).ShouldBeProblem(403, "missing_scope");
    }

    [Fact]
    public async Task A_slug_is_taken_once()
    {
        var studio = await api.StudioAsync();

        (await api.Platform.PostAsync("/v1/studios", new { name = "x", slug = studio.Slug, currency = "USD" })).ShouldBeProblem(409, "slug_taken");
    }

    [Fact]
    public async Task A_change_made_on_an_old_version_is_refused()
    {
        var studio = await api.StudioAsync();
        var version = (await studio.Api.GetAsync("/v1/studio")).ETag!;
        (await studio.Api.PatchAsync("/v1/studio", new { name = "Anna B." }, version)).ShouldBe(200).ETag.Should().Be("\"v2\"");

        (await studio.Api.PatchAsync("/v1/studio", new { name = "Anna C." }, version)).ShouldBeProblem(412, "version_mismatch");
    }

    [Theory]
    [InlineData("""{"nam":"x"}""", 400, "unknown_field")]
    [InlineData("""{"name":7}""", 400, "malformed_json")]
    [InlineData("""{"name":""", 400, "malformed_json")]
    [InlineData("""[]""", 400, "malformed_json")]
    [InlineData("""{"name":""}""", 400, "validation_failed")]
    [InlineData("""{"name":null}""", 400, "malformed_json")]
    [InlineData("""{"timeZone":"Mars/Olympus"}""", 422, "unknown_time_zone")]
    public async Task A_bad_patch_changes_nothing_and_says_why(string body, int status, string code)
    {
        var studio = await api.StudioAsync();

        (await studio.Api.SendAsync(HttpMethod.Patch, "/v1/studio", body)).ShouldBeProblem(status, code);

        (await studio.Api.GetAsync("/v1/studio")).ETag.Should().Be("\"v1\"");
    }

    [Theory]
    [InlineData("""{"name":"x","slug":"abc","currency":"USD","color":"red"}""", "unknown_field")]
    [InlineData("""{"name":"x"}""", "validation_failed")]
    [InlineData("""{"name":"x","slug":"A B","currency":"USD"}""", "validation_failed")]
    [InlineData("""{"name":"x","name":"y","slug":"abc","currency":"USD"}""", "malformed_json")]
    [InlineData("""not json""", "malformed_json")]
    public async Task A_bad_body_is_named(string body, string code)
    {
        (await api.Platform.SendAsync(HttpMethod.Post, "/v1/studios", body)).ShouldBeProblem(400, code);
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_same_answer_and_one_studio()
    {
        var slug = $"anna-{Guid.NewGuid():N}"[..30];
        var body = new { name = "Anna", slug, currency = "USD" };
        var key = Guid.NewGuid().ToString();

        var first = (await api.Platform.PostAsync("/v1/studios", body, key)).ShouldBe(201);
        var second = (await api.Platform.PostAsync("/v1/studios", body, key)).ShouldBe(201);

        second.Text.Should().Be(first.Text);
        second.Headers["Idempotency-Replayed"].Should().Be("true");
        second.Headers["Location"].Should().Be(first.Headers["Location"]);
        (await api.Platform.PostAsync("/v1/studios", new { name = "Ben", slug, currency = "USD" }, key)).ShouldBeProblem(422, "idempotency_key_reused");
    }

    [Fact]
    public async Task A_remembered_answer_cannot_be_read_in_the_database()
    {
        var slug = $"anna-{Guid.NewGuid():N}"[..30];
        var key = Guid.NewGuid().ToString();
        var answer = (await api.Platform.PostAsync("/v1/studios", new { name = "Anna", slug, currency = "USD" }, key)).ShouldBe(201);

        await using var scope = api.Services.CreateAsyncScope();
        var record = await scope.ServiceProvider.GetRequiredService<ProofsheetDb>().Set<IdempotencyRecord>().SingleAsync(r => r.Key == key);

        Encoding.UTF8.GetString(record.Body).Should().NotContain(answer["secretKey.secret"]).And.NotContain("ps_live");
    }

    [Fact]
    public async Task Many_at_once_with_one_idempotency_key_make_one_studio()
    {
        var slug = $"anna-{Guid.NewGuid():N}"[..30];
        var key = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => api.Platform.PostAsync("/v1/studios", new { name = "Anna", slug, currency = "USD" }, key)));

        answers.Where(a => a.Status == 201).Select(a => a.Text).Distinct().Should().ContainSingle();
        answers.Should().OnlyContain(a => a.Status == 201 || a.Status == 409);
    }
}
