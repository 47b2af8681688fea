using System.Runtime.InteropServices;

namespace Proofsheet.Api.Imaging.LibVips;

/// <summary>Finds the native library: what the operator names, then the copy that the build installs, then the system's.</summary>
internal static class VipsLibrary
{
    public const string PathVariable = "PROOFSHEET_LIBVIPS";

    public const string HowToInstall =
        "libvips was not found. Install it in one of two ways: run `npm install --prefix .tools @img/sharp-libvips-linux-x64` " +
        "beside the checkout or the application, or install the system's package (Debian and Ubuntu: `apt-get install libvips42`). " +
        "Or set PROOFSHEET_LIBVIPS (Imaging:LibVipsPath) to the full path of a libvips library.";

    private const string Package = "node_modules/@img";

    /// <summary>Path given by configuration; read once, before the first native call.</summary>
    public static string? ConfiguredPath { get; set; }

    /// <summary>The file that was loaded, or the name the system's loader resolved.</summary>
    public static string? LoadedFrom { get; private set; }

    public static nint Load()
    {
        foreach (var candidate in Candidates())
        {
            if (NativeLibrary.TryLoad(candidate, out var handle))
            {
                LoadedFrom = candidate;
                return handle;
            }
        }

        throw new VipsNotFoundException(HowToInstall);
    }

    public static nint Handle => Loaded.Value;

    private static readonly Lazy<nint> Loaded = new(Load);

    private static IEnumerable<string> Candidates()
    {
        var named = ConfiguredPath ?? Environment.GetEnvironmentVariable(PathVariable);
        if (!string.IsNullOrWhiteSpace(named))
        {
            yield return named;
        }

        foreach (var file in LibrariesIn(Path.Combine(AppContext.BaseDirectory, "native")))
        {
            yield return file;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            foreach (var file in LibrariesIn(Path.Combine(folder.FullName, ".tools", Package, $"sharp-libvips-{Platform}", "lib")))
            {
                yield return file;
            }
        }

        yield return "libvips.so.42";
        yield return "libvips.42.dylib";
        yield return "libvips-42.dll";
    }

    private static string Platform =>
        (OperatingSystem.IsMacOS() ? "darwin-" : "linux-") + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    // The package carries one library, with its version in the name: libvips-cpp.so.8.18.3.
    private static IEnumerable<string> LibrariesIn(string folder) =>
        Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "libvips*").Where(f => f.Contains(".so", StringComparison.Ordinal) || f.EndsWith(".dylib", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            : [];
}
