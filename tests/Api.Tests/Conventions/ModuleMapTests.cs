using System.Text.RegularExpressions;
using FluentAssertions;
using Xunit;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>
/// Which modules may depend on which, as in docs/architecture.md. All of them may use Http and src/Shared. The other direction is an outbox event of
/// the publishing module, or an interface of the calling one.
/// </summary>
public sealed partial class ModuleMapTests
{
    private const string Maintenance = "Storage.Maintenance";

    private static readonly Dictionary<string, string[]> Sees = new()
    {
        ["Http"] = [],
        ["Data"] = [],
        ["Storage"] = [],
        ["Imaging"] = [],
        ["Payments"] = [],
        ["DeadLetters"] = ["Data"],
        ["Audit"] = ["Data"],
        ["Auth"] = ["Data"],
        ["Studios"] = ["Auth", "Data", "Storage", "Imaging"],
        ["OAuthClients"] = ["Auth", "Data", "Studios"],
        ["Clients"] = ["Data"],
        ["Galleries"] = ["Auth", "Clients", "Data", "Studios"],
        ["Photos"] = ["Data", "Studios", "Galleries", "Storage", "Imaging"],
        ["Media"] = ["Data", "Studios", "Galleries", "Photos", "Storage", "Imaging"],
        ["Uploads"] = ["Data", "Studios", "Galleries", "Photos", "Storage", Maintenance, "Imaging"],
        ["Selections"] = ["Data", "Studios", "Galleries", "Photos"],
        ["Catalog"] = ["Data", "Studios", "Galleries"],
        ["Carts"] = ["Data", "Studios", "Galleries", "Catalog", "Photos", "Selections"],
        ["Orders"] = ["Auth", "Clients", "Data", "Studios", "Galleries", "Catalog", "Carts", "Photos", "Selections", "Payments"],
        ["Archives"] = ["Data", "Studios", "Photos", "Storage"],
        ["OrderDownloads"] = ["Data", "Studios", "Galleries", "Catalog", "Orders", "Photos", "Media", "Archives", "Storage", "Imaging"],
        ["GalleryDownloads"] = ["Data", "Studios", "Galleries", "Catalog", "Photos", "Media", "Selections", "OrderDownloads", "Archives", "Storage", "Imaging"],
        ["Exports"] = ["Data", "Studios", "Galleries", "Photos", "Selections", "OrderDownloads", "GalleryDownloads", "Archives", "Storage"],
        ["Notifications"] = ["Auth", "Clients", "Data", "Studios", "Galleries", "Photos", "Media", "Imaging", "Selections", "Orders", "OrderDownloads"],
        [Maintenance] = ["Data", "Studios", "Photos", "Storage"],
    };

    // The program's composition and its command line see every module; no module sees them.
    private static readonly string[] Outside = ["Program.cs", "Commands"];

    [Fact]
    public void Every_module_sees_only_what_the_map_allows()
    {
        var strays = new List<string>();
        foreach (var file in Files().Where(f => !Outside.Contains(f.Split('/')[2])))
        {
            var module = ModuleOf(file["src/Api/".Length..].Replace('/', '.'));
            if (!Sees.TryGetValue(module, out var allowed))
            {
                strays.Add($"{file}: the module {module} is not on the map");
                continue;
            }

            strays.AddRange(Mentions(file).Where(seen => seen != module && seen != "Http" && !allowed.Contains(seen)).Distinct().Select(seen => $"{file}: {module} may not see {seen}"));
        }

        strays.Should().BeEmpty();
    }

    [Fact]
    public void The_map_has_no_circle()
    {
        var above = new List<string>();

        void Visit(string module)
        {
            above.Contains(module).Should().BeFalse("{0} leads back to itself", string.Join(" → ", above.Append(module)));
            above.Add(module);
            foreach (var next in Sees[module])
            {
                Visit(next);
            }

            above.Remove(module);
        }

        foreach (var module in Sees.Keys)
        {
            Visit(module);
        }
    }

    [Fact]
    public void Shared_sees_no_module()
    {
        Repository.Files("src/Shared", "*.cs").Where(f => Regex.IsMatch(Repository.Read(f), @"\bProofsheet\.(Api|Identity)\."))
            .Should().BeEmpty();
    }

    [Fact]
    public void Every_namespace_is_its_folder()
    {
        var strays = new List<string>();
        foreach (var file in Files().Concat(Repository.Files("src/Shared", "*.cs")).Where(f => f.EndsWith(".cs", StringComparison.Ordinal) && !f.EndsWith("/Program.cs", StringComparison.Ordinal)))
        {
            var expected = $"Proofsheet.{Path.GetDirectoryName(file)!["src/".Length..].Replace('/', '.')}";
            if (Regex.Match(Repository.Read(file), @"^namespace ([\w.]+);", RegexOptions.Multiline).Groups[1].Value is var declared && declared != expected)
            {
                strays.Add($"{file}: {declared} instead of {expected}");
            }
        }

        strays.Should().BeEmpty();
    }

    [Fact]
    public void Files_stay_readable_at_one_sitting()
    {
        Repository.Files("src", "*.cs").Concat(Repository.Files("samples", "*.ts*")).Concat(Repository.Files("tests", "*.cs"))
            .Where(f => !f.Contains("/Generated/", StringComparison.Ordinal) && !f.Contains("/Migrations/", StringComparison.Ordinal))
            .Select(f => (File: f, Lines: Repository.Read(f).Count(c => c == '\n')))
            .Where(f => f.Lines > 330)
            .Should().BeEmpty();
    }

    // Migrations are generated, and name entities as strings.
    private static IEnumerable<string> Files() => Repository.Files("src/Api", "*.cs").Concat(Repository.Files("src/Api", "*.razor"))
        .Where(f => !f.Contains("/Data/Design/", StringComparison.Ordinal) && !f.Contains("/Migrations/", StringComparison.Ordinal));

    private static string ModuleOf(string name) => name.StartsWith(Maintenance, StringComparison.Ordinal) ? Maintenance : name.Split('.')[0];

    private static IEnumerable<string> Mentions(string file) =>
        Using().Matches(Repository.Read(file)).Concat(QualifiedName().Matches(Repository.Read(file))).Select(m => ModuleOf(m.Groups[1].Value));

    [GeneratedRegex(@"^\s*@?using\s+(?:static\s+|\w+\s*=\s*)?Proofsheet\.Api\.([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"^(?!\s*(?:namespace|//|@?using)).*\bProofsheet\.Api\.([\w.]+)\.", RegexOptions.Multiline)]
    private static partial Regex QualifiedName();
}
