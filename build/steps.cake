#nullable enable
// Running programs, and the book that Test and Ci keep: each step, each test run, one line at the end.
using System.Diagnostics;
using System.Text.Json;

class StepFailed : Exception
{
    public StepFailed(string message) : base(message) { }
}

record TestCase(string Name, string Message);

record Counts(int Passed, int Failed, int Skipped, List<TestCase> Failures, List<TestCase> Skips);

static class Shell
{
    /// Runs a program to its end. With a log its output goes there, and only the end of it is shown when the program fails.
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

        start.RedirectStandardOutput = start.RedirectStandardError = log is not null;
        using var process = Process.Start(start) ?? throw new StepFailed($"{program} did not start");
        using var writer = log is null ? null : System.IO.File.CreateText(log);
        if (writer is not null)
        {
            DataReceivedEventHandler write = (_, line) => { lock (writer) { if (line.Data is not null) { writer.WriteLine(line.Data); } } };
            process.OutputDataReceived += write;
            process.ErrorDataReceived += write;
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        if (!process.WaitForExit(limit ?? TimeSpan.FromMinutes(30)))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            throw new StepFailed($"{program} took longer than {limit ?? TimeSpan.FromMinutes(30)} and was stopped");
        }

        // The second wait is for the last lines of output.
        process.WaitForExit();
        return process.ExitCode;
    }
}

class Book
{
    private readonly List<(string Name, string Result, TimeSpan Took)> _steps = [];
    private readonly List<(string Run, TestCase Case)> _failures = [];
    private readonly List<(string Run, TestCase Case)> _skips = [];
    private int _passed, _failed, _skipped;

    public bool Green => _failed == 0;

    /// A step that is no test run counts as one: passed, or failed.
    public bool Step(string name, Action work) => Time(name, () =>
    {
        work();
        return new Counts(1, 0, 0, [], []);
    });

    /// A run of tests: what it says in its report file counts. Without a report the run itself failed.
    public bool Tests(string name, string report, Func<string, Counts> read, Func<int> run) => Time(name, () =>
    {
        System.IO.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(report)!);
        System.IO.File.Delete(report);
        var code = run();
        if (!System.IO.File.Exists(report))
        {
            throw new StepFailed($"the test run ended with code {code} and left no report");
        }

        var counts = read(report);
        if (counts.Passed + counts.Failed + counts.Skipped == 0)
        {
            throw new StepFailed("no test was found");
        }

        // A fixture's clean-up that throws, or a runner that falls over, fails no test by name.
        if (counts.Failed == 0 && code != 0)
        {
            var reason = $"the test run ended with code {code} though no test failed; see its output above";
            counts = counts with { Failed = 1, Failures = [new TestCase(name, reason)] };
        }

        return counts;
    });

    private bool Time(string name, Func<Counts> work)
    {
        Console.WriteLine($"\n== {name}");
        var clock = Stopwatch.StartNew();
        Counts counts;
        try
        {
            counts = work();
        }
        catch (Exception e)
        {
            var message = e is StepFailed ? e.Message : e.ToString();
            counts = new Counts(0, 1, 0, [new TestCase(name, message)], []);
        }

        _passed += counts.Passed;
        _failed += counts.Failed;
        _skipped += counts.Skipped;
        _failures.AddRange(counts.Failures.Select(f => (name, f)));
        _skips.AddRange(counts.Skips.Select(s => (name, s)));
        var result = counts.Passed + counts.Failed + counts.Skipped == 1
            ? counts.Failed == 1 ? "FAILED" : counts.Skipped == 1 ? "skipped" : "ok"
            : $"{counts.Passed} passed, {counts.Failed} failed, {counts.Skipped} skipped";
        _steps.Add((name, result, clock.Elapsed));
        Console.WriteLine($"-- {name}: {result} in {clock.Elapsed.TotalSeconds:0.0} s{(counts.Failures.Count == 1 && counts.Passed == 0 ? ": " + counts.Failures[0].Message : "")}");
        return counts.Failed == 0;
    }

    public void Print()
    {
        foreach (var reason in _skips.GroupBy(s => (s.Run, s.Case.Message)))
        {
            Console.WriteLine($"\nSkipped in {reason.Key.Run}: {reason.Key.Message}");
            foreach (var (_, test) in reason)
            {
                Console.WriteLine($"  {test.Name}");
            }
        }

        foreach (var (run, test) in _failures)
        {
            Console.WriteLine($"\nFailed in {run}: {test.Name}\n  {test.Message.Trim().ReplaceLineEndings("\n  ")}");
        }

        Console.WriteLine();
        foreach (var (name, result, took) in _steps)
        {
            Console.WriteLine($"{took.TotalSeconds,8:0.0} s  {name}: {result}");
        }

        Console.WriteLine($"{_steps.Sum(s => s.Took.TotalSeconds),8:0.0} s  in all\n");
        Console.WriteLine($"{_passed} passed, {_failed} failed, {_skipped} skipped");
    }
}

static class Reports
{
    /// The Common Test Report Format that the xunit runner writes.
    public static Counts Ctrf(string file)
    {
        using var json = JsonDocument.Parse(System.IO.File.ReadAllText(file));
        var results = json.RootElement.GetProperty("results");
        var failures = new List<TestCase>();
        var skips = new List<TestCase>();
        var passed = 0;
        foreach (var test in results.GetProperty("tests").EnumerateArray())
        {
            var found = new TestCase(test.GetProperty("name").GetString()!, Text(test, "message", "no reason given"));
            switch (test.GetProperty("status").GetString())
            {
                case "passed": passed++; break;
                case "skipped" or "pending":
                    skips.Add(found with { Message = Text(test.GetProperty("extra"), "reason", found.Message) });
                    break;
                default: failures.Add(found with { Message = $"{found.Message}\n{Text(test, "trace", "")}" }); break;
            }
        }

        return new Counts(passed, failures.Count, skips.Count, failures, skips);
    }

    /// The JSON report of vitest, which has the shape of jest's.
    public static Counts Vitest(string file)
    {
        using var json = JsonDocument.Parse(System.IO.File.ReadAllText(file));
        var failures = new List<TestCase>();
        var skips = new List<TestCase>();
        var passed = 0;
        foreach (var suite in json.RootElement.GetProperty("testResults").EnumerateArray())
        {
            var tests = suite.GetProperty("assertionResults").EnumerateArray().ToList();
            if (tests.Count == 0 && suite.GetProperty("status").GetString() == "failed")
            {
                failures.Add(new TestCase(suite.GetProperty("name").GetString()!, Text(suite, "message", "the file could not be run")));
            }

            foreach (var test in tests)
            {
                var name = test.GetProperty("fullName").GetString()!;
                switch (test.GetProperty("status").GetString())
                {
                    case "passed": passed++; break;
                    case "failed": failures.Add(new TestCase(name, string.Join('\n', test.GetProperty("failureMessages").EnumerateArray()))); break;
                    default: skips.Add(new TestCase(name, "marked as skipped in the file")); break;
                }
            }
        }

        return new Counts(passed, failures.Count, skips.Count, failures, skips);
    }

    private static string Text(JsonElement element, string name, string otherwise) =>
        element.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text ? text : otherwise;
}
