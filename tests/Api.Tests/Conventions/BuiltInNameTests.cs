using System.Reflection;
using FluentAssertions;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>
/// Generators make a type of each schema, and some a file. If it has the name of a built-in type, the generated code no longer compiles (the utility type
/// Pick of TypeScript), or compiles with the wrong type where an import was forgotten. Capital letters make no difference, because file systems ignore them.
/// </summary>
public sealed class BuiltInNameTests(ApiHost api)
{
    private const string Folder = "tests/Api.Tests/Conventions/BuiltInNames";

    // Those of the SDK for console programs and libraries.
    private static readonly string[] ImplicitUsings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    [Theory]
    [InlineData("csharp", "class", "Task", "Range", "HttpClient", "List")]
    [InlineData("java", "package", "Record", "Currency", "Optional")]
    [InlineData("kotlin", "object", "Pair", "Result", "Unit")]
    [InlineData("python", "import", "filter", "Literal", "TimeoutError")]
    [InlineData("swift", "protocol", "Result", "Identifiable", "Data")]
    [InlineData("typescript", "type", "Pick", "Omit", "Selection", "PaymentRequest")]
    public async Task No_schema_has_the_name_of_a_built_in_type(string language, params string[] examples)
    {
        var builtIn = BuiltIn(language);
        var schemas = (await OpenApiDocument.ReadAsync(api)).Root["components"]!["schemas"]!.AsObject().Select(s => s.Key).ToList();

        schemas.Should().HaveCountGreaterThan(100);
        examples.Should().OnlyContain(name => builtIn.Contains(name));
        schemas.Where(builtIn.Contains).Should().BeEmpty("those are names of {0}; the record behind a schema is named as the schema, with Response behind it", language);
    }

    private static HashSet<string> BuiltIn(string language)
    {
        var names = Repository.Read($"{Folder}/{language}.txt").Split('\n').Where(line => !line.StartsWith('#'))
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (language == "csharp")
        {
            names.UnionWith(TypesOfRuntime());
        }

        return names;
    }

    private static IEnumerable<string> TypesOfRuntime() =>
        Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System.*.dll")
            .SelectMany(file => Assembly.Load(AssemblyName.GetAssemblyName(file)).ExportedTypes)
            .Where(type => ImplicitUsings.Contains(type.Namespace) && !type.IsNested)
            .Select(type => type.Name.Split('`')[0]);
}
