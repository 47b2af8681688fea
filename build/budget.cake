#nullable enable
// How long a class of tests may take in Ci, and which ones take longest. The limits and their exceptions are in tests/budget.json.
using System.Text.Json;

class TestBudget
{
    private const string File = "tests/budget.json";
    private readonly TimeSpan _each;
    private readonly Dictionary<string, TimeSpan> _exceptions = [];
    private readonly HashSet<string> _seen = [];

    public TestBudget()
    {
        using var json = JsonDocument.Parse(System.IO.File.ReadAllText(File));
        _each = TimeSpan.FromSeconds(json.RootElement.GetProperty("secondsPerClass").GetDouble());
        foreach (var exception in json.RootElement.GetProperty("exceptions").EnumerateArray())
        {
            if (exception.GetProperty("reason").GetString() is not { Length: > 0 })
            {
                throw new StepFailed($"{File}: an exception needs a reason");
            }

            _exceptions.Add(exception.GetProperty("class").GetString()!, TimeSpan.FromSeconds(exception.GetProperty("seconds").GetDouble()));
        }
    }

    /// The classes of a run that exceeded their limit, each as a failure. A class that runs on two databases is timed on each separately.
    public List<TestCase> Over(Dictionary<string, TimeSpan> classes)
    {
        lock (_seen)
        {
            _seen.UnionWith(classes.Keys);
        }

        return classes.Where(c => c.Value > Limit(c.Key)).OrderByDescending(c => c.Value)
            .Select(c => new TestCase(c.Key, $"took {c.Value.TotalSeconds:0.0} s and may take {Limit(c.Key).TotalSeconds:0} s: make it faster, move its long part to Nightly, or give {File} a reason"))
            .ToList();
    }

    /// An exception for a class that no longer exists would otherwise go unnoticed.
    public void NoneIsLeftOver()
    {
        var leftOver = _exceptions.Keys.Except(_seen).ToList();
        if (leftOver.Count > 0)
        {
            throw new StepFailed($"{File} names classes that no run had: {string.Join(", ", leftOver)}");
        }
    }

    public static void PrintSlowest(Dictionary<string, TimeSpan> classes)
    {
        foreach (var (name, took) in classes.OrderByDescending(c => c.Value).Take(20))
        {
            Console.WriteLine($"{took.TotalSeconds,8:0.0} s  {name}");
        }
    }

    private TimeSpan Limit(string name) => _exceptions.GetValueOrDefault(name, _each);
}
