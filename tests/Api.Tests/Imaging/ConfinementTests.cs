using System.Diagnostics;
using System.Globalization;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.Worker;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

/// <summary>What a worker could still do after a picture has taken it over.</summary>
public sealed class ConfinementTests
{
    private static readonly ImagingOptions Options = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worker_holds_no_secret_of_its_parent()
    {
        Linux();
        Environment.SetEnvironmentVariable("Database__ConnectionString", "Host=db;Password=s3cret-of-the-parent");
        Environment.SetEnvironmentVariable("Keyring__MasterKeys", "k1:s3cret-of-the-parent");
        try
        {
            using var worker = await WorkerProcess.StartAsync(Options, Stop);

            var environment = await File.ReadAllTextAsync($"/proc/{worker.Id}/environ", Stop);
            Assert.Contains("DOTNET_GCHeapHardLimit", environment, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret-of-the-parent", environment, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret-of-the-parent", await File.ReadAllTextAsync($"/proc/{worker.Id}/cmdline", Stop), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("Database__ConnectionString", null);
            Environment.SetEnvironmentVariable("Keyring__MasterKeys", null);
        }
    }

    [Fact]
    public async Task A_worker_has_no_connection_and_stands_in_no_folder_of_the_application()
    {
        Linux();
        using var worker = await WorkerProcess.StartAsync(Options, Stop);

        var open = Directory.EnumerateFiles($"/proc/{worker.Id}/fd").Select(file => new FileInfo(file).LinkTarget ?? "").ToList();

        Assert.NotEmpty(open);
        Assert.DoesNotContain(open, target => target.StartsWith("socket:", StringComparison.Ordinal));
        Assert.Equal("/", new FileInfo($"/proc/{worker.Id}/cwd").LinkTarget);
    }

    [Fact]
    public async Task A_worker_may_not_rise_dump_or_fill_the_machine()
    {
        Linux();
        using var worker = await WorkerProcess.StartAsync(Options, Stop);

        // It greets before it is confined, and responds after.
        await worker.RunAsync(new WorkerRequest { Limits = ImageLimits.Default }, TimeSpan.FromSeconds(30), Stop);
        var status = await File.ReadAllLinesAsync($"/proc/{worker.Id}/status", Stop);
        var limits = await File.ReadAllLinesAsync($"/proc/{worker.Id}/limits", Stop);

        Assert.Contains("NoNewPrivs:\t1", status);
        Assert.Equal(Options.WorkerMemoryBytes, Limit("Max data size"));
        Assert.Equal(Options.WorkerMemoryBytes, Limit("Max file size"));
        Assert.Equal(0, Limit("Max core file size"));
        Assert.Equal(256, Limit("Max open files"));

        long Limit(string name) => long.Parse(limits.Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Every_thread_of_a_worker_is_kept_from_programs_and_the_network()
    {
        Linux();
        Assert.SkipWhen(SystemCalls.Filter(1) is null, "The numbers of system calls of this machine's processor are not known.");
        using var worker = await WorkerProcess.StartAsync(Options, Stop);
        await worker.RunAsync(new WorkerRequest { Limits = ImageLimits.Default }, TimeSpan.FromSeconds(30), Stop);

        foreach (var thread in Directory.EnumerateDirectories($"/proc/{worker.Id}/task"))
        {
            Assert.Contains("Seccomp:\t2", await File.ReadAllLinesAsync(Path.Combine(thread, "status"), Stop));
        }
    }

    [Fact]
    public void The_filter_refuses_what_it_should_and_lets_the_rest_pass()
    {
        const uint self = 4711;
        var filter = SystemCalls.Filter(self);
        Assert.SkipWhen(filter is null || System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture != System.Runtime.InteropServices.Architecture.X64, "The numbers below are those of x86-64.");
        const uint x64 = 0xC000003E;
        const uint execve = 59, socket = 41, connect = 42, fork = 57, ptrace = 101, read = 0, write = 1, openAt = 257, mmap = 9, clone3 = 435, kill = 62, threadKill = 234;

        Assert.All([execve, socket, connect, fork, ptrace], call => Assert.False(Allows(filter!, x64, call, self)));
        Assert.All([read, write, openAt, mmap, clone3], call => Assert.True(Allows(filter!, x64, call, 1)));
        Assert.All([kill, threadKill], call => Assert.True(Allows(filter!, x64, call, self)));
        Assert.All([kill, threadKill], call => Assert.False(Allows(filter!, x64, call, self + 1)));
        Assert.False(Allows(filter!, 0x40000003, read, self));
        Assert.False(Allows(filter!, x64, 0x40000000 + read, self));
    }

    // The kernel's BPF machine, as far as the filter uses it.
    private static bool Allows(ulong[] filter, uint architecture, uint call, uint firstArgument)
    {
        uint accumulator = 0;
        for (var at = 0; ; at++)
        {
            var (code, operand) = ((ushort)filter[at], (uint)(filter[at] >> 32));
            var (whenTrue, whenFalse) = ((byte)(filter[at] >> 16), (byte)(filter[at] >> 24));
            switch (code)
            {
                case 0x20: accumulator = operand switch { 0 => call, 4 => architecture, 16 => firstArgument, _ => throw new InvalidOperationException() }; break;
                case 0x15: at += accumulator == operand ? whenTrue : whenFalse; break;
                case 0x35: at += accumulator >= operand ? whenTrue : whenFalse; break;
                case 0x06: return operand == 0x7fff0000;
                default: throw new InvalidOperationException();
            }
        }
    }

    [Theory]
    [InlineData(Signals.SegmentationFault)]
    [InlineData(Signals.Kill)]
    public async Task A_worker_that_dies_in_the_middle_of_a_photograph_is_an_end_and_no_hang(int signal)
    {
        Linux();
        using var folder = new ImagingHost();
        var path = folder.Write(TestPictures.DemandingJpeg);
        using var worker = await WorkerProcess.StartAsync(Options, Stop);

        var running = worker.RunAsync(new WorkerRequest { Limits = ImageLimits.Default, Process = new ImageJob(path, folder.Folder) }, TimeSpan.FromSeconds(60), Stop);
        using (var process = Process.GetProcessById(worker.Id))
        {
            var before = process.TotalProcessorTime;
            await ApiHost.EventuallyAsync(
                () =>
                {
                    process.Refresh();
                    return Task.FromResult(process.TotalProcessorTime - before > TimeSpan.FromMilliseconds(200));
                },
                "the worker is at work");
        }

        Assert.False(running.IsCompleted);
        // Several times: the runtime ignores a first SIGSEGV from outside, while a decoder's own one recurs at once. Two signals sent together arrive
        // as one.
        while (!running.IsCompleted)
        {
            Signals.TrySend(worker.Id, signal);
            await Task.Delay(20, Stop);
        }

        var ended = await Assert.ThrowsAsync<WorkerEndedException>(() => running);
        Assert.Equal(WorkerEnd.Died, ended.End);
    }

    [Theory]
    [InlineData("echo this is no answer")]
    [InlineData("echo; echo '{\"Ready\":\"8\"}'")]
    [InlineData("printf '{\"Outcome\":null}\\n{\"Outcome\":null}\\n'")]
    [InlineData("echo '{\"Outcome\":'")]
    [InlineData("head -c 100000000 /dev/zero")]
    [InlineData("exit 3")]
    public async Task A_worker_that_answers_anything_else_is_ended(string behavior)
    {
        Linux();
        var start = new ProcessStartInfo("/bin/sh", ["-c", "echo '{\"Ready\":\"8\"}'; read line; " + behavior + "; sleep 60"]);
        using var worker = await WorkerProcess.StartAsync(start, Options, Stop);

        var ended = await Assert.ThrowsAsync<WorkerEndedException>(
            () => worker.RunAsync(new WorkerRequest { Limits = ImageLimits.Default, InspectPath = "/" }, TimeSpan.FromSeconds(20), Stop));

        Assert.Equal(WorkerEnd.Died, ended.End);
    }

    [Fact]
    public async Task A_worker_ends_when_its_parent_is_killed()
    {
        Linux();
        using var folder = new ImagingHost();
        var start = WorkerStart.Of(Options);
        var pipe = Path.Combine(folder.Folder, "pipe");
        // The pipe is held open at both ends, so that it is not the end of its input that stops the worker.
        var command = $"mkfifo {pipe}; exec 3<>{pipe}; \"$@\" <&3 & echo $!; wait";
        using var parent = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command, "sh", start.FileName, .. start.ArgumentList]) { RedirectStandardOutput = true })!;
        var id = int.Parse((await parent.StandardOutput.ReadLineAsync(Stop))!, CultureInfo.InvariantCulture);
        Assert.Contains("Ready", await parent.StandardOutput.ReadLineAsync(Stop), StringComparison.Ordinal);
        using var worker = Process.GetProcessById(id);
        // The timer that checks for the parent starts after the greeting.
        await Task.Delay(500, Stop);

        parent.Kill();

        await worker.WaitForExitAsync(Stop).WaitAsync(TimeSpan.FromSeconds(15), Stop);
    }

    private static void Linux() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Workers are confined on Linux.");
}
