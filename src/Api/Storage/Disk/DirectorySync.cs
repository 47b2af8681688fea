using System.Runtime.InteropServices;

namespace Proofsheet.Api.Storage.Disk;

/// <summary>
/// Flushes directories. After a power failure a renamed file is only certain to be found if its directory was flushed too,
/// and .NET cannot open a directory. On Windows this is not needed.
/// </summary>
internal static partial class DirectorySync
{
    private const int NoSuchEntry = 2;
    private const int InvalidArgument = 22;

    /// <summary>Flushes a directory and its parents, up to and including the last.</summary>
    public static void FlushUpTo(string directory, string last)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        for (var current = directory; current.Length >= last.Length; current = Path.GetDirectoryName(current)!)
        {
            Flush(current);
        }
    }

    private static void Flush(string directory)
    {
        const int ReadOnly = 0;
        var closeOnExec = OperatingSystem.IsLinux() ? 0x80000 : 0;
        var descriptor = Open(directory, ReadOnly | closeOnExec);
        if (descriptor < 0)
        {
            // The last object in it was deleted in the meantime, and with it the empty directory.
            ThrowUnless(NoSuchEntry, directory);
            return;
        }

        try
        {
            if (Flush(descriptor) != 0)
            {
                // Some network file systems cannot flush directories and report it with this error.
                ThrowUnless(InvalidArgument, directory);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static void ThrowUnless(int expected, string directory)
    {
        var error = Marshal.GetLastPInvokeError();
        if (error != expected)
        {
            throw new IOException($"Could not flush {directory}: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
