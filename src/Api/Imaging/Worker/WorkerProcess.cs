using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Api.Imaging.Worker;

internal enum WorkerEnd
{
    /// <summary>It used up its CPU time.</summary>
    TimedOut,

    /// <summary>It did not answer in time, without using up its CPU time.</summary>
    Hung,

    TookTooMuchMemory,
    Died,
}

/// <summary>The worker has ended, together with its job.</summary>
internal sealed class WorkerEndedException(WorkerEnd end, string detail) : Exception($"The imaging worker {end}: {detail}")
{
    public WorkerEnd End { get; } = end;
}

/// <summary>One child process. It takes one job at a time, and is killed when it takes too long, grows too large, or is no longer needed.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int ErrorTailLength = 2000;

    // A logo is sent inside a reply.
    private const int MaxReplyBytes = 32 * 1024 * 1024;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    /// <summary>A job may take this many times its CPU time limit by the clock.</summary>
    private const int WaitingFactor = 3;

    private static readonly TimeSpan MemoryWatch = TimeSpan.FromMilliseconds(200);

    private readonly Process process;
    private readonly StringBuilder errors = new();
    private readonly long maxMemoryBytes;

    private WorkerProcess(Process process, long maxMemoryBytes)
    {
        this.process = process;
        this.maxMemoryBytes = maxMemoryBytes;
    }

    /// <summary>The tick count when its last job ended.</summary>
    public long IdleSince { get; private set; } = Environment.TickCount64;

    public int Id => process.Id;

    /// <summary>Fragments of past jobs take more than half of its memory limit, so it is better to replace it than to let it fail.</summary>
    public bool IsWorn => process.HasExited || ResidentBytes > maxMemoryBytes / 2;

    /// <summary>The CPU time it has used; zero if it has ended.</summary>
    private TimeSpan CpuTime
    {
        get
        {
            try
            {
                return process.TotalProcessorTime;
            }
            catch (Exception e) when (e is InvalidOperationException or Win32Exception)
            {
                return TimeSpan.Zero;
            }
        }
    }

    /// <summary>Its resident memory; 0 if it has ended.</summary>
    internal long ResidentBytes
    {
        get
        {
            if (OperatingSystem.IsLinux())
            {
                // The Process class walks through all threads for this, which takes a millisecond per job.
                return ResidentMemory.Of(process.Id);
            }

            process.Refresh();
            return process.HasExited ? 0 : process.WorkingSet64;
        }
    }

    public static Task<WorkerProcess> StartAsync(ImagingOptions options, CancellationToken cancellation) =>
        StartAsync(WorkerStart.Of(options), options, cancellation);

    /// <param name="start">The process to start: a worker or, in tests, something that misbehaves.</param>
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

    /// <summary>From now on other processes run first.</summary>
    public void LowerPriority()
    {
        try
        {
            process.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It has already ended, which its first job will show.
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
            // It was never started, or ended by itself.
        }

        process.Dispose();
    }

    private async Task<WorkerReply> ReadReplyAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var reading = ReadLineAsync();
        var started = Stopwatch.GetTimestamp();
        var cpuBefore = CpuTime;
        while (await Task.WhenAny(reading, Task.Delay(MemoryWatch, cancellation)) != reading)
        {
            cancellation.ThrowIfCancellationRequested();
            // CPU time, because a good picture has to wait for its turn on a busy machine. The elapsed time ends a worker that hangs.
            if (CpuTime - cpuBefore > limit)
            {
                throw new WorkerEndedException(WorkerEnd.TimedOut, FormattableString.Invariant($"no answer within {limit.TotalSeconds:0} s of CPU time"));
            }

            if (Stopwatch.GetElapsedTime(started) > limit * WaitingFactor)
            {
                throw new WorkerEndedException(WorkerEnd.Hung, FormattableString.Invariant($"no answer within {limit.TotalSeconds * WaitingFactor:0} s"));
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

    // Limited to one line of bounded length: a worker may have been compromised by what it decoded, and is not trusted to stop by itself.
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
