using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Proofsheet.Api.Imaging.LibHeif;
using Proofsheet.Api.Imaging.LibRaw;
using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Api.Imaging.Worker;

/// <summary>How a worker is started: this application again, with nothing of its parent's environment that it does not need.</summary>
internal static class WorkerStart
{
    // Connection strings and keys are settings, and settings may be environment variables.
    private static readonly string[] Inherited =
        ["PATH", "HOME", "TMPDIR", "TZ", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DOTNET_ROOT", "SystemRoot", "TEMP",
         VipsLibrary.PathVariable, HeifNative.File.Variable, RawNative.File.Variable];

    public static ProcessStartInfo Of(ImagingOptions options)
    {
        var start = new ProcessStartInfo
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            // A path that is not absolute would lead nowhere; all that a worker is given are.
            WorkingDirectory = Path.GetPathRoot(AppContext.BaseDirectory)!,
        };
        Address(start);
        start.ArgumentList.Add(ImagingWorker.Argument);
        start.ArgumentList.Add(options.WorkerMemoryBytes.ToString(CultureInfo.InvariantCulture));

        start.Environment.Clear();
        foreach (var name in Inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                start.Environment[name] = value;
            }
        }

        // Pictures live in native memory: the managed heap stays small, and malloc keeps few arenas.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x10000000";
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        start.Environment["MALLOC_ARENA_MAX"] = "2";
        Name(start, VipsLibrary.PathVariable, VipsLibrary.ConfiguredPath);
        Name(start, HeifNative.File.Variable, options.LibHeifPath);
        Name(start, RawNative.File.Variable, options.LibRawPath);
        return start;
    }

    private static void Name(ProcessStartInfo start, string variable, string? path)
    {
        if (!string.IsNullOrEmpty(path))
        {
            start.Environment[variable] = path;
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
