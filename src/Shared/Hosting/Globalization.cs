using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Proofsheet.Shared.Hosting;

/// <summary>
/// ICU is needed for Unicode normalization, international domains, and the SQL Server client, which cannot connect without it. The culture is
/// always invariant: numbers and dates look the same wherever a program runs.
/// </summary>
internal static class Globalization
{
    private static ReadOnlySpan<byte> Missing =>
        "ICU is not installed, and Proofsheet does not run without it. On Debian 12: apt-get install libicu72. Elsewhere: the package libicu or icu-libs.\n"u8;

    private const nint StandardError = 2;

    // The runtime looks for ICU by major version, and distributions ship different ones.
    private const int OldestVersion = 50;
    private const int NewestVersion = 200;

    /// <summary>Must run first: until ICU is found, using any culture makes the runtime end the process.</summary>
    /// <returns>False when the program cannot continue; standard error says why.</returns>
    public static bool Begin()
    {
        if (!HasIcu(name => NativeLibrary.TryLoad(name, out _)))
        {
            // Console asks for a culture, whatever is written to it.
            using var handle = new SafeFileHandle(StandardError, ownsHandle: false);
            using var errors = new FileStream(handle, FileAccess.Write, bufferSize: 0);
            errors.Write(Missing);
            return false;
        }

        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        return true;
    }

    // Windows and macOS include ICU.
    internal static bool HasIcu(Func<string, bool> load) =>
        !OperatingSystem.IsLinux() || load("libicuuc.so") || Versions().Any(version => load(string.Concat("libicuuc.so.", version)));

    // No formatting here, because that would use a culture.
    private static IEnumerable<string> Versions()
    {
        for (var version = NewestVersion; version >= OldestVersion; version--)
        {
            yield return new string([.. version >= 100 ? new[] { Digit(version / 100) } : [], Digit(version / 10 % 10), Digit(version % 10)]);
        }

        static char Digit(int value) => (char)('0' + value);
    }
}
