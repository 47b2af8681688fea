using System.Buffers.Text;

namespace Proofsheet.Api.Imaging.Worker;

/// <summary>The memory of another process, which Linux reports in one line.</summary>
internal static class ResidentMemory
{
    /// <summary>In bytes; 0 for a process that has ended.</summary>
    public static long Of(int process)
    {
        try
        {
            using var file = File.OpenHandle($"/proc/{process}/statm", share: FileShare.ReadWrite);
            Span<byte> line = stackalloc byte[128];
            line = line[..RandomAccess.Read(file, line, 0)];
            // proc(5): the pages of the whole address space, then those that are resident.
            var second = line[(line.IndexOf((byte)' ') + 1)..];
            return Utf8Parser.TryParse(second, out long pages, out _) ? pages * Environment.SystemPageSize : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
