using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Watermarks;

namespace Proofsheet.Api.Imaging.Worker;

/// <summary>The child process: reads jobs from standard input, decodes, responds on standard output, and ends when its parent does.</summary>
internal static partial class ImagingWorker
{
    public const string Argument = "--imaging-worker";

    /// <summary>The one line that Program.cs needs: <c>if (ImagingWorker.IsAskedFor(args)) return ImagingWorker.Run(args);</c></summary>
    public static bool IsAskedFor(string[] args) => args.Length > 0 && args[0] == Argument;

    public static int Run(string[] args)
    {
        using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
        using var output = new StreamWriter(OpenAnswers(), new UTF8Encoding(false)) { AutoFlush = true };
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

        // After the libraries are loaded, because their own mappings should not count against the pictures.
        if (args.Length > 1)
        {
            Confinement.Apply(long.Parse(args[1], CultureInfo.InvariantCulture));
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
                { AddFormats: { } job } => new WorkerReply { Formats = RenditionPipeline.AddFormats(job, request.Limits) },
                { LogoPng: { } png } => new WorkerReply { Logo = LogoInspector.Inspect(png) },
                _ => new WorkerReply { Fault = "The request holds no task." },
            };
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new WorkerReply { Fault = e.ToString() };
        }
    }

    // The parent may be killed while a decoder runs; noticing the end of the input would be too late.
    private static void EndWhenOrphaned(object? parent)
    {
        if (ParentId() != (int)parent!)
        {
            Process.GetCurrentProcess().Kill();
        }
    }

    private static int ParentId() => OperatingSystem.IsWindows() ? 0 : getppid();

    // Some decoders print messages about a file. To keep them from being read as a response, they are redirected to standard error.
    private static Stream OpenAnswers()
    {
        if (OperatingSystem.IsWindows())
        {
            return Console.OpenStandardOutput();
        }

        var answers = dup(StandardOutput);
        _ = dup2(StandardError, StandardOutput);
        return new FileStream(new SafeFileHandle(answers, ownsHandle: true), FileAccess.Write, bufferSize: 0);
    }

    private const int StandardOutput = 1;
    private const int StandardError = 2;

    [LibraryImport("libc")]
    private static partial int dup(int file);

    [LibraryImport("libc")]
    private static partial int dup2(int file, int asFile);

    [LibraryImport("libc")]
    private static partial int getppid();
}
