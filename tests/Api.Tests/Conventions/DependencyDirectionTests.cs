using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FluentAssertions;
using Xunit;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>Samples use only the SDKs, and the SDKs use nothing of ours.</summary>
public sealed class DependencyDirectionTests
{
    [Fact]
    public void Samples_reference_only_the_sdks()
    {
        References("samples").Where(r => !r.Target.StartsWith("src/Sdk/", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Fact]
    public void The_sdks_reference_nothing_of_ours_but_each_other()
    {
        References("src/Sdk").Where(r => !r.Target.StartsWith("src/Sdk/", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Fact]
    public void The_storefront_speaks_to_the_api_through_the_sdk_alone()
    {
        Repository.Files("samples/storefront/src", "*.ts*")
            .Where(f => Regex.IsMatch(Repository.Read(f), @"(?<![\w.])fetch\(|/v1/"))
            // The stand-in for a payment provider's script is not in an SDK; it uses the SDK's transport.
            .Where(f => !f.EndsWith("/config.ts", StringComparison.Ordinal) && !f.EndsWith("/shop/simulator.ts", StringComparison.Ordinal) && !f.Contains(".test.", StringComparison.Ordinal))
            .Should().BeEmpty("only config.ts fetches, and that its own config.json");
    }

    /// <summary>Project references and file: packages, as paths in the checkout.</summary>
    private static IEnumerable<(string From, string Target)> References(string below)
    {
        foreach (var project in Repository.Files(below, "*.csproj"))
        {
            foreach (var reference in XDocument.Parse(Repository.Read(project)).Descendants("ProjectReference"))
            {
                yield return (project, Resolve(project, reference.Attribute("Include")!.Value));
            }
        }

        foreach (var package in Repository.Files(below, "package.json"))
        {
            using var json = JsonDocument.Parse(Repository.Read(package));
            foreach (var section in new[] { "dependencies", "devDependencies", "peerDependencies" })
            {
                if (!json.RootElement.TryGetProperty(section, out var dependencies))
                {
                    continue;
                }

                foreach (var dependency in dependencies.EnumerateObject().Where(d => d.Value.GetString()!.StartsWith("file:", StringComparison.Ordinal)))
                {
                    yield return (package, Resolve(package, dependency.Value.GetString()!["file:".Length..]));
                }
            }
        }
    }

    private static string Resolve(string from, string relative) => Path.GetRelativePath(
        Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(from)!, relative.Replace('\\', '/')))).Replace('\\', '/');
}
