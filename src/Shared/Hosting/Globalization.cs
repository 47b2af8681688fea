using System.Globalization;
using System.Runtime.InteropServices;

namespace Proofsheet.Shared.Hosting;

/// <summary>
/// ICU gives Unicode normalization, international domains, and SQL Server's client, which connects to nothing without it. Of a country's habits
/// nothing is wanted: numbers and dates look the same wherever a program runs.
/// </summary>
internal static class Globalization
{
    public const string Missing =
        "ICU is not installed, and Proofsheet does not run without it. On Debian 12: apt-get install libicu72. Elsewhere: the package libicu or icu-libs.";

    // As the runtime looks for it: by major version, which each distribution has another of.
    private const int OldestVersion = 50;
    private const int NewestVersion = 200;

    /// <summary>The first thing a program does: until ICU is found, nothing that asks for a culture may run, or the runtime ends the process.</summary>
    /// <returns>False when the program cannot go on; the error output says why.</returns>
    public static bool Begin()
    {
        if (!HasIcu(name => NativeLibrary.TryLoad(name, out _)))
        {
            Console.Error.WriteLine(Missing);
            return false;
        }

        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        return true;
    }

    // Windows and macOS bring ICU along.
    internal static bool HasIcu(Func<string, bool> load) =>
        !OperatingSystem.IsLinux() || load("libicuuc.so") || Versions().Any(version => load(string.Concat("libicuuc.so.", version)));

    // Without formatting, which would ask for a culture.
    private static IEnumerable<string> Versions()
    {
        for (var version = NewestVersion; version >= OldestVersion; version--)
        {
            yield return new string([.. version >= 100 ? new[] { Digit(version / 100) } : [], Digit(version / 10 % 10), Digit(version % 10)]);
        }

        static char Digit(int value) => (char)('0' + value);
    }
}
