using System.Runtime.InteropServices;

namespace Proofsheet.Api.Imaging.Worker;

/// <summary>
/// The restrictions of a worker before it reads the first picture: no memory beyond its limit, no core dumps, no many or large files, no new
/// privileges, and none of the system calls with which a compromised decoder could start programs, reach the network or touch other processes.
/// Linux only; what an older kernel does not support is left out.
/// </summary>
internal static partial class Confinement
{
    private const ulong MaxOpenFiles = 256;

    private const int ResourceFileSize = 1;
    private const int ResourceData = 2;
    private const int ResourceCore = 4;
    private const int ResourceOpenFiles = 7;
    private const int SetNoNewPrivileges = 38;
    private const int SeccompSetFilter = 1;
    private const int SeccompAllThreads = 1;

    /// <param name="memoryBytes">A limit on private writable memory, which decoders use; address space would include the runtime's empty reservations.</param>
    public static void Apply(long memoryBytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        Limit(ResourceData, (ulong)memoryBytes);
        Limit(ResourceFileSize, (ulong)memoryBytes);
        Limit(ResourceCore, 0);
        Limit(ResourceOpenFiles, MaxOpenFiles);
        _ = prctl(SetNoNewPrivileges, 1, 0, 0, 0);
        if (SystemCalls.Filter((uint)Environment.ProcessId) is { } filter)
        {
            Install(filter);
        }
    }

    private static unsafe void Install(ulong[] filter)
    {
        fixed (ulong* first = filter)
        {
            var program = new FilterProgram { Length = (ushort)filter.Length, Instructions = (nint)first };
            // The runtime already has threads; all of them get the filter.
            _ = syscall(SystemCalls.Seccomp, SeccompSetFilter, SeccompAllThreads, &program);
        }
    }

    private static void Limit(int resource, ulong most)
    {
        var limit = new ResourceLimit { Soft = most, Hard = most };
        _ = setrlimit(resource, in limit);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        public ushort Length;
        public nint Instructions;
    }

    [LibraryImport("libc")]
    private static partial int setrlimit(int resource, in ResourceLimit limit);

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc")]
    private static unsafe partial nint syscall(nint number, nint operation, nint flags, FilterProgram* program);
}
