using System.Text.RegularExpressions;
using FluentAssertions;
using Xunit;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>docs/errors.md lists every code that the API can return, and no others.</summary>
public sealed partial class ErrorListTests
{
    [Fact]
    public void The_list_of_codes_is_complete_and_has_nothing_else()
    {
        var used = Repository.Files("src/Api", "*.cs")
            .SelectMany(f => Used().Matches(Repository.Read(f)).Select(m => m.Groups[1].Value))
            .Distinct().Order(StringComparer.Ordinal).ToList();
        var listed = Listed().Matches(Repository.Read("docs/errors.md")).Select(m => m.Groups[1].Value).ToList();

        used.Except(listed).Should().BeEmpty("every code is listed");
        var spelled = Repository.Files("src/Api", "*.cs").SelectMany(f => Quoted().Matches(Repository.Read(f)).Select(m => m.Groups[1].Value)).ToHashSet();
        listed.Where(code => !spelled.Contains(code)).Should().BeEmpty("a code that nothing answers is taken from the list");
        listed.Should().OnlyHaveUniqueItems().And.BeInAscendingOrder(StringComparer.Ordinal);
    }

    // The first argument of the methods that create errors, and the codes of authentication.
    [GeneratedRegex("""(?:BadRequest|Unauthorized|Forbidden|Conflict|Gone|TooLarge|Rule|Refuse|ProblemException|CredentialProblem|Details|Of)\(\s*(?:\d{3}, )?"([a-z_]+)",""")]
    private static partial Regex Used();

    [GeneratedRegex("\"([a-z_0-9]+)\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("^\\| `([a-z_0-9]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex Listed();
}
