using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace Proofsheet.Storefront.Tests.Stage;

/// <summary>A program that runs next to the tests and ends with them, however they end.</summary>
internal sealed class Companion : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private Companion(string name, Process process)
    {
        Name = name;
        _process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Name { get; }

    /// <summary>The last lines of its output.</summary>
    public string Output => string.Join('\n', _output.TakeLast(25));

    /// <param name="name">A name for error messages, if it does not start.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Its environment variables.</param>
    /// <param name="ready">A URL that is polled until it responds.</param>
    /// <param name="answers">The expected status; null for any success.</param>
    public static async Task<Companion> StartAsync(string name, string[] command, IReadOnlyDictionary<string, string> environment, Uri ready, HttpStatusCode? answers = null)
    {
        var companion = new Companion(name, Start(command, environment));
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(ready);
                if (answers is null ? answer.IsSuccessStatusCode : answer.StatusCode == answers)
                {
                    return companion;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet.
            }

            if (companion._process.HasExited || clock.Elapsed > StartLimit)
            {
                var how = companion._process.HasExited ? $"ended with code {companion._process.ExitCode}" : $"was not ready after {StartLimit}";
                await companion.DisposeAsync();
                throw new InvalidOperationException($"The {name} {how}:\n{companion.Output}");
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Runs a program, waits for it and returns what it wrote.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(string name, string[] command, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var companion = new Companion(name, Start(command, environment ?? new Dictionary<string, string>()));
        await companion._process.WaitForExitAsync();
        if (companion._process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The {name} ended with code {companion._process.ExitCode}:\n{companion.Output}");
        }

        return [.. companion._output];
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static Process Start(string[] command, IReadOnlyDictionary<string, string> environment)
    {
        // Attached: it stops when our end of its standard input closes, even if this process is killed.
        var start = new ProcessStartInfo("sh", [Path.Combine(Checkout.Root, "build", "attached.sh"), .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Checkout.Root,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private void Take(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
            while (_output.Count > 400)
            {
                _output.TryDequeue(out _);
            }
        }
    }
}
