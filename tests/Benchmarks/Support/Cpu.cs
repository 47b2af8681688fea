using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Proofsheet.Benchmarks.Support;

/// <summary>CPU seconds, user and system, as Http counts them (getrusage).</summary>
internal static partial class Cpu
{
    private const int Self = 0;
    private const int Children = -1;

    public static double OfThisProcess() => Read(Self);

    /// <summary>Of all children that have exited, together.</summary>
    public static double OfEndedChildren() => Read(Children);

    /// <summary>Runs a program and returns the CPU seconds it took.</summary>
    public static double OfProgram(string program, params string[] arguments)
    {
        var before = OfEndedChildren();
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? OfEndedChildren() - before
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error.Result}");
    }

    private static unsafe double Read(int who)
    {
        // struct rusage begins with two timevals: user and system time. The rest is not needed.
        var usage = stackalloc long[18];
        if (GetRusage(who, usage) != 0)
        {
            throw new InvalidOperationException("getrusage failed.");
        }

        return usage[0] + usage[1] / 1e6 + usage[2] + usage[3] / 1e6;
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static unsafe partial int GetRusage(int who, long* usage);
}
