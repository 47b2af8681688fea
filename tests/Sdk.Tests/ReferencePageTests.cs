using System.Text.RegularExpressions;
using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Sdk.Tests;

public sealed partial class ReferencePageTests(ApiHost api)
{
    [Fact]
    public async Task The_reference_page_loads_from_here_alone_and_runs_nothing_inline()
    {
        var page = (await api.Client(null).GetAsync("/reference/index.html")).ShouldBe(200);

        var policy = page.Headers["Content-Security-Policy"];
        policy.Should().StartWith("default-src 'none'").And.Contain("script-src 'self';").And.Contain("frame-ancestors 'none'").And.NotContain("unsafe");
        InlineScript().IsMatch(page.Text).Should().BeFalse("the policy would refuse it");
        var addresses = Address().Matches(page.Text).Select(m => m.Groups[1].Value).Where(a => !a.EndsWith(".png", StringComparison.Ordinal)).ToList();
        addresses.Should().HaveCountGreaterThan(3).And.NotContain(a => a.Contains("//"));
        foreach (var address in addresses)
        {
            (await api.Client(null).GetAsync($"/reference/{address}")).ShouldBe(200);
        }
    }

    [Fact]
    public async Task The_document_is_served_as_OpenAPI_3_0()
    {
        var document = (await api.Client(null).GetAsync("/openapi/v1.json")).ShouldBe(200);

        document["openapi"].Should().StartWith("3.0");
        document.Headers["Content-Security-Policy"].Should().StartWith("default-src 'none'");
    }

    [GeneratedRegex(@"<script(?![^>]*\bsrc=)[^>]*>\s*\S")]
    private static partial Regex InlineScript();

    [GeneratedRegex(@"(?:src|href)=""([^""]+)""")]
    private static partial Regex Address();
}
