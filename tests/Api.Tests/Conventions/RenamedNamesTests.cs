using System.Text.RegularExpressions;
using FluentAssertions;
using Proofsheet.Api.Http;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>A client that sends a name from an earlier release is told the current one.</summary>
public sealed partial class RenamedNamesTests(ApiHost api)
{
    [Fact]
    public void The_changelog_lists_each_and_the_document_has_the_new_ones_alone()
    {
        var fields = ApiNames.Read().Fields;
        var listed = Row().Matches(Repository.Read("CHANGELOG.md").Split("### Renamed fields and parameters")[1].Split("###")[0])
            .ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);

        RenamedNames.Table.Should().NotBeEmpty().And.BeEquivalentTo(listed);
        RenamedNames.Table.Values.Except(fields).Should().BeEmpty("the present name is one of the document");
        RenamedNames.Table.Keys.Intersect(fields).Should().BeEmpty("an old name is not in use any more");
    }

    [Fact]
    public async Task An_old_field_is_answered_with_its_present_name()
    {
        var studio = await api.StudioAsync();
        var gallery = (await studio.Api.PostAsync("/v1/galleries", new { title = "Lena & Tom", isListed = false })).ShouldBe(201);

        (await studio.Api.PostAsync("/v1/galleries", new { title = "x", isListed = true, state = "draft" })).ShouldBeProblem(400, "unknown_field")["detail"]
            .Should().Be("There is no field '$.state' here. It is `status` now.");
        (await studio.Api.PatchAsync($"/v1/galleries/{gallery["id"]}", new { state = "draft" })).ShouldBeProblem(400, "unknown_field")["detail"]
            .Should().Be("There is no field 'state' here. It is `status` now.");
        (await studio.Api.PatchAsync($"/v1/galleries/{gallery["id"]}", new { nothing = "draft" })).ShouldBeProblem(400, "unknown_field")["detail"]
            .Should().Be("There is no field 'nothing' here.");
    }

    [Fact]
    public void A_name_that_means_the_opposite_now_says_so() =>
        RenamedNames.Unknown("webIsClean").Should().Be("There is no field 'webIsClean' here. It is `isWebWatermarked` now, with the opposite meaning.");

    [Fact]
    public async Task An_old_query_parameter_is_refused_and_not_ignored()
    {
        var studio = await api.StudioAsync();

        (await studio.Api.GetAsync("/v1/galleries?state=draft")).ShouldBeProblem(400, "unknown_parameter")["detail"].Should().Contain("`status`");
        (await studio.Api.GetAsync("/v1/galleries?status=draft")).ShouldBe(200);
    }

    [Fact]
    public async Task An_old_path_is_answered_with_the_present_one()
    {
        var studio = await api.StudioAsync();
        var present = (await OpenApiDocument.ReadAsync(api)).Operations.Select(o => o.ToString()).ToList();
        foreach (var (method, path, now) in RenamedPaths.Table)
        {
            present.Should().NotContain($"{method} /v1{path}").And.Contain(now);
            var asked = "/v1" + Parameter().Replace(path, "x_1");
            (await studio.Api.SendAsync(new HttpMethod(method), asked)).ShouldBeProblem(404, "renamed_path")["detail"].Should().Contain($"`{now}`");
            Repository.Read("CHANGELOG.md").Should().Contain($"`{method} /v1{path}`").And.Contain($"`{now}`");
        }
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^\| `([A-Za-z]+)` \| `([A-Za-z]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
