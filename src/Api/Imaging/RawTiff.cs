using System.Buffers.Binary;
using System.Text;

namespace Proofsheet.Api.Imaging;

/// <summary>Distinguishes camera RAW files that are TIFF containers (NEF, ARW, CR2, DNG…) from TIFF photographs, by the tags of the first directory.</summary>
internal static class RawTiff
{
    private const int NewSubfileType = 0xFE;
    private const int Make = 0x10F;
    private const int SubDirectories = 0x14A;
    private const int DngVersion = 0xC612;
    private const int SonyPrivate = 0xC634;
    private const int PhotometricColorFilterArray = 32803;
    private const int Photometric = 0x106;

    public static bool IsTiff(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[(byte)'I', (byte)'I', 42, 0]) || head.StartsWith((ReadOnlySpan<byte>)[(byte)'M', (byte)'M', 0, 42])
        || head.StartsWith((ReadOnlySpan<byte>)[(byte)'I', (byte)'I', 43, 0]) || head.StartsWith((ReadOnlySpan<byte>)[(byte)'M', (byte)'M', 0, 43]);

    public static SniffedFormat Sniff(ReadOnlySpan<byte> head)
    {
        if (head.Length >= 11 && head[8..10].SequenceEqual("CR"u8))
        {
            return SniffedFormat.Raw("Canon CR2", "cr2");
        }

        if (head.Length >= 12 && head[8..12].SequenceEqual("IIII"u8))
        {
            return SniffedFormat.Raw("Phase One IIQ", "iiq");
        }

        var isLittle = head[0] == 'I';
        var start = head.Length >= 8 ? ReadUInt(head, 4, isLittle) : 0;
        if (start + 2 > (uint)head.Length || start < 8)
        {
            return SniffedFormat.Tiff;
        }

        var count = Math.Min(ReadUShort(head, (int)start, isLittle), (ushort)200);
        var isReduced = false;
        var hasSubDirectories = false;
        var make = "";
        for (var i = 0; i < count; i++)
        {
            var at = (int)start + 2 + 12 * i;
            if (at + 12 > head.Length)
            {
                break;
            }

            switch (ReadUShort(head, at, isLittle))
            {
                case DngVersion: return SniffedFormat.Raw("DNG", "dng");
                case SonyPrivate: return SniffedFormat.Raw("Sony ARW", "arw");
                case Photometric when ReadUShort(head, at + 8, isLittle) == PhotometricColorFilterArray: isReduced = hasSubDirectories = true; break;
                case NewSubfileType: isReduced |= (ReadUInt(head, at + 8, isLittle) & 1) == 1; break;
                case SubDirectories: hasSubDirectories = true; break;
                case Make: make = ReadText(head, at, isLittle); break;
            }
        }

        // A photograph exported as TIFF also has the maker's name, but its first directory is the picture itself, not a thumbnail.
        return isReduced && hasSubDirectories ? Named(make) : SniffedFormat.Tiff;
    }

    private static SniffedFormat Named(string make) => make.ToUpperInvariant() switch
    {
        var m when m.StartsWith("NIKON", StringComparison.Ordinal) => SniffedFormat.Raw("Nikon NEF", "nef"),
        var m when m.StartsWith("SONY", StringComparison.Ordinal) => SniffedFormat.Raw("Sony ARW", "arw"),
        var m when m.StartsWith("PENTAX", StringComparison.Ordinal) || m.StartsWith("RICOH", StringComparison.Ordinal) => SniffedFormat.Raw("Pentax PEF", "pef"),
        var m when m.StartsWith("SAMSUNG", StringComparison.Ordinal) => SniffedFormat.Raw("Samsung SRW", "srw"),
        var m when m.StartsWith("HASSELBLAD", StringComparison.Ordinal) => SniffedFormat.Raw("Hasselblad 3FR", "3fr"),
        _ => SniffedFormat.Raw("camera RAW", "raw"),
    };

    private static string ReadText(ReadOnlySpan<byte> head, int entry, bool isLittle)
    {
        var length = (int)Math.Min(ReadUInt(head, entry + 4, isLittle), 64);
        var at = length <= 4 ? (uint)entry + 8 : ReadUInt(head, entry + 8, isLittle);
        return at + (uint)length <= (uint)head.Length ? Encoding.ASCII.GetString(head.Slice((int)at, length)).TrimEnd('\0', ' ') : "";
    }

    private static ushort ReadUShort(ReadOnlySpan<byte> head, int at, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(head[at..]) : BinaryPrimitives.ReadUInt16BigEndian(head[at..]);

    private static uint ReadUInt(ReadOnlySpan<byte> head, int at, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(head[at..]) : BinaryPrimitives.ReadUInt32BigEndian(head[at..]);
}
