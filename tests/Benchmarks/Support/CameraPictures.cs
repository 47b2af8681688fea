using System.Buffers.Binary;
using Proofsheet.Api.Imaging.Demo;
using Proofsheet.Api.Imaging.LibVips;

namespace Proofsheet.Benchmarks.Support;

/// <summary>JPEGs as cameras of 12 to 24 megapixels write them, made by code.</summary>
internal static class CameraPictures
{
    private const int Quality = 92;

    /// <summary>A painted subject, at exactly this many megapixels.</summary>
    public static byte[] Make(int number, double megapixels)
    {
        var demo = DemoPictures.Make(number);
        using var picture = VipsImage.Op("jpegload_buffer").SetBlob("buffer", demo.Jpeg).Run();
        using var large = VipsImage.Op("resize").Set("in", picture).Set("scale", Math.Sqrt(megapixels * 1e6 / ((double)demo.Width * demo.Height))).Run();
        return VipsEncode.JpegWithFields(large, Quality);
    }

    /// <summary>The same picture as another file: a comment behind the first marker, as programs leave them.</summary>
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
