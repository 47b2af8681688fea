using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Clients.Consents;
using Proofsheet.Api.Data;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Clients;

/// <summary>What a client agreed to is recorded and withdrawn, and never changed.</summary>
[Trait("Database", "Provider")]
public sealed class ClientConsentTests(ApiHost api)
{
    private static readonly object Newsletter = new { purpose = "newsletter", channel = "email", wording = " Send me news by email. " };

    [Fact]
    public async Task A_consent_is_recorded_and_withdrawn_once()
    {
        var (studio, path) = await ClientAsync();
        var before = await studio.Api.GetAsync(path);

        var given = (await studio.Api.PostAsync($"{path}/consents", Newsletter)).ShouldBe(201);

        (given["purpose"], given["channel"], given["wording"]).Should().Be(("newsletter", "email", "Send me news by email."));
        given["givenAt"].Should().Be(given["createdAt"]);
        given.Body!["withdrawnAt"].Should().BeNull();
        given.Headers["Location"].Should().EndWith($"{path}/consents/{given["id"]}");
        var client = await studio.Api.GetAsync(path);
        client.ETag.Should().NotBe(before.ETag);
        client.Body!["consents"]!.AsArray().Should().ContainSingle().Which!.ToJsonString().Should().Be(given.Body.ToJsonString());

        var withdrawn = (await studio.Api.PostAsync($"{path}/consents/{given["id"]}/withdraw")).ShouldBe(200);
        withdrawn["withdrawnAt"].Should().NotBeEmpty();
        withdrawn.ETag.Should().NotBe(given.ETag);
        (await studio.Api.GetAsync(path)).ETag.Should().NotBe(client.ETag);
        var again = (await studio.Api.PostAsync($"{path}/consents/{given["id"]}/withdraw", new { withdrawnAt = given["givenAt"] })).ShouldBe(200);
        (again.Text, again.ETag).Should().Be((withdrawn.Text, withdrawn.ETag));
    }

    [Fact]
    public async Task No_other_request_changes_or_removes_a_consent()
    {
        var (studio, path) = await ClientAsync();
        var given = (await studio.Api.PostAsync($"{path}/consents", Newsletter)).ShouldBe(201);

        (await studio.Api.PatchAsync(path, new { consents = Array.Empty<object>() })).ShouldBeProblem(400, "unknown_field");
        (await studio.Api.PostAsync("/v1/clients", new { name = "Ben", consents = new[] { Newsletter } })).ShouldBeProblem(400, "unknown_field");
        (await studio.Api.PatchAsync(path, new { name = "Clara M.", emails = Array.Empty<string>() })).ShouldBe(200);
        (await studio.Api.DeleteAsync($"{path}/consents/{given["id"]}")).Status.Should().BeOneOf(404, 405);
        (await studio.Api.PatchAsync($"{path}/consents/{given["id"]}", new { wording = "Anything" })).Status.Should().BeOneOf(404, 405);

        (await studio.Api.GetAsync(path)).ShouldBe(200).Body!["consents"]![0]!.ToJsonString().Should().Be(given.Body!.ToJsonString());
    }

    [Fact]
    public async Task A_consent_is_given_in_the_past_and_withdrawn_after_that()
    {
        var (studio, path) = await ClientAsync();
        var now = api.Clock.GetUtcNow();
        object Given(DateTimeOffset at) => new { purpose = "publication", channel = "website", wording = "Show two pictures.", givenAt = at };
        (await studio.Api.PostAsync($"{path}/consents", Given(now.AddHours(1)))).ShouldBeProblem(422, "invalid_consent_time").Text.Should().Contain("givenAt");
        var id = (await studio.Api.PostAsync($"{path}/consents", Given(now.AddDays(-3)))).ShouldBe(201)["id"];
        var withdraw = $"{path}/consents/{id}/withdraw";

        (await studio.Api.PostAsync(withdraw, new { withdrawnAt = now.AddDays(-4) })).ShouldBeProblem(422, "invalid_consent_time");
        (await studio.Api.PostAsync(withdraw, new { withdrawnAt = now.AddHours(1) })).ShouldBeProblem(422, "invalid_consent_time");
        var withdrawn = (await studio.Api.PostAsync(withdraw, new { withdrawnAt = now.AddDays(-1) })).ShouldBe(200);
        DateTimeOffset.Parse(withdrawn["withdrawnAt"]).Should().BeCloseTo(now.AddDays(-1), TimeSpan.FromMilliseconds(1));
    }

    [Theory]
    [InlineData("""{"purpose":"Newsletter","channel":"email","wording":"x"}""")]
    [InlineData("""{"purpose":"newsletter","channel":"e-mail","wording":"x"}""")]
    [InlineData("""{"purpose":"newsletter","channel":"email","wording":" "}""")]
    [InlineData("""{"purpose":"abcdefghijklmnopqrstuvwxyz0123456","channel":"email","wording":"x"}""")]
    public async Task What_is_no_consent_is_refused(string body)
    {
        var (studio, path) = await ClientAsync();

        (await studio.Api.SendAsync(HttpMethod.Post, $"{path}/consents", body)).ShouldBeProblem(400, "validation_failed");
    }

    [Fact]
    public async Task A_client_has_fifty_consents_also_when_they_are_recorded_at_once()
    {
        var (studio, path) = await ClientAsync();
        for (var i = 0; i < 45; i++)
        {
            (await studio.Api.PostAsync($"{path}/consents", Newsletter)).ShouldBe(201);
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => studio.Api.PostAsync($"{path}/consents", Newsletter)));

        answers.Count(a => a.Status == 201).Should().Be(5);
        answers.First(a => a.Status != 201).ShouldBeProblem(422, "too_many_consents");
        (await studio.Api.GetAsync(path)).ShouldBe(200).Body!["consents"]!.AsArray().Should().HaveCount(50);
    }

    [Fact]
    public async Task An_outdated_version_is_refused()
    {
        var (studio, path) = await ClientAsync();
        var client = (await studio.Api.GetAsync(path)).ShouldBe(200);
        var given = (await studio.Api.PostAsync($"{path}/consents", Newsletter)).ShouldBe(201);
        Task<ApiAnswer> WithdrawAsync(string version) => studio.Api.SendAsync(
            HttpMethod.Post, $"{path}/consents/{given["id"]}/withdraw", null, request => request.Headers.TryAddWithoutValidation("If-Match", version));

        (await studio.Api.PatchAsync(path, new { name = "Clara M." }, client.ETag)).ShouldBeProblem(412, "version_mismatch");
        (await WithdrawAsync("\"v0\"")).ShouldBeProblem(412, "version_mismatch");
        (await WithdrawAsync(given.ETag!)).ShouldBe(200);
    }

    [Fact]
    public async Task Another_studios_consents_and_another_clients_do_not_exist()
    {
        var (studio, path) = await ClientAsync();
        var (ben, _) = await ClientAsync("ben");
        var other = (await studio.Api.PostAsync("/v1/clients", new { name = "Other" })).ShouldBe(201)["id"];
        var given = (await studio.Api.PostAsync($"{path}/consents", Newsletter)).ShouldBe(201)["id"];

        (await ben.Api.PostAsync($"{path}/consents", Newsletter)).ShouldBeProblem(404, "not_found");
        (await ben.Api.PostAsync($"{path}/consents/{given}/withdraw")).ShouldBeProblem(404, "not_found");
        (await studio.Api.PostAsync($"/v1/clients/{other}/consents/{given}/withdraw")).ShouldBeProblem(404, "not_found");
        (await studio.Api.GetAsync(path)).ShouldBe(200).Body!["consents"]![0]!["withdrawnAt"].Should().BeNull();
    }

    [Fact]
    public async Task A_deleted_client_takes_everything_along_and_the_audit_trail_never_had_the_wording()
    {
        var (studio, path) = await ClientAsync();
        var given = (await studio.Api.PostAsync($"{path}/consents", Newsletter)).ShouldBe(201)["id"];
        (await studio.Api.PostAsync($"{path}/consents/{given}/withdraw")).ShouldBe(200);

        (await studio.Api.DeleteAsync(path)).ShouldBe(204);

        (await api.InScopeAsync(studio.Id, services => services.GetRequiredService<ProofsheetDb>().Set<ClientConsent>().CountAsync())).Should().Be(0);
        var trail = (await studio.Api.GetAsync($"/v1/audit?entity=client_consent&entityId={given}")).ShouldBe(200);
        trail.Body!["data"]!.AsArray().Select(e => e!["action"]!.GetValue<string>()).Should().Equal("deleted", "updated", "created");
        trail.Text.Should().Contain("newsletter").And.NotContain("Send me news");
    }

    private async Task<(StudioClient Studio, string Path)> ClientAsync(string studio = "anna")
    {
        var made = await api.StudioAsync(studio);
        return (made, $"/v1/clients/{(await made.Api.PostAsync("/v1/clients", new { name = "Clara", emails = new[] { "clara@example.com" } })).ShouldBe(201)["id"]}");
    }
}
