#nullable enable
// Collects the results of Test and Ci: each step, each test run, and the line of counts at the end.
using System.Diagnostics;
using System.Text.Json;

record TestCase(string Name, string Message);

record Counts(int Passed, int Failed, int Skipped, List<TestCase> Failures, List<TestCase> Skips)
{
    public Dictionary<string, TimeSpan> Classes { get; init; } = [];
}

class Book
{
    private readonly List<(string Name, string Result, TimeSpan Took)> _steps = [];
    private readonly List<(string Run, TestCase Case)> _failures = [];
    private readonly List<(string Run, TestCase Case)> _skips = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _passed, _failed, _skipped;

    public bool Green => _failed == 0;

    /// A step that is not a test run counts as one test, passed or failed.
    public bool Step(string name, Action work, int minutes = 10) => Time(name, minutes, () =>
    {
        work();
        return new Counts(1, 0, 0, [], []);
    });

    /// A test run counts as its report file says. If there is no report, the run itself failed.
    public bool Tests(string name, string report, Func<string, Counts> read, Func<int> run, int minutes, TestBudget? budget = null) => Time(name, minutes, () =>
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

        // If a fixture's clean-up throws or the runner crashes, no individual test has failed.
        if (counts.Failed == 0 && code != 0)
        {
            var reason = $"the test run ended with code {code} though no test failed; see its output above";
            counts = counts with { Failed = 1, Failures = [new TestCase(name, reason)] };
        }

        TestBudget.PrintSlowest(counts.Classes);
        var over = budget?.Over(counts.Classes) ?? [];
        return counts with { Failed = counts.Failed + over.Count, Failures = [.. counts.Failures, .. over] };
    });

    private bool Time(string name, int minutes, Func<Counts> work)
    {
        var counts = new Counts(0, 0, 0, [], []);
        Lanes.Within(TimeSpan.FromMinutes(minutes), () =>
        {
            Console.WriteLine($"\n== {name}");
            var clock = Stopwatch.StartNew();
            try
            {
                counts = work();
            }
            catch (StepSkipped e)
            {
                counts = new Counts(0, 0, 1, [], [new TestCase(name, e.Message)]);
            }
            catch (Exception e)
            {
                var message = e is StepFailed ? e.Message : e.ToString();
                counts = new Counts(0, 1, 0, [new TestCase(name, message)], []);
            }

            Enter(name, counts, clock.Elapsed);
        });
        return counts.Failed == 0;
    }

    private void Enter(string name, Counts counts, TimeSpan took)
    {
        var result = counts.Passed + counts.Failed + counts.Skipped == 1
            ? counts.Failed == 1 ? "FAILED" : counts.Skipped == 1 ? "skipped" : "ok"
            : $"{counts.Passed} passed, {counts.Failed} failed, {counts.Skipped} skipped";
        Console.WriteLine($"-- {name}: {result} in {took.TotalSeconds:0.0} s{(counts.Failures.Count == 1 && counts.Passed == 0 ? ": " + counts.Failures[0].Message : "")}");
        lock (_steps)
        {
            _passed += counts.Passed;
            _failed += counts.Failed;
            _skipped += counts.Skipped;
            _failures.AddRange(counts.Failures.Select(f => (name, f)));
            _skips.AddRange(counts.Skips.Select(s => (name, s)));
            _steps.Add((name, result, took));
        }
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
            Console.WriteLine($"\nFailed in {run}: {test.Name}\n  {Shortened(test.Message).ReplaceLineEndings("\n  ")}");
        }

        Console.WriteLine();
        foreach (var (name, result, took) in _steps)
        {
            Console.WriteLine($"{took.TotalSeconds,8:0.0} s  {name}: {result}");
        }

        Console.WriteLine($"{_clock.Elapsed.TotalSeconds,8:0.0} s  in all; some steps ran at the same time\n");
        // Repeated at the end, where a reader looks first.
        foreach (var (run, test) in _failures)
        {
            Console.WriteLine($"failed in {run}: {test.Name}");
        }

        Console.WriteLine($"{_passed} passed, {_failed} failed, {_skipped} skipped");
    }

    /// Keeps the beginning, which says what was expected, and the end, which says where. The full text is in the run's report.
    private static string Shortened(string message)
    {
        var lines = message.Trim().ReplaceLineEndings("\n").Split('\n').Select(l => l.Length > 400 ? l[..400] + " …" : l).ToList();
        return string.Join('\n', lines.Count <= 40 ? lines : [.. lines.Take(25), $"… {lines.Count - 35} lines left out …", .. lines.TakeLast(10)]);
    }
}

static class Reports
{
    /// Reads the Common Test Report Format that the xunit runner writes.
    public static Counts Ctrf(string file)
    {
        // The runner does not escape control characters in test names, which JSON requires.
        using var json = JsonDocument.Parse(string.Concat(System.IO.File.ReadAllText(file).Select(c => c < ' ' ? ' ' : c)));
        var results = json.RootElement.GetProperty("results");
        var failures = new List<TestCase>();
        var skips = new List<TestCase>();
        var passed = 0;
        var classes = new Dictionary<string, TimeSpan>();
        foreach (var test in results.GetProperty("tests").EnumerateArray())
        {
            var type = ClassOf(test);
            classes[type] = classes.GetValueOrDefault(type) + TimeSpan.FromMilliseconds(test.GetProperty("duration").GetDouble());
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

        return new Counts(passed, failures.Count, skips.Count, failures, skips) { Classes = classes };
    }

    /// Reads the JSON report of vitest, which has the same format as jest's.
    public static Counts Vitest(string file)
    {
        using var json = JsonDocument.Parse(System.IO.File.ReadAllText(file));
        var failures = new List<TestCase>();
        var skips = new List<TestCase>();
        var passed = 0;
        var files = new Dictionary<string, TimeSpan>();
        foreach (var suite in json.RootElement.GetProperty("testResults").EnumerateArray())
        {
            var path = System.IO.Path.GetRelativePath(".", suite.GetProperty("name").GetString()!);
            files[path] = TimeSpan.FromMilliseconds(suite.GetProperty("endTime").GetDouble() - suite.GetProperty("startTime").GetDouble());
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

        return new Counts(passed, failures.Count, skips.Count, failures, skips) { Classes = files };
    }

    private static string ClassOf(JsonElement test) =>
        test.TryGetProperty("extra", out var extra) && extra.TryGetProperty("type", out var type) ? type.GetString()! : "unknown";

    private static string Text(JsonElement element, string name, string otherwise) =>
        element.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text ? text : otherwise;
}
