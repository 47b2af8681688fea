using System.Text.RegularExpressions;
using FluentAssertions;
using Xunit;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>
/// Which room may see which, as docs/architecture.md draws it. All see Kernel. Going the other way is an outbox event
/// or an interface of the room that is asked.
/// </summary>
public sealed partial class RoomMapTests
{
    private static readonly Dictionary<string, string[]> Sees = new()
    {
        ["Kernel"] = [],
        ["Data"] = [],
        ["Storage"] = [],
        ["Imaging"] = [],
        ["Payments"] = [],
        ["Mail"] = [],
        ["Outbox"] = ["Data"],
        ["Access"] = ["Data", "Outbox"],
        ["Studios"] = ["Access", "Data", "Outbox", "Storage", "Imaging"],
        ["Clients"] = ["Access", "Data", "Outbox", "Studios"],
        ["Galleries"] = ["Access", "Data", "Outbox", "Studios"],
        ["Photos"] = ["Data", "Outbox", "Studios", "Galleries", "Storage", "Imaging"],
        ["Selections"] = ["Data", "Outbox", "Studios", "Galleries", "Photos"],
        ["Catalog"] = ["Data", "Outbox", "Studios", "Galleries"],
        ["Carts"] = ["Data", "Outbox", "Studios", "Galleries", "Catalog", "Photos", "Selections", "Payments"],
        ["Orders"] = ["Data", "Outbox", "Studios", "Galleries", "Catalog", "Carts", "Photos", "Selections", "Payments"],
        ["Downloads"] = ["Data", "Outbox", "Studios", "Galleries", "Catalog", "Orders", "Photos", "Selections", "Storage", "Imaging"],
        ["Notifications"] = ["Data", "Outbox", "Studios", "Galleries", "Photos", "Selections", "Catalog", "Orders", "Downloads", "Mail", "Storage"],
        ["Audit"] = ["Data"],
    };

    // The table of contents and the command line see all; nobody sees them.
    private static readonly string[] Outside = ["Program.cs", "Commands"];

    [Fact]
    public void Every_room_sees_only_what_the_map_allows()
    {
        var strays = new List<string>();
        foreach (var file in Repository.Files("src/Api", "*.cs").Concat(Repository.Files("src/Api", "*.razor")))
        {
            var room = file.Split('/')[2];
            // Migrations are generated, and name the entities as text.
            if (Outside.Contains(room) || file.Contains("/Data/Design/", StringComparison.Ordinal) || file.Contains("/Migrations/", StringComparison.Ordinal))
            {
                continue;
            }

            if (!Sees.TryGetValue(room, out var allowed))
            {
                strays.Add($"{file}: the room {room} is not on the map");
                continue;
            }

            strays.AddRange(Mentions(file).Where(seen => seen != room && seen != "Kernel" && !allowed.Contains(seen)).Distinct().Select(seen => $"{file}: {room} may not see {seen}"));
        }

        strays.Should().BeEmpty();
    }

    [Fact]
    public void The_map_has_no_circle()
    {
        var above = new List<string>();

        void Visit(string room)
        {
            above.Contains(room).Should().BeFalse("{0} leads back to itself", string.Join(" → ", above.Append(room)));
            above.Add(room);
            foreach (var next in Sees[room])
            {
                Visit(next);
            }

            above.Remove(room);
        }

        foreach (var room in Sees.Keys)
        {
            Visit(room);
        }
    }

    [Fact]
    public void Every_file_declares_the_namespace_of_its_room()
    {
        Repository.Files("src/Api", "*.cs")
            .Where(f => !Outside.Contains(f.Split('/')[2]) && !f.Contains("/Design/", StringComparison.Ordinal))
            .Where(f => !Regex.IsMatch(Repository.Read(f), $@"^namespace Proofsheet\.Api\.{f.Split('/')[2]}\b", RegexOptions.Multiline))
            .Should().BeEmpty();
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

    private static IEnumerable<string> Mentions(string file) =>
        RoomName().Matches(Repository.Read(file)).Select(m => m.Groups[1].Value).Concat(
            QualifiedName().Matches(Repository.Read(file)).Select(m => m.Groups[1].Value));

    [GeneratedRegex(@"^\s*@?using\s+(?:static\s+|\w+\s*=\s*)?Proofsheet\.Api\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex RoomName();

    [GeneratedRegex(@"^(?!\s*(?:namespace|//)).*\bProofsheet\.Api\.(\w+)\.", RegexOptions.Multiline)]
    private static partial Regex QualifiedName();
}
