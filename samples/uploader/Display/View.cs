using Proofsheet.Sdk;

namespace Proofsheet.Uploader.Display;

/// <summary>Shows the progress of the files.</summary>
internal abstract class View(IReadOnlyList<UploadFile> files, string folder, Func<int, ResumableUploadResult?> resultOf) : IProgress<UploadProgress>, IDisposable
{
    /// <summary>Bars if the terminal can draw them, otherwise lines, which suit screen readers and log files.</summary>
    public static View Of(CommandLine line, IReadOnlyList<UploadFile> files, string folder, Func<int, ResumableUploadResult?> resultOf) =>
        line.Has("plain") || Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb"
            ? new LinesView(files, folder, resultOf)
            : new BarsView(files, folder, resultOf, colors: string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));

    public abstract void Report(UploadProgress value);

    public virtual void Dispose()
    {
    }

    protected string NameOf(int index) => Shown.Text(Path.GetRelativePath(folder, files[index].Path));

    protected string Ended(int index) => resultOf(index) is not { } result ? "done"
        : result.Outcome == UploadOutcome.Accepted ? "uploaded"
        : result.Outcome == UploadOutcome.Duplicate ? "was there already"
        : $"refused: {Shown.Text(result.Problem?.Detail ?? result.Outcome.Value)}";

    protected static string Total(UploadProgress p)
    {
        var text = $"{p.Percent} %, {p.FilesDone} of {p.FilesTotal} files, {Shown.Bytes(p.SentBytes)} of {Shown.Bytes(p.TotalBytes)}";
        if (p.BytesPerSecond is { } rate)
        {
            text += $", {Shown.Bytes((long)rate)}/s";
        }

        return p.TimeLeft is { TotalSeconds: >= 1 } left && p.SentBytes < p.TotalBytes ? $"{text}, {Shown.Time(left)} left" : text;
    }
}

/// <summary>A line for each finished file, and the overall progress from time to time.</summary>
internal sealed class LinesView(IReadOnlyList<UploadFile> files, string folder, Func<int, ResumableUploadResult?> resultOf) : View(files, folder, resultOf)
{
    private const int EveryMs = 10_000;
    private long _told = Environment.TickCount64;
    private bool _waits;

    public override void Report(UploadProgress value)
    {
        if (value.Stage == UploadStage.Done)
        {
            Console.WriteLine($"{value.FilesDone} of {value.FilesTotal}: {NameOf(value.Index)}: {Ended(value.Index)}");
        }
        else if (value.Stage == UploadStage.Waiting && !_waits)
        {
            Console.WriteLine("The API cannot be reached; trying on.");
        }

        _waits = value.Stage == UploadStage.Waiting || (_waits && value.Stage == UploadStage.Reading);
        if (Environment.TickCount64 - _told >= EveryMs)
        {
            _told = Environment.TickCount64;
            Console.WriteLine($"Progress: {Total(value)}");
        }
    }
}

/// <summary>A bar for each file in progress and one for the total, redrawn in place; files that failed stay above them as lines.</summary>
internal sealed class BarsView : View
{
    private const int EveryMs = 100;
    private readonly bool _colors;
    private readonly SortedDictionary<int, UploadProgress> _active = [];
    private readonly object _lock = new();
    private UploadProgress? _last;
    private long _drawnAt;
    private int _drawnLines;

    public BarsView(IReadOnlyList<UploadFile> files, string folder, Func<int, ResumableUploadResult?> resultOf, bool colors)
        : base(files, folder, resultOf) => _colors = colors;

    public override void Report(UploadProgress value)
    {
        lock (_lock)
        {
            _last = value;
            if (value.Stage == UploadStage.Done)
            {
                _active.Remove(value.Index);
                if (Ended(value.Index) is var ended && ended.StartsWith("refused", StringComparison.Ordinal))
                {
                    Erase();
                    Console.WriteLine($"{NameOf(value.Index)}: {ended}");
                }
            }
            else
            {
                // Files are hashed ahead one at a time, so only the newest one is shown.
                foreach (var read in _active.Where(a => a.Value.Stage == UploadStage.Reading).Select(a => a.Key).ToList())
                {
                    _active.Remove(read);
                }

                _active[value.Index] = value;
            }

            if (Environment.TickCount64 - _drawnAt >= EveryMs)
            {
                Draw();
            }
        }
    }

    public override void Dispose()
    {
        lock (_lock)
        {
            Draw();
        }

        base.Dispose();
    }

    private void Draw()
    {
        if (_last is not { } total)
        {
            return;
        }

        Erase();
        // 0 if the terminal does not report its width.
        var width = Console.WindowWidth is > 0 and var columns ? Math.Clamp(columns, 40, 120) : 80;
        foreach (var (index, file) in _active)
        {
            var state = file.Stage switch { UploadStage.Reading => "reading", UploadStage.Waiting => "waiting", _ => $"{Percent(file)} %" };
            Console.WriteLine($"{Shown.Fit(NameOf(index), width - 32)} {Bar(Percent(file), 20)} {state,9}");
        }

        var line = Total(total);
        Console.WriteLine($"{Bar(total.Percent, 20)} {line[..Math.Min(line.Length, width - 22)]}");
        (_drawnLines, _drawnAt) = (_active.Count + 1, Environment.TickCount64);
    }

    // Moves the cursor up by the lines that were drawn and clears everything below.
    private void Erase()
    {
        if (_drawnLines > 0)
        {
            Console.Write($"\u001b[{_drawnLines}A\u001b[J");
            _drawnLines = 0;
        }
    }

    private string Bar(int percent, int width)
    {
        var full = percent * width / 100;
        var bar = new string('█', full) + new string('░', width - full);
        return _colors ? $"\u001b[36m{bar}\u001b[0m" : bar;
    }

    private static int Percent(UploadProgress file) => file.FileTotalBytes == 0 ? 100 : (int)(file.FileSentBytes * 100 / file.FileTotalBytes);
}
