using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Proofsheet.Api.Tests.Support;

/// <summary>Signals to processes by the system call. The program of that name is in a package that minimal systems lack.</summary>
internal static partial class Signals
{
    // Their numbers on Linux and macOS alike, but for SIGSTOP.
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int SegmentationFault = 11;
    public const int Terminate = 15;

    public static int Stop { get; } = OperatingSystem.IsMacOS() ? 17 : 19;

    /// <exception cref="Win32Exception">There is no such process, or it is another user's.</exception>
    public static void Signal(this Process process, int signal) => Send(process.Id, signal);

    public static void Send(int process, int signal)
    {
        if (!TrySend(process, signal))
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>False when there is no such process any more.</summary>
    public static bool TrySend(int process, int signal) => SendSignal(process, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
