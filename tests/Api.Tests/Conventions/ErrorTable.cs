using System.Text.RegularExpressions;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>The table of docs/errors.md.</summary>
internal static partial class ErrorTable
{
    public sealed record Row(string Code, string Status, string Meaning, string WayOut);

    public static IReadOnlyList<Row> Rows() =>
        [.. Line().Matches(Repository.Read("docs/errors.md")).Select(m => new Row(m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value, m.Groups[4].Value))];

    [GeneratedRegex(@"^\| `([a-z_0-9]+)` \| (\S+) \| (.*) \| (.*) \|\r?$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
