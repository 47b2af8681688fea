using System.Text.RegularExpressions;
using FluentAssertions;
using Proofsheet.Api.Tests.Conventions;
using Xunit;

namespace Proofsheet.Identity.Tests.Conventions;

/// <summary>Which modules of the authority may depend on which, as in docs/architecture.md; and that the API knows it only by configuration.</summary>
public sealed partial class ModuleMapTests
{
    private static readonly Dictionary<string, string[]> Sees = new()
    {
        ["Outbox"] = [],
        ["Web"] = [],
        ["Protocol"] = ["Outbox"],
        ["Data"] = ["Outbox", "Protocol"],
        ["Sessions"] = ["Data", "Protocol.Ports"],
        ["Mail"] = ["Data", "Outbox", "Protocol.Ports"],
        ["Users"] = ["Data", "Outbox", "Web", "Mail", "Sessions", "Protocol.Ports"],
        ["Pages"] = ["Users", "Sessions", "Protocol.Ports", "Data", "Web"],
    };

    [Fact]
    public void Every_module_sees_only_what_the_map_allows()
    {
        var strays = new List<string>();
        foreach (var file in Files().Where(f => f.Split('/').Length > 3 && !f.StartsWith("src/Identity/Commands/", StringComparison.Ordinal)))
        {
            var module = file.Split('/')[2];
            if (!Sees.TryGetValue(module, out var allowed))
            {
                strays.Add($"{file}: the module {module} is not on the map");
                continue;
            }

            strays.AddRange(Mention().Matches(Repository.Read(file)).Select(m => m.Groups[1].Value)
                .Where(seen => seen.Split('.')[0] != module && !allowed.Any(a => seen == a || seen.StartsWith(a + ".", StringComparison.Ordinal)))
                .Where(seen => Sees.ContainsKey(seen.Split('.')[0]))
                .Distinct().Select(seen => $"{file}: {module} may not see {seen}"));
        }

        strays.Should().BeEmpty();
    }

    [Fact]
    public void The_protocol_knows_no_database()
    {
        Files().Where(f => f.StartsWith("src/Identity/Protocol/", StringComparison.Ordinal))
            .Where(f => Repository.Read(f).Contains("EntityFrameworkCore", StringComparison.Ordinal))
            .Should().BeEmpty();
    }

    [Fact]
    public void The_API_takes_nothing_of_the_authority_but_the_verifier_of_signatures()
    {
        Repository.Files("src/Api", "*.csproj").Where(f => !f.Contains("/Design/", StringComparison.Ordinal))
            .SelectMany(f => Regex.Matches(Repository.Read(f), "<(?:ProjectReference|Compile) Include=\"([^\"]*Identity[^\"]*)\"").Select(m => m.Groups[1].Value))
            .Where(reference => !reference.EndsWith("Proofsheet.Jose.csproj", StringComparison.Ordinal))
            .Should().BeEmpty();
        Repository.Files("src/Api", "*.cs").Where(f => Repository.Read(f).Contains("Proofsheet.Identity", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Fact]
    public void Every_file_declares_the_namespace_of_its_module()
    {
        Files().Where(f => f.EndsWith(".cs", StringComparison.Ordinal) && f.Split('/').Length > 3)
            .Where(f => !f.EndsWith(".cshtml.cs", StringComparison.Ordinal))
            .Where(f => !Regex.IsMatch(Repository.Read(f), $@"^namespace Proofsheet\.Identity\.{f.Split('/')[2]}\b", RegexOptions.Multiline))
            .Should().BeEmpty();
    }

    private static IEnumerable<string> Files() => Repository.Files("src/Identity", "*.cs").Concat(Repository.Files("src/Identity", "*.cshtml"))
        .Where(f => !f.StartsWith("src/Identity/Jose/", StringComparison.Ordinal) && !f.Contains("/Data/Design/", StringComparison.Ordinal) && !f.Contains("/Migrations/", StringComparison.Ordinal));

    [GeneratedRegex(@"^\s*@?using\s+(?:static\s+|\w+\s*=\s*)?Proofsheet\.Identity\.([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Mention();
}
