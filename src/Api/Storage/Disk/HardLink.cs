using System.Runtime.InteropServices;

namespace Proofsheet.Api.Storage.Disk;

/// <summary>A second name for a file: a copy that costs nothing, since a stored file is never modified.</summary>
internal static partial class HardLink
{
    private const int NoSuchEntry = 2;

    /// <summary>False if this file system does not support it for this file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static bool TryMake(string path, string second)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        if (Link(path, second) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == NoSuchEntry && !File.Exists(path) ? throw new FileNotFoundException(null, path) : false;
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string path, string second);
}
