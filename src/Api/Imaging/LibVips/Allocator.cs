using System.Runtime.InteropServices;

namespace Proofsheet.Api.Imaging.LibVips;

/// <summary>
/// glibc gives large blocks back to the system as soon as they are free, and the system clears each of their pages when the next picture takes
/// them, which costs a worker that makes one picture after the other much of its CPU.
/// </summary>
internal static partial class Allocator
{
    private const int TrimThreshold = -1;
    private const int MapThreshold = -3;
    private const int MappedFromBytes = 32 << 20;
    private const int KeptBytes = 192 << 20;

    public static void KeepFreedMemory()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = mallopt(MapThreshold, MappedFromBytes);
            _ = mallopt(TrimThreshold, KeptBytes);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library, with an allocator of its own.
        }
    }

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);
}
