using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Proofsheet.Api.Imaging.LibHeif;
using Proofsheet.Api.Imaging.LibRaw;
using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Api.Imaging.Worker;

/// <summary>How a worker is started: as this application again, with only those of the parent's environment variables that it needs.</summary>
internal static class WorkerStart
{
    // Connection strings and keys are settings, and settings may be in environment variables.
    private static readonly string[] Inherited =
        ["PATH", "HOME", "TMPDIR", "TZ", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DOTNET_ROOT", "SystemRoot", "TEMP",
         VipsLibrary.PathVariable, HeifNative.File.Variable, RawNative.File.Variable];

    /// <summary>
    /// For glibc. By default it returns large blocks to the system as soon as they are freed, and the system clears each page when the next picture
    /// uses it, which costs a worker that makes one picture after the other a fifth of its CPU time. The single arena that all threads share keeps
    /// what the largest of pictures needs, once.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Allocator { get; } = new Dictionary<string, string>
    {
        ["MALLOC_ARENA_MAX"] = "1",
        ["MALLOC_MMAP_THRESHOLD_"] = $"{32 << 20}",
        ["MALLOC_TRIM_THRESHOLD_"] = $"{192 << 20}",
    };

    public static ProcessStartInfo Of(ImagingOptions options)
    {
        var start = new ProcessStartInfo
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            // A relative path would not resolve from here; all paths that a worker gets are absolute.
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

        // It does not handle text of any language, so ICU's libraries need not be loaded.
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        // Pictures are in native memory, so the managed heap stays small.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x10000000";
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        foreach (var (name, value) in Allocator)
        {
            start.Environment[name] = value;
        }

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
