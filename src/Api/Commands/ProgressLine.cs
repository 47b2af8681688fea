using System.Diagnostics;

namespace Proofsheet.Api.Commands;

/// <summary>Progress on standard error: an occasional line, or on a terminal a single line with a bar that is overwritten.</summary>
internal sealed class ProgressLine
{
    private const int Width = 30;
    private readonly TimeSpan _every = Console.IsErrorRedirected ? TimeSpan.FromSeconds(5) : TimeSpan.FromMilliseconds(200);
    private readonly Lock _turn = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public void Show(int done, int studios, FormattableString what)
    {
        lock (_turn)
        {
            if (_clock.Elapsed < _every)
            {
                return;
            }

            _clock.Restart();
            var line = FormattableString.Invariant($"studio {done + 1} of {studios}, {FormattableString.Invariant(what)}");
            if (Console.IsErrorRedirected)
            {
                Console.Error.WriteLine(line);
                return;
            }

            var full = Width * done / studios;
            Console.Error.Write($"\r[{new string('#', full)}{new string('.', Width - full)}] {line}   ");
        }
    }

    /// <summary>Starts a new line for whatever is written next.</summary>
    public static void End()
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.WriteLine();
        }
    }
}
