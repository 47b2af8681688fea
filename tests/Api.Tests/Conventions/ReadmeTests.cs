using System.Text.RegularExpressions;
using FluentAssertions;
using Xunit;

namespace Proofsheet.Api.Tests.Conventions;

public sealed class ReadmeTests
{
    [Fact]
    public void The_first_example_is_the_one_that_the_sdks_own_tests_run()
    {
        var example = Regex.Match(Repository.Read("src/Sdk/csharp/README.md"), "```csharp\n.*?```", RegexOptions.Singleline).Value;

        example.Should().NotBeEmpty();
        Repository.Read("README.md").Should().Contain(example);
    }

    [Fact]
    public void Links_in_the_documents_lead_somewhere()
    {
        var broken = new List<string>();
        foreach (var document in Repository.Files(".", "*.md").Where(f => !f.StartsWith(".tools", StringComparison.Ordinal) && !f.StartsWith("artifacts", StringComparison.Ordinal)))
        {
            foreach (var target in Regex.Matches(Repository.Read(document), @"\]\((?!https?:|#)([^)#]+)").Select(m => m.Groups[1].Value))
            {
                var path = Path.Combine(Repository.Root, Path.GetDirectoryName(document)!, target);
                if (!File.Exists(path) && !Directory.Exists(path))
                {
                    broken.Add($"{document}: {target}");
                }
            }
        }

        broken.Should().BeEmpty();
    }
}
