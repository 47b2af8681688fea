using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Proofsheet.Api.Tests.Support;

/// <summary>Sends signals by system call, because the kill program is in a package that minimal systems lack.</summary>
internal static partial class Signals
{
    // The same numbers on Linux and macOS, except for SIGSTOP.
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int SegmentationFault = 11;
    public const int Terminate = 15;

    public static int Stop { get; } = OperatingSystem.IsMacOS() ? 17 : 19;

    /// <exception cref="Win32Exception">There is no such process, or it belongs to another user.</exception>
    public static void Signal(this Process process, int signal) => Send(process.Id, signal);

    public static void Send(int process, int signal)
    {
        if (!TrySend(process, signal))
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>False when the process no longer exists.</summary>
    public static bool TrySend(int process, int signal) => SendSignal(process, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
