using System.Text.Json.Nodes;
using FluentAssertions;
using Proofsheet.Api.Http;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>A request names the version it was written for, and the response says which one was used.</summary>
public sealed class ApiVersionTests(ApiHost api)
{
    [Fact]
    public async Task Without_the_header_the_newest_version_counts()
    {
        var studio = await api.StudioAsync();

        (await studio.Api.GetAsync("/v1/studio")).ShouldBe(200).Headers[ApiVersions.Header].Should().Be(ApiVersions.Newest);
        (await api.Client(null).GetAsync("/v1/studio")).ShouldBe(401).Headers[ApiVersions.Header].Should().Be(ApiVersions.Newest);
        (await api.Client(null).GetAsync("/v1/nothing")).ShouldBeProblem(404, "not_found").Headers[ApiVersions.Header].Should().Be(ApiVersions.Newest);
    }

    [Fact]
    public async Task Each_known_version_is_answered_and_named()
    {
        var studio = await api.StudioAsync();
        foreach (var version in ApiVersions.Known)
        {
            (await AskAsync(studio, version)).ShouldBe(200).Headers[ApiVersions.Header].Should().Be(version);
        }
    }

    [Theory]
    [InlineData("2020-01-01")]
    [InlineData("latest")]
    [InlineData("")]
    [InlineData("2026-12-01, 2026-12-01")]
    public async Task Another_version_is_refused(string version)
    {
        var studio = await api.StudioAsync();

        (await AskAsync(studio, version)).ShouldBeProblem(400, "unknown_version")["detail"].Should().Contain(ApiVersions.Newest);
    }

    [Fact]
    public void Versions_are_days_and_the_newest_is_the_documents_and_both_SDKs()
    {
        ApiVersions.Known.Should().OnlyContain(v => IsDay(v)).And.OnlyHaveUniqueItems().And.BeInAscendingOrder(StringComparer.Ordinal).And.EndWith(ApiVersions.Newest);
        JsonNode.Parse(Repository.Read("openapi/api.json"))!["info"]!["version"]!.GetValue<string>().Should().Be(ApiVersions.Newest);
        Repository.Read("src/Sdk/csharp/Generated/Groups.cs").Should().Contain($"ApiVersion = \"{ApiVersions.Newest}\"");
        Repository.Read("src/Sdk/typescript/src/generated/version.gen.ts").Should().Contain($"apiVersion = \"{ApiVersions.Newest}\"");
    }

    private static bool IsDay(string version) => DateOnly.TryParseExact(version, "yyyy-MM-dd", out _);

    private static Task<ApiAnswer> AskAsync(StudioClient studio, string version) =>
        studio.Api.SendAsync(HttpMethod.Get, "/v1/studio", change: r => r.Headers.TryAddWithoutValidation(ApiVersions.Header, version));
}
