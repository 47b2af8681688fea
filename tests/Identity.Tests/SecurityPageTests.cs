using System.Text.RegularExpressions;
using FluentAssertions;
using Proofsheet.Storefront.Tests.Stage;
using Xunit;

namespace Proofsheet.Identity.Tests;

/// <summary>docs/security.md backs its promises with tests: each test that it names exists.</summary>
public sealed partial class SecurityPageTests
{
    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        var named = Named().Matches(File.ReadAllText(Path.Combine(Checkout.Root, "docs", "security.md"))).Select(m => (Class: m.Groups[1].Value, Test: m.Groups[2].Value)).ToList();
        var sources = Directory.EnumerateFiles(Path.Combine(Checkout.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText).ToList();

        named.Should().NotBeEmpty();
        named.Where(name => !sources.Any(source => Regex.IsMatch(source, $@"\bclass {name.Class}\b") && Regex.IsMatch(source, $@"\b(void|Task) {name.Test}\(")))
            .Should().BeEmpty("the page must not name what is not there");
    }

    [GeneratedRegex(@"`(\w+Tests|AuthorityContract)\.(\w+)`")]
    private static partial Regex Named();
}
