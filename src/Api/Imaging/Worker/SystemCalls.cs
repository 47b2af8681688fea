using System.Runtime.InteropServices;

namespace Proofsheet.Api.Imaging.Worker;

/// <summary>The seccomp filter of a worker, in the kernel's classic BPF. Refused calls fail with "not permitted"; decoding needs none of them.</summary>
internal static class SystemCalls
{
    private const ushort LoadWord = 0x20;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfAtLeast = 0x35;
    private const ushort Return = 0x06;
    private const uint Allow = 0x7fff0000;
    private const uint NotPermitted = 0x00050000 | 1;
    private const uint NumberAt = 0;
    private const uint ArchitectureAt = 4;
    private const uint FirstArgumentAt = 16;
    private const uint OtherAbi = 0x40000000;

    // execve execveat fork vfork | socket connect accept sendto bind listen socketpair accept4 sendmsg | ptrace process_vm_* pidfd_* rt_*sigqueueinfo tkill |
    // unshare setns mount chroot pivot_root | bpf perf_event_open userfaultfd io_uring_* add_key request_key keyctl open_by_handle_at
    private static readonly Machine X64 = new(0xC000003E, Seccomp: 317, Kill: 62, ThreadKill: 234,
        [59, 322, 57, 58, 41, 42, 43, 44, 49, 50, 53, 288, 46, 101, 310, 311, 424, 434, 438, 129, 297, 200, 272, 308, 165, 161, 155, 321, 298, 323, 425, 426, 427, 248, 249, 250, 304]);

    private static readonly Machine Arm64 = new(0xC00000B7, Seccomp: 277, Kill: 129, ThreadKill: 131,
        [221, 281, 198, 203, 202, 206, 200, 201, 199, 242, 211, 117, 270, 271, 424, 434, 438, 138, 240, 130, 97, 268, 40, 51, 41, 280, 241, 282, 425, 426, 427, 217, 218, 219, 265]);

    private static readonly Machine? Here = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => X64,
        Architecture.Arm64 => Arm64,
        _ => null,
    };

    /// <summary>The number of the call that installs a filter.</summary>
    public static nint Seccomp => Here?.Seccomp ?? 0;

    /// <summary>Null on machines whose call numbers are not known here. Signals may be sent only to <paramref name="ownProcess"/>.</summary>
    public static ulong[]? Filter(uint ownProcess)
    {
        if (Here is not { } machine)
        {
            return null;
        }

        List<ulong> filter =
        [
            Do(LoadWord, ArchitectureAt),
            Do(JumpIfEqual, machine.Architecture, whenTrue: 1),
            Do(Return, NotPermitted),
            Do(LoadWord, NumberAt),
            Do(JumpIfAtLeast, OtherAbi, whenFalse: 1),
            Do(Return, NotPermitted),
        ];
        foreach (var call in machine.Refused)
        {
            filter.Add(Do(JumpIfEqual, call, whenFalse: 1));
            filter.Add(Do(Return, NotPermitted));
        }

        filter.Add(Do(JumpIfEqual, machine.Kill, whenTrue: 2));
        filter.Add(Do(JumpIfEqual, machine.ThreadKill, whenTrue: 1));
        filter.Add(Do(Return, Allow));
        filter.Add(Do(LoadWord, FirstArgumentAt));
        filter.Add(Do(JumpIfEqual, ownProcess, whenFalse: 1));
        filter.Add(Do(Return, Allow));
        filter.Add(Do(Return, NotPermitted));
        return [.. filter];
    }

    // struct sock_filter: code, two relative jumps, operand.
    private static ulong Do(ushort code, uint operand, byte whenTrue = 0, byte whenFalse = 0) =>
        code | (ulong)whenTrue << 16 | (ulong)whenFalse << 24 | (ulong)operand << 32;

    private sealed record Machine(uint Architecture, nint Seccomp, uint Kill, uint ThreadKill, uint[] Refused);
}
