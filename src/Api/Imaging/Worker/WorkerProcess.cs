using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Api.Imaging.Worker;

internal enum WorkerEnd
{
    TimedOut,
    TookTooMuchMemory,
    Died,
}

/// <summary>The worker is gone, and with it the job it had.</summary>
internal sealed class WorkerEndedException(WorkerEnd end, string detail) : Exception($"The imaging worker {end}: {detail}")
{
    public WorkerEnd End { get; } = end;
}

/// <summary>One child process. Takes one job at a time; killed when it is late, too large, or no longer wanted.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int ErrorTailLength = 2000;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan MemoryWatch = TimeSpan.FromMilliseconds(200);

    private readonly Process process;
    private readonly StringBuilder errors = new();
    private readonly long maxMemoryBytes;

    private WorkerProcess(Process process, long maxMemoryBytes)
    {
        this.process = process;
        this.maxMemoryBytes = maxMemoryBytes;
    }

    /// <summary>Tick count when its last job ended.</summary>
    public long IdleSince { get; private set; } = Environment.TickCount64;

    public int Id => process.Id;

    /// <summary>Grown beyond half of what it may have by fragments of past jobs: better replaced than failed.</summary>
    public bool IsWorn
    {
        get
        {
            process.Refresh();
            return process.HasExited || process.WorkingSet64 > maxMemoryBytes / 2;
        }
    }

    public static async Task<WorkerProcess> StartAsync(ImagingOptions options, CancellationToken cancellation)
    {
        var maxMemoryBytes = options.WorkerMemoryMegabytes * 1024L * 1024;
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        Address(start);
        start.ArgumentList.Add(ImagingWorker.Argument);
        start.ArgumentList.Add(maxMemoryBytes.ToString(CultureInfo.InvariantCulture));

        // Pictures live in native memory: the managed heap stays small, and malloc keeps few arenas.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x10000000";
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        start.Environment["MALLOC_ARENA_MAX"] = "2";
        if (VipsLibrary.ConfiguredPath is { } library)
        {
            start.Environment[VipsLibrary.PathVariable] = library;
        }

        var worker = new WorkerProcess(new Process { StartInfo = start }, maxMemoryBytes);
        try
        {
            worker.process.ErrorDataReceived += worker.KeepError;
            worker.process.Start();
            worker.process.BeginErrorReadLine();
            var hello = await worker.ReadReplyAsync(StartLimit, cancellation);
            return hello.Fault is { } fault ? throw new VipsNotFoundException(fault) : worker;
        }
        catch
        {
            worker.Dispose();
            throw;
        }
    }

    public async Task<WorkerReply> RunAsync(WorkerRequest request, TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(WorkerJson.Write(request).AsMemory(), cancellation);
            await process.StandardInput.FlushAsync(cancellation);
        }
        catch (IOException)
        {
            throw new WorkerEndedException(WorkerEnd.Died, ErrorTail());
        }

        var reply = await ReadReplyAsync(limit, cancellation);
        IdleSince = Environment.TickCount64;
        return reply;
    }

    public void Dispose()
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It never started, or ended by itself.
        }

        process.Dispose();
    }

    private async Task<WorkerReply> ReadReplyAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var reading = process.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask();
        var started = Stopwatch.GetTimestamp();
        while (await Task.WhenAny(reading, Task.Delay(MemoryWatch, cancellation)) != reading)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new WorkerEndedException(WorkerEnd.TimedOut, FormattableString.Invariant($"no answer within {limit.TotalSeconds:0} s"));
            }

            process.Refresh();
            if (!process.HasExited && process.WorkingSet64 > maxMemoryBytes)
            {
                throw new WorkerEndedException(WorkerEnd.TookTooMuchMemory, $"more than {maxMemoryBytes} bytes");
            }
        }

        return await reading is { Length: > 0 } line && WorkerJson.Read<WorkerReply>(line) is { } reply
            ? reply
            : throw new WorkerEndedException(WorkerEnd.Died, ErrorTail());
    }

    private void KeepError(object sender, DataReceivedEventArgs line)
    {
        lock (errors)
        {
            if (line.Data is { } text && errors.Length < ErrorTailLength)
            {
                errors.AppendLine(text);
            }
        }
    }

    private string ErrorTail()
    {
        lock (errors)
        {
            return errors.ToString().Trim();
        }
    }

    // The child is this application again. Under a test runner the entry assembly is another one, so the library is named by its own file.
    private static void Address(ProcessStartInfo start)
    {
        var library = typeof(ImagingWorker).Assembly.Location;
        if (library.Length == 0)
        {
            start.FileName = Environment.ProcessPath!;
            return;
        }

        var runtime = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory());
        var muxer = runtime.Parent?.Parent?.Parent is { } root ? Path.Combine(root.FullName, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet") : "dotnet";
        start.FileName = File.Exists(muxer) ? muxer : "dotnet";
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(library);
    }
}
