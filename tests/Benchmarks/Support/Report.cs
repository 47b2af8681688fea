using System.Reflection;
using System.Text;

namespace Proofsheet.Benchmarks.Support;

/// <summary>One measurement and its peer.</summary>
/// <param name="What">What was measured, with its unit.</param>
/// <param name="Peer">What it is compared with, in the same run.</param>
internal sealed record Row(string What, double Ours, string Peer, double Theirs, bool HigherIsBetter = false)
{
    public double Ratio => Theirs == 0 ? double.NaN : Ours / Theirs;

    public override string ToString() => $"{What}: {Report.Number(Ours)}; {Peer}: {Report.Number(Theirs)}; ratio {Ratio:0.00}{(HigherIsBetter ? " (more is better)" : "")}";
}

internal interface IPart
{
    string Name { get; }

    Task<IReadOnlyList<Row>> RunAsync();
}

internal static class Report
{
    private const string Begin = "<!-- figures -->";
    private const string End = "<!-- /figures -->";

    public static string Table(IEnumerable<Row> rows)
    {
        var text = new StringBuilder("| what | Proofsheet | peer | peer's figure | ratio |\n|---|---:|---|---:|---:|\n");
        foreach (var row in rows)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {row.What}{(row.HigherIsBetter ? " (more is better)" : "")} | {Number(row.Ours)} | {row.Peer} | {Number(row.Theirs)} | {row.Ratio:0.00} |\n");
        }

        return text.ToString();
    }

    /// <summary>Inserts the table between its markers in docs/benchmarks.md.</summary>
    public static void Write(string table)
    {
        var file = Path.Combine(Checkout.Root, "docs", "benchmarks.md");
        var text = File.ReadAllText(file);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        File.WriteAllText(file, $"{text[..from]}\n{table}{text[to..]}");
    }

    public static string Number(double value) => value switch
    {
        >= 1_000 => value.ToString("N0"),
        >= 10 => value.ToString("0.0"),
        >= 0.1 => value.ToString("0.00"),
        _ => value.ToString("0.0000"),
    };

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2;
    }

    public static double Percentile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(share * sorted.Count) - 1)];
    }
}

internal static class Checkout
{
    public static string Root { get; } = Find();

    /// <summary>The built authority.</summary>
    public static string Authority { get; } = Path.Combine(Root, typeof(Checkout).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "IdentityAssembly").Value!);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "build.cake")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("Run the benchmarks inside a checkout.");
    }
}
