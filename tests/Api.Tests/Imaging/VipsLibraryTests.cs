using System.Diagnostics;
using System.Runtime.CompilerServices;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Worker;
using Xunit;

namespace Proofsheet.Api.Tests.Imaging;

/// <summary>Which native library is loaded, and what an operator is told when none can be.</summary>
public sealed class VipsLibraryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Tests use NetVips directly, possibly before any code of the application has run.
    [ModuleInitializer]
    internal static void Start() => RuntimeHelpers.RunModuleConstructor(typeof(VipsRuntime).Module.ModuleHandle);

    [Fact]
    public void The_library_comes_with_the_application_and_is_the_one_that_NetVips_uses()
    {
        VipsRuntime.Ensure();

        Assert.True(VipsRuntime.Version >= new Version(8, 14), VipsRuntime.Version.ToString());
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(VipsLibrary.PathVariable)))
        {
            Assert.StartsWith(AppContext.BaseDirectory, VipsLibrary.Source, StringComparison.Ordinal);
            Assert.Equal(VipsLibrary.Source, Assert.Single(Mapped(Environment.ProcessId)));
        }
    }

    [Fact]
    public async Task A_library_that_the_operator_names_is_loaded_instead_whatever_its_file_is_called()
    {
        VipsRuntime.Ensure();
        using var imaging = new ImagingHost();
        var copy = Path.Combine(imaging.Folder, "libvips-of-our-own.so");
        File.Copy(VipsLibrary.Source, copy);
        var options = new ImagingOptions();
        var start = WorkerStart.Of(options);
        start.Environment[VipsLibrary.PathVariable] = copy;

        using var worker = await WorkerProcess.StartAsync(start, options, Stop);

        var job = new ImageJob(imaging.Write(TestPictures.Jpeg(600, 400, seed: 30)), imaging.Folder);
        Assert.NotNull((await worker.RunAsync(new WorkerRequest { Limits = ImageLimits.Default, Process = job }, TimeSpan.FromSeconds(60), Stop)).Outcome?.Photo);
        Assert.Equal(copy, Assert.Single(Mapped(worker.Id)));
    }

    [Theory]
    [InlineData("missing", "does not exist")]
    [InlineData("text", "is not a library for this system")]
    [InlineData("another library", "is not libvips")]
    public async Task A_missing_or_wrong_library_ends_the_start_and_a_worker_with_one_line_that_says_what_to_install(string kind, string problem)
    {
        var folder = Directory.CreateTempSubdirectory("proofsheet-libvips-").FullName;
        try
        {
            var path = kind == "another library" ? Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libSystem.Native.so") : Path.Combine(folder, "libvips.so.42");
            if (kind == "text")
            {
                await File.WriteAllTextAsync(path, "not a library", Stop);
            }

            foreach (var byVariable in new[] { true, false })
            {
                var (code, output, error) = await ServeAsync(folder, path, byVariable);

                Assert.True(code == 1, $"exit code {code}: {output}{error}");
                var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
                Assert.Contains(path, line, StringComparison.Ordinal);
                Assert.Contains(problem, line, StringComparison.Ordinal);
                Assert.Contains("apt-get install libvips42", line, StringComparison.Ordinal);
                Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
            }

            var start = WorkerStart.Of(new ImagingOptions());
            start.Environment[VipsLibrary.PathVariable] = path;
            var refused = await Assert.ThrowsAsync<VipsNotFoundException>(() => WorkerProcess.StartAsync(start, new ImagingOptions(), Stop));
            Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Commands_that_make_no_pictures_need_no_library()
    {
        var folder = Directory.CreateTempSubdirectory("proofsheet-libvips-").FullName;
        try
        {
            var (code, output, error) = await ServeAsync(folder, "/no/such/library.so", byVariable: true, "new-platform-key");

            Assert.True(code == 0, output + error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<string> Mapped(int process) =>
        File.ReadLines($"/proc/{process}/maps").Where(l => l.Contains("libvips", StringComparison.Ordinal)).Select(l => l[l.IndexOf('/', StringComparison.Ordinal)..]).Distinct();

    private static async Task<(int Code, string Output, string Error)> ServeAsync(string folder, string library, bool byVariable, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(VipsRuntime).Assembly.Location, .. arguments, .. byVariable ? [] : new[] { $"--Imaging:LibVipsPath={library}" }])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment[VipsLibrary.PathVariable] = byVariable ? library : "";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(Stop);
        var output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, output, await error);
    }
}
