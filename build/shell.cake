#nullable enable
// Runs programs, one after the other or concurrently in lanes.
using System.Diagnostics;
using System.Text;

class StepFailed : Exception
{
    public StepFailed(string message) : base(message) { }
}

/// The machine lacks something that the step needs; the message says what.
class StepSkipped : Exception
{
    public StepSkipped(string message) : base(message) { }
}

static class Shell
{
    /// Runs a program to completion. With a log, its output goes there, and only the end of it is shown if the program fails.
    public static void Run(string program, IEnumerable<string> arguments, string? folder = null, string? log = null,
        IReadOnlyDictionary<string, string>? environment = null, TimeSpan? limit = null)
    {
        var code = Code(program, arguments, folder, log, environment, limit);
        if (code == 0)
        {
            return;
        }

        if (log is not null)
        {
            Console.WriteLine(string.Join('\n', System.IO.File.ReadLines(log).TakeLast(40)));
        }

        var line = $"{program} {string.Join(' ', arguments)}";
        throw new StepFailed($"ended with code {code}: {(line.Length > 160 ? line[..160] + " ..." : line)}{(log is null ? "" : $" (all of it in {log})")}");
    }

    public static int Code(string program, IEnumerable<string> arguments, string? folder = null, string? log = null,
        IReadOnlyDictionary<string, string>? environment = null, TimeSpan? limit = null)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder ?? "", UseShellExecute = false };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        // Concurrent steps must not mix their output.
        var isCaptured = log is not null || Lanes.IsBuffered;
        start.RedirectStandardOutput = start.RedirectStandardError = isCaptured;
        using var process = Process.Start(start) ?? throw new StepFailed($"{program} did not start");
        using var writer = log is null ? null : System.IO.File.CreateText(log);
        var sink = writer ?? Console.Out;
        var pumps = isCaptured ? new[] { Pump(process.StandardOutput, sink), Pump(process.StandardError, sink) } : [];
        var time = Lanes.Remaining(limit ?? TimeSpan.FromMinutes(30));
        if (!process.WaitForExit(time))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(TimeSpan.FromSeconds(10));
            throw new StepFailed($"{program} took longer than {time.TotalMinutes:0.#} min and was stopped");
        }

        // A server that the program left behind (MSBuild's, the compiler's) may hold its output open forever.
        System.Threading.Tasks.Task.WaitAll(pumps, TimeSpan.FromSeconds(5));
        lock (sink)
        {
            writer?.Flush();
            return process.ExitCode;
        }
    }

    private static System.Threading.Tasks.Task Pump(StreamReader from, TextWriter to) => System.Threading.Tasks.Task.Run(() =>
    {
        try
        {
            while (from.ReadLine() is { } line)
            {
                lock (to)
                {
                    to.WriteLine(line);
                }
            }
        }
        catch (ObjectDisposedException)
        {
            // The wait above has timed out.
        }
    });
}

/// Lets one lane wait for something in another.
class Signal : IDisposable
{
    private readonly System.Threading.ManualResetEventSlim _event = new();
    private bool _wentWell;

    public void Set(bool wentWell)
    {
        _wentWell = wentWell;
        _event.Set();
    }

    public bool Wait()
    {
        _event.Wait();
        return _wentWell;
    }

    public void Dispose() => _event.Dispose();
}

/// Runs steps concurrently: every lane except the first holds back its output until its step ends, and each step has a time limit.
static class Lanes
{
    private static readonly System.Threading.AsyncLocal<StringWriter?> s_buffer = new();
    private static readonly System.Threading.AsyncLocal<DateTime?> s_deadline = new();
    private static TextWriter s_console = TextWriter.Null;

    public static bool IsBuffered => s_buffer.Value is not null;

    public static TimeSpan Remaining(TimeSpan most)
    {
        var left = s_deadline.Value - DateTime.UtcNow ?? most;
        return left > most ? most : left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public static void Together(params Action[] lanes)
    {
        s_console = Console.Out;
        Console.SetOut(new Router());
        var others = lanes[1..].Select(lane => System.Threading.Tasks.Task.Run(() =>
        {
            s_buffer.Value = new StringWriter();
            lane();
        })).ToArray();
        lanes[0]();
        System.Threading.Tasks.Task.WaitAll(others);
        Console.SetOut(s_console);
    }

    public static void Within(TimeSpan limit, Action work)
    {
        s_deadline.Value = DateTime.UtcNow + limit;
        try
        {
            work();
        }
        finally
        {
            s_deadline.Value = null;
            if (s_buffer.Value is { } buffer)
            {
                lock (s_console)
                {
                    s_console.Write(buffer.ToString());
                    s_console.Flush();
                }

                buffer.GetStringBuilder().Clear();
            }
        }
    }

    private sealed class Router : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Target.Write(value);

        public override void Write(string? value) => Target.Write(value);

        public override void WriteLine(string? value) => Target.WriteLine(value);

        private static TextWriter Target => s_buffer.Value ?? s_console;
    }
}
