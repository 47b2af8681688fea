using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using FluentAssertions;
using Proofsheet.Api.Tests.Support;

namespace Proofsheet.Sdk.Tests.Uploader;

/// <summary>samples/uploader as a process, with its own home folder.</summary>
internal sealed class UploaderHome : IDisposable
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../.."));

    public static string Program { get; } = Path.Combine(Root, typeof(UploaderHome).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "UploaderAssembly").Value!);

    public string Folder { get; } = TestFolder.New("uploader");

    /// <summary>Where the photos are.</summary>
    public string Photos => Path.Combine(Folder, "wedding");

    public Dictionary<string, string> Environment { get; } = [];

    public void Put(string path, byte[] bytes)
    {
        var full = Path.Combine(Photos, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
    }

    /// <summary>Run by env, so that Ctrl-C reaches it: background jobs of a shell and programs started by nohup ignore it, and so do their children.</summary>
    public UploaderProgram Start(params string[] arguments) => new(StartInfo("env", ["--default-signal=INT", "dotnet", Program, .. arguments]));

    /// <summary>Run on its own terminal.</summary>
    public UploaderProgram StartOnTerminal(params string[] arguments) =>
        new(StartInfo("script", ["--quiet", "--return", "--command", string.Join(' ', new[] { "dotnet", Program }.Concat(arguments).Select(a => $"'{a}'")), "/dev/null"]));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private ProcessStartInfo StartInfo(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = Folder };
        foreach (var variable in start.Environment.Keys.Where(k => k.StartsWith("PROOFSHEET_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(variable);
        }

        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(Folder, "config");
        start.Environment["XDG_STATE_HOME"] = Path.Combine(Folder, "status");
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}

internal sealed class UploaderProgram : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    public UploaderProgram(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', _lines);

    public async Task<(int Code, string Output)> EndAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, Output);
    }

    /// <summary>Like a crash or a power failure.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    /// <summary>Ctrl-C.</summary>
    public void Interrupt() => _process.Signal(Signals.Interrupt);

    public async Task UntilAsync(Func<bool> holds, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            clock.Elapsed.Should().BeLessThan(TimeSpan.FromMinutes(1), "{0}; it said: {1}", what, Output);
            _process.HasExited.Should().BeFalse("{0}; it said: {1}", what, Output);
            await Task.Delay(50);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}
