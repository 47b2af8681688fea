using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Proofsheet.Api.Imaging.LibVips;

/// <summary>Finds the native library: the configured one, then the one from its NuGet package, then the system's.</summary>
internal static unsafe class VipsLibrary
{
    public const string PathVariable = "PROOFSHEET_LIBVIPS";

    public const string HowToInstall =
        "libvips comes with the application, in its NuGet package NetVips.Native (Linux on x64 and arm64): build or publish again to bring it back. " +
        "Or install the system's package (Debian and Ubuntu: `apt-get install libvips42`), or set PROOFSHEET_LIBVIPS (Imaging:LibVipsPath) to the full path of libvips 8.14 or newer.";

    private static readonly Version Oldest = new(8, 14);
    private static readonly Lazy<(nint Handle, string Source)> Loaded = new(Load);

    /// <summary>The configured path; read once, before the first native call.</summary>
    public static string? ConfiguredPath { get; set; }

    public static nint Handle => Loaded.Value.Handle;

    /// <summary>The file that was loaded, or the name that the system's loader resolved.</summary>
    public static string Source => Loaded.Value.Source;

    /// <summary>One line for the operator if there is no usable libvips; otherwise null. Does not start libvips yet.</summary>
    public static string? Problem()
    {
        try
        {
            _ = Loaded.Value;
            return null;
        }
        catch (VipsNotFoundException missing)
        {
            return missing.Message;
        }
    }

    // Runs before any other code of this assembly. NetVips keeps a resolver that is already set; its own knows only one file name and no configured path.
    // The assembly is loaded by name, because using one of its types would start libvips.
    [ModuleInitializer]
    internal static void ResolveForNetVips() => NativeLibrary.SetDllImportResolver(Assembly.Load("NetVips"), (_, _, _) => Handle);

    private static (nint Handle, string Source) Load()
    {
        var named = string.IsNullOrWhiteSpace(ConfiguredPath) ? Environment.GetEnvironmentVariable(PathVariable) : ConfiguredPath;
        if (!string.IsNullOrWhiteSpace(named))
        {
            return NativeLibrary.TryLoad(named, out var own)
                ? Checked(own, named)
                : throw new VipsNotFoundException($"PROOFSHEET_LIBVIPS (Imaging:LibVipsPath) names {named}, which {(File.Exists(named) ? "is not a library for this system" : "does not exist")}. {HowToInstall}");
        }

        foreach (var candidate in Candidates())
        {
            if (NativeLibrary.TryLoad(candidate, out var found))
            {
                return Checked(found, candidate);
            }
        }

        throw new VipsNotFoundException($"libvips was not found. {HowToInstall}");
    }

    private static (nint Handle, string Source) Checked(nint library, string source)
    {
        if (!NativeLibrary.TryGetExport(library, "vips_version", out var address))
        {
            throw new VipsNotFoundException($"{source} is not libvips. {HowToInstall}");
        }

        var version = (delegate* unmanaged<int, int>)address;
        var found = new Version(version(0), version(1), version(2));
        return found >= Oldest ? (library, source) : throw new VipsNotFoundException($"{source} is libvips {found}, which is too old. {HowToInstall}");
    }

    // Native libraries are in the folders that NuGet packages unpack to: runtimes/linux-x64/native, or the application's folder when published for one system.
    private static IEnumerable<string> Candidates()
    {
        var name = OperatingSystem.IsWindows() ? "libvips-42.dll" : OperatingSystem.IsMacOS() ? "libvips.42.dylib" : "libvips.so.42";
        var folders = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? AppContext.BaseDirectory;
        return folders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, name)).Where(File.Exists).Append(name);
    }
}

/// <summary>There is no usable libvips: a fault of the installation, not of a picture. The message is one line for the operator.</summary>
internal sealed class VipsNotFoundException(string message) : Exception(message);
