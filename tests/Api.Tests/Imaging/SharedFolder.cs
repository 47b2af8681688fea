using System.Diagnostics;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

/// <summary>The folder of real photographs and hostile files that may be next to the checkout.</summary>
internal static class SharedFolder
{
    private static readonly string? Root = Find();

    public static string Photos => Need("photos");

    public static IReadOnlyList<(string Name, IReadOnlyDictionary<string, string> Row)> PhotoManifest() => Manifest(Photos);

    /// <summary>All photographs in the nightly run, else the three smallest of each format.</summary>
    public static IReadOnlyList<(string Name, IReadOnlyDictionary<string, string> Row)> SomePhotographs() => IsNightly
        ? PhotoManifest()
        : [.. PhotoManifest().GroupBy(p => p.Row["format"], StringComparer.Ordinal).SelectMany(format => format.OrderBy(p => long.Parse(p.Row["bytes"], null)).Take(3))];

    public static bool IsNightly => Environment.GetEnvironmentVariable("PROOFSHEET_NIGHTLY") == "1";

    /// <summary>Creates the hostile files in a folder.</summary>
    public static async Task<IReadOnlyList<(string Name, IReadOnlyDictionary<string, string> Row)>> MakeHostileAsync(string folder, bool bombs)
    {
        var script = Path.Combine(Need("hostile"), "gen_hostile.py");
        var start = new ProcessStartInfo("python3") { RedirectStandardOutput = true };
        foreach (var argument in (string[])[script, Path.Combine(Photos, "landscape-1.jpg"), folder, .. bombs ? ["--bombs"] : Array.Empty<string>()])
        {
            start.ArgumentList.Add(argument);
        }

        using var python = Process.Start(start)!;
        await python.StandardOutput.ReadToEndAsync();
        await python.WaitForExitAsync();
        Assert.Equal(0, python.ExitCode);
        return Manifest(folder);
    }

    private static string Need(string folder)
    {
        Assert.SkipWhen(Root is null, "The folder ../shared (real photographs, hostile files) is not next to this checkout.");
        return Path.Combine(Root!, folder);
    }

    private static string? Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (Path.Exists(Path.Combine(at.FullName, ".git")))
            {
                var shared = Path.GetFullPath(Path.Combine(at.FullName, "..", "shared"));
                return File.Exists(Path.Combine(shared, "photos", "manifest.csv")) ? shared : null;
            }
        }

        return null;
    }

    private static List<(string, IReadOnlyDictionary<string, string>)> Manifest(string folder)
    {
        var rows = Csv(File.ReadAllText(Path.Combine(folder, "manifest.csv")));
        return [.. rows.Skip(1).Select(r => (r[0], (IReadOnlyDictionary<string, string>)rows[0].Zip(r).ToDictionary(p => p.First, p => p.Second)))];
    }

    // Names in the manifest contain quotes and line breaks.
    private static List<List<string>> Csv(string text)
    {
        var rows = new List<List<string>> { new() };
        var field = new System.Text.StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (isQuoted)
            {
                if (c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                {
                    field.Append('"');
                    i++;
                }
                else if (c == '"')
                {
                    isQuoted = false;
                }
                else
                {
                    field.Append(c);
                }
            }
            else if (c == '"')
            {
                isQuoted = true;
            }
            else if (c is ',' or '\n')
            {
                rows[^1].Add(field.ToString());
                field.Clear();
                if (c == '\n')
                {
                    rows.Add([]);
                }
            }
            else if (c != '\r')
            {
                field.Append(c);
            }
        }

        return [.. rows.Where(r => r.Count > 1)];
    }
}
