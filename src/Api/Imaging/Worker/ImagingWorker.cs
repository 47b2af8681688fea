using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Api.Imaging.Worker;

/// <summary>The child process: reads jobs from standard input, decodes, answers on standard output, ends when its parent does.</summary>
internal static partial class ImagingWorker
{
    public const string Argument = "--imaging-worker";

    /// <summary>The one line that Program.cs needs: <c>if (ImagingWorker.IsAskedFor(args)) return ImagingWorker.Run(args);</c></summary>
    public static bool IsAskedFor(string[] args) => args.Length > 0 && args[0] == Argument;

    public static int Run(string[] args)
    {
        using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
        using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
        try
        {
            VipsRuntime.Ensure();
            output.WriteLine(WorkerJson.Write(new WorkerReply { Ready = VipsRuntime.Version.ToString() }));
        }
        catch (VipsNotFoundException missing)
        {
            output.WriteLine(WorkerJson.Write(new WorkerReply { Fault = missing.Message }));
            return 1;
        }

        // After the libraries are in: what they map themselves is not the pictures' to pay for.
        if (args.Length > 1)
        {
            LimitMemory(long.Parse(args[1], CultureInfo.InvariantCulture));
        }

        using var orphanage = new Timer(EndWhenOrphaned, ParentId(), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        while (input.ReadLine() is { } line)
        {
            output.WriteLine(WorkerJson.Write(Answer(line)));
        }

        return 0;
    }

    private static WorkerReply Answer(string line)
    {
        try
        {
            var request = WorkerJson.Read<WorkerRequest>(line)!;
            return request switch
            {
                { InspectPath: { } path } => new WorkerReply { Inspection = ImageInspector.Inspect(path, request.Limits) },
                { Process: { } job } => new WorkerReply { Outcome = RenditionPipeline.Run(job, request.Limits) },
                { LogoPng: { } png } => new WorkerReply { Logo = LogoInspector.Inspect(png) },
                _ => new WorkerReply { Fault = "The request holds no task." },
            };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new WorkerReply { Fault = e.ToString() };
        }
    }

    // The parent may be killed while a decoder runs; reading the end of its input would come too late.
    private static void EndWhenOrphaned(object? parent)
    {
        if (ParentId() != (int)parent!)
        {
            Process.GetCurrentProcess().Kill();
        }
    }

    private static int ParentId() => OperatingSystem.IsWindows() ? 0 : getppid();

    // Private writable memory, which is what a decoder takes; address space would count the runtime's empty reservations.
    private static void LimitMemory(long bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            var limit = new ResourceLimit { Soft = (ulong)bytes, Hard = (ulong)bytes };
            _ = setrlimit(ResourceData, in limit);
            var none = default(ResourceLimit);
            _ = setrlimit(ResourceCore, in none);
        }
    }

    private const int ResourceData = 2;
    private const int ResourceCore = 4;

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }

    [LibraryImport("libc")]
    private static partial int setrlimit(int resource, in ResourceLimit limit);

    [LibraryImport("libc")]
    private static partial int getppid();
}
