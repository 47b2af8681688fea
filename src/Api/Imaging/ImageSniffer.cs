using System.Buffers.Binary;
using System.Text;

namespace Proofsheet.Api.Imaging;

/// <summary>Detects a file's format from its first bytes, in managed code only: safe to call on anything, before anything else.</summary>
internal static class ImageSniffer
{
    /// <summary>Enough of a file's beginning to detect every format here.</summary>
    public const int NeededBytes = 64 * 1024;

    public static SniffedFormat Sniff(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        var head = new byte[(int)Math.Min(NeededBytes, file.Length)];
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return Sniff(head.AsSpan(0, length));
    }

    public static SniffedFormat Sniff(ReadOnlySpan<byte> head)
    {
        if (head.Length < 4)
        {
            return SniffedFormat.Unknown;
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return SniffedFormat.Jpeg;
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]))
        {
            return SniffedFormat.Png;
        }

        if (head.Length >= 12 && head.StartsWith("RIFF"u8) && head[8..12].SequenceEqual("WEBP"u8))
        {
            return SniffedFormat.WebP;
        }

        if (head.Length >= 12 && head[4..8].SequenceEqual("ftyp"u8))
        {
            return SniffBoxes(head);
        }

        return SniffCamera(head) ?? (RawTiff.IsTiff(head) ? RawTiff.Sniff(head) : SniffOthers(head));
    }

    // ISO base media: the major brand and then the compatible brands say what the file contains.
    private static SniffedFormat SniffBoxes(ReadOnlySpan<byte> head)
    {
        var size = (int)Math.Clamp(BinaryPrimitives.ReadUInt32BigEndian(head), 16, (uint)head.Length);
        var isHeif = false;
        for (var at = 8; at + 4 <= size; at += at == 8 ? 8 : 4)
        {
            var brand = Encoding.ASCII.GetString(head.Slice(at, 4));
            switch (brand)
            {
                case "crx ": return SniffedFormat.Raw("Canon CR3", "cr3");
                case "avif" or "avis": return SniffedFormat.Avif;
                case "heic" or "heix" or "hevc" or "hevx" or "heim" or "heis": return SniffedFormat.Heic;
                case "mif1" or "msf1": isHeif = true; break;
            }
        }

        return isHeif ? SniffedFormat.Heic : SniffedFormat.Unsupported("a video or audio file");
    }

    private static SniffedFormat? SniffCamera(ReadOnlySpan<byte> head) =>
        head.StartsWith("FUJIFILMCCD-RAW"u8) ? SniffedFormat.Raw("Fujifilm RAF", "raf")
        : head.StartsWith("IIRO"u8) || head.StartsWith("IIRS"u8) || head.StartsWith("MMOR"u8) ? SniffedFormat.Raw("Olympus ORF", "orf")
        : head.StartsWith((ReadOnlySpan<byte>)[(byte)'I', (byte)'I', (byte)'U', 0]) ? SniffedFormat.Raw("Panasonic RW2", "rw2")
        : head.StartsWith("FOVb"u8) ? SniffedFormat.Raw("Sigma X3F", "x3f")
        : head.Length >= 14 && head[6..14].SequenceEqual("HEAPCCDR"u8) ? SniffedFormat.Raw("Canon CRW", "crw")
        : head.StartsWith((ReadOnlySpan<byte>)[0, (byte)'M', (byte)'R', (byte)'M']) ? SniffedFormat.Raw("Minolta MRW", "mrw")
        : null;

    private static SniffedFormat SniffOthers(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("GIF8"u8))
        {
            return SniffedFormat.Unsupported("GIF");
        }

        if (head.StartsWith("8BPS"u8))
        {
            return SniffedFormat.Unsupported("Photoshop");
        }

        if (head.StartsWith("%PDF"u8))
        {
            return SniffedFormat.Unsupported("PDF");
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 0x0C, (byte)'J', (byte)'X', (byte)'L']) || head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0x0A]))
        {
            return SniffedFormat.Unsupported("JPEG XL");
        }

        if (head.StartsWith("BM"u8) && head.Length >= 26)
        {
            return SniffedFormat.Unsupported("BMP");
        }

        var text = Encoding.ASCII.GetString(head[..Math.Min(head.Length, 1024)]);
        return text.Contains("<svg", StringComparison.OrdinalIgnoreCase) ? SniffedFormat.Unsupported("SVG") : SniffedFormat.Unknown;
    }
}
