using System.Reflection;
using System.Runtime.InteropServices;
using Proofsheet.Api.Imaging.LibHeif;
using Proofsheet.Api.Imaging.LibRaw;
using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Api.Imaging;

/// <summary>Tells the runtime where this module's native libraries are. An assembly has only one resolver, so this one handles all three.</summary>
internal static class NativeLibraries
{
    private static readonly Lazy<bool> Registered = new(() =>
    {
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);
        return true;
    });

    public static void Register() => _ = Registered.Value;

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) => name switch
    {
        VipsPixels.Library => VipsLibrary.Handle,
        HeifNative.Library => HeifNative.File.Handle,
        RawNative.Library => RawNative.File.Handle,
        _ => nint.Zero,
    };
}

/// <summary>A library that one file format needs and that may be missing. It is searched for again until it is found, so that it can be installed later.</summary>
/// <param name="variable">The environment variable with the full path of the library, or <see cref="Off"/>.</param>
internal sealed class OptionalLibrary(string variable, params string[] names)
{
    /// <summary>In place of a path: the format is not decoded, even if the library exists.</summary>
    public const string Off = "none";

    private nint handle;

    /// <summary>The configured path; read before the first file of the format.</summary>
    public string? ConfiguredPath { get; set; }

    public string Variable => variable;

    public bool IsThere => Handle != 0;

    public nint Handle
    {
        get
        {
            var named = string.IsNullOrWhiteSpace(ConfiguredPath) ? Environment.GetEnvironmentVariable(variable) : ConfiguredPath;
            if (named == Off)
            {
                return 0;
            }

            for (var i = 0; handle == 0 && i < (string.IsNullOrWhiteSpace(named) ? names.Length : 1); i++)
            {
                _ = NativeLibrary.TryLoad(string.IsNullOrWhiteSpace(named) ? names[i] : named, out handle);
            }

            return handle;
        }
    }
}
