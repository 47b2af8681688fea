using System.Buffers.Binary;

namespace Proofsheet.Api.Imaging.LibVips;

/// <summary>
/// Removes metadata from a WebP file. libvips 8.14 (Debian 12) writes EXIF, including the location, even when told to strip it,
/// and what visitors get must not depend on the version of a library.
/// </summary>
internal static class WebPContainer
{
    private const int RiffHeaderLength = 12;
    private const int ChunkHeaderLength = 8;
    private const byte ProfileExifAndXmp = 0x20 | 0x08 | 0x04;

    public static byte[] WithoutMetadata(byte[] webP)
    {
        // Only the extended format can contain metadata.
        if (webP.Length < 30 || !webP.AsSpan(RiffHeaderLength, 4).SequenceEqual("VP8X"u8))
        {
            return webP;
        }

        using var bare = new MemoryStream(webP.Length);
        bare.Write(webP.AsSpan(0, RiffHeaderLength));
        for (var at = RiffHeaderLength; at + ChunkHeaderLength <= webP.Length;)
        {
            var name = webP.AsSpan(at, 4);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(webP.AsSpan(at + 4));
            var end = (int)Math.Min(webP.Length, at + ChunkHeaderLength + (long)length + (length & 1));
            if (!name.SequenceEqual("EXIF"u8) && !name.SequenceEqual("XMP "u8) && !name.SequenceEqual("ICCP"u8))
            {
                bare.Write(webP.AsSpan(at, end - at));
            }

            at = end;
        }

        var kept = bare.ToArray();
        kept[RiffHeaderLength + ChunkHeaderLength] &= unchecked((byte)~ProfileExifAndXmp);
        BinaryPrimitives.WriteUInt32LittleEndian(kept.AsSpan(4), (uint)kept.Length - 8);
        return kept;
    }
}
