using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
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

    // A logo travels inside an answer.
    private const int MaxReplyBytes = 32 * 1024 * 1024;
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
    public bool IsWorn => process.HasExited || ResidentBytes > maxMemoryBytes / 2;

    /// <summary>What it holds in memory; 0 when it has ended.</summary>
    internal long ResidentBytes
    {
        get
        {
            if (OperatingSystem.IsLinux())
            {
                // Process walks through all threads for this, a millisecond at each job.
                return ResidentMemory.Of(process.Id);
            }

            process.Refresh();
            return process.HasExited ? 0 : process.WorkingSet64;
        }
    }

    public static Task<WorkerProcess> StartAsync(ImagingOptions options, CancellationToken cancellation) =>
        StartAsync(WorkerStart.Of(options), options, cancellation);

    /// <param name="start">What is started: a worker, or in tests something that behaves worse.</param>
    public static async Task<WorkerProcess> StartAsync(ProcessStartInfo start, ImagingOptions options, CancellationToken cancellation)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardInputEncoding = new UTF8Encoding(false);
        var worker = new WorkerProcess(new Process { StartInfo = start }, options.WorkerMemoryBytes);
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

    /// <summary>From now on other processes go first.</summary>
    public void LowerPriority()
    {
        try
        {
            process.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has ended already, which its first job tells.
        }
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
        var reading = ReadLineAsync();
        var started = Stopwatch.GetTimestamp();
        while (await Task.WhenAny(reading, Task.Delay(MemoryWatch, cancellation)) != reading)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                throw new WorkerEndedException(WorkerEnd.TimedOut, FormattableString.Invariant($"no answer within {limit.TotalSeconds:0} s"));
            }

            if (!process.HasExited && ResidentBytes > maxMemoryBytes)
            {
                throw new WorkerEndedException(WorkerEnd.TookTooMuchMemory, $"more than {maxMemoryBytes} bytes");
            }
        }

        try
        {
            return await reading is { Length: > 0 } line && WorkerJson.Read<WorkerReply>(line) is { } reply
                ? reply
                : throw new WorkerEndedException(WorkerEnd.Died, ErrorTail());
        }
        catch (JsonException)
        {
            throw new WorkerEndedException(WorkerEnd.Died, "its answer was none");
        }
    }

    // Bounded, and one line only: a worker may have been taken over by what it decoded, and is not believed to stop by itself.
    private async Task<byte[]> ReadLineAsync()
    {
        var line = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (line.Length < MaxReplyBytes)
        {
            var length = await process.StandardOutput.BaseStream.ReadAsync(buffer);
            var end = buffer.AsSpan(0, length).IndexOf((byte)'\n');
            if (length == 0 || (end >= 0 && end != length - 1))
            {
                return [];
            }

            line.Write(buffer, 0, end < 0 ? length : end);
            if (end >= 0)
            {
                return line.ToArray();
            }
        }

        return [];
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
}
