using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace Proofsheet.Sdk.Tests;

/// <summary>A generated picture: an 8-bit RGB PNG with a gradient that the seed shifts.</summary>
internal static class SmallPng
{
    public static byte[] Of(int width, int height, int seed) => Of(width, height, Pixels(width, height, seed));

    /// <summary>Only noise, which does not compress: about 3 bytes per pixel.</summary>
    public static byte[] Noise(int width, int height, int seed)
    {
        var rows = new byte[(1 + (width * 3)) * height];
        new Random(seed).NextBytes(rows);
        for (var y = 0; y < height; y++)
        {
            rows[y * (1 + (width * 3))] = 0;
        }

        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.NoCompression, leaveOpen: true))
        {
            zlib.Write(rows);
        }

        return Of(width, height, packed.ToArray());
    }

    private static byte[] Of(int width, int height, byte[] pixels)
    {
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        Chunk(png, "IHDR", header);
        Chunk(png, "IDAT", pixels);
        Chunk(png, "IEND", []);
        return png.ToArray();
    }

    private static byte[] Pixels(int width, int height, int seed)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                zlib.WriteByte(0);
                for (var x = 0; x < width; x++)
                {
                    zlib.Write([(byte)(x + (seed * 40)), (byte)(y * 255 / height), (byte)((x + y) / 2)]);
                }
            }
        }

        return packed.ToArray();
    }

    private static void Chunk(Stream png, string type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        png.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(body));
        png.Write(number);
    }
}
