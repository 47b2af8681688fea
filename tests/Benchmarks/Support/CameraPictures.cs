using System.Buffers.Binary;
using NetVips;
using Proofsheet.DemoPictures;

namespace Proofsheet.Benchmarks.Support;

/// <summary>Generated JPEGs like those of cameras with 12 to 24 megapixels.</summary>
internal static class CameraPictures
{
    private const int Quality = 92;

    /// <summary>A painted subject with exactly this many megapixels.</summary>
    public static byte[] Make(int number, double megapixels)
    {
        var demo = PaintedPictures.Make(number);
        using var picture = Image.JpegloadBuffer(demo.Jpeg);
        using var large = picture.Resize(Math.Sqrt(megapixels * 1e6 / ((double)demo.Width * demo.Height)));
        return ExifFields.Save(large, Quality);
    }

    /// <summary>The same picture as a different file, with a comment after the first marker, as programs write them.</summary>
    public static byte[] Numbered(byte[] jpeg, int number)
    {
        var other = new byte[jpeg.Length + 8];
        jpeg.AsSpan(0, 2).CopyTo(other);
        BinaryPrimitives.WriteUInt16BigEndian(other.AsSpan(2), 0xFFFE);
        BinaryPrimitives.WriteUInt16BigEndian(other.AsSpan(4), 6);
        BinaryPrimitives.WriteInt32BigEndian(other.AsSpan(6), number);
        jpeg.AsSpan(2).CopyTo(other.AsSpan(10));
        return other;
    }
}
