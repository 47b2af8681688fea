using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Proofsheet.Benchmarks.Support;

/// <summary>Runs wrk (Debian: wrk) to generate load from a separate process: limited in time and connections, on loopback only.</summary>
internal static partial class Wrk
{
    public static double RequestsPerSecond(Uri address, params string[] headers)
    {
        List<string> arguments = ["-t1", "-c8", "-d4s", .. headers.SelectMany(h => new[] { "-H", h }), address.ToString()];
        var start = new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (Errors().IsMatch(output))
        {
            throw new InvalidOperationException($"{address}: {output}");
        }

        return double.Parse(Rate().Match(output).Groups[1].Value);
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"Non-2xx|Socket errors")]
    private static partial Regex Errors();
}
