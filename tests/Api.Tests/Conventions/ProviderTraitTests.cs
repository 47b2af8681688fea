using System.Text.RegularExpressions;
using FluentAssertions;
using Xunit;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>
/// CI runs all tests on SQLite, and on PostgreSQL only those with the trait Database=Provider. Everything whose result may depend on the database has
/// it: on the class if most of it does, otherwise on the test.
/// </summary>
public sealed partial class ProviderTraitTests
{
    private const string Attribute = "[Trait(\"Database\", \"Provider\")]";

    // What these modules promise mostly depends on statements, constraints and transactions.
    private static readonly string[] WholeFolders = ["Audit", "Carts", "Catalog", "Orders", "Outbox", "Selections"];

    // These do not use a database, or bring their own.
    private static readonly string[] WithoutDatabase = ["Crash", "Imaging", "Payments"];

    [Fact]
    public void A_test_that_depends_on_the_database_provider_runs_on_each_of_them()
    {
        var missing = new List<string>();
        foreach (var file in Repository.Files("tests/Api.Tests", "*.cs").Where(f => !WithoutDatabase.Contains(Folder(f)) && !f.EndsWith($"/{nameof(ProviderTraitTests)}.cs", StringComparison.Ordinal)))
        {
            var source = Repository.Read(file);
            var tests = Tests().Split(source);
            if (!UsesDatabase().IsMatch(source) || tests[0].Contains(Attribute, StringComparison.Ordinal))
            {
                continue;
            }

            missing.AddRange(tests.Skip(1)
                .Where(t => !t.Contains(Attribute, StringComparison.Ordinal) && (WholeFolders.Contains(Folder(file)) || DependsOnProvider().IsMatch(t)))
                .Select(t => $"{file}: {Name().Match(t).Groups[1].Value}"));
        }

        missing.Should().BeEmpty($"what races, pages, locks, repeats a request or looks past the API depends on the provider: {Attribute}");
    }

    /// <summary>The PostgreSQL run in CI is short because it has few tests.</summary>
    [Fact]
    public void Tests_without_a_database_do_not_run_twice()
    {
        Repository.Files("tests/Api.Tests", "*.cs")
            .Where(f => Repository.Read(f).Contains($"\n{Attribute}", StringComparison.Ordinal) && WithoutDatabase.Contains(Folder(f)))
            .Should().BeEmpty();
    }

    private static string Folder(string file) => file.Split('/')[2];

    [GeneratedRegex(@"\b(ApiHost|CrashSite|PostgresServer|TestDatabase|TreacherousStore)\b")]
    private static partial Regex UsesDatabase();

    [GeneratedRegex(@"Task\.WhenAll|Parallel\.|\bSiblingAsync\b|BeginTransaction|\bTestDatabase\b|PostgresServer|[Ii]dempotency-?[Kk]ey|cursor=|nextCursor|OutboxStore|\bifMatch\b|If-Match|DbUpdate")]
    private static partial Regex DependsOnProvider();

    [GeneratedRegex(@"(?m)^(?=    \[(?:Fact|Theory))")]
    private static partial Regex Tests();

    [GeneratedRegex(@"public (?:async )?(?:Task|void|ValueTask) (\w+)\(")]
    private static partial Regex Name();
}
