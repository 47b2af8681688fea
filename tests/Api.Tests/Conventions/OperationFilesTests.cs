using System.Text.RegularExpressions;
using FluentAssertions;
using Xunit;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>An operation's name leads to its file.</summary>
public sealed partial class OperationFilesTests
{
    [Fact]
    public void Each_operation_lives_in_the_file_of_its_name()
    {
        var operations = Repository.Files("src/Api", "*.cs").SelectMany(f => Name().Matches(Repository.Read(f)).Select(m => (File: f.Split('/')[^1], Operation: m.Groups[1].Value))).ToList();

        operations.Should().HaveCountGreaterThan(100);
        operations.Where(o => o.File != $"{o.Operation}.cs").Should().BeEmpty();
    }

    [GeneratedRegex(@"\.WithName\(""(\w+)""\)")]
    private static partial Regex Name();
}
