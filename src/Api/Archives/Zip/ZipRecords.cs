using System.Buffers.Binary;

namespace Proofsheet.Api.Archives.Zip;

internal readonly ref struct ZipRecord(ReadOnlySpan<byte> name, long length, uint crc32, uint time, long offset)
{
    public ReadOnlySpan<byte> Name { get; } = name;

    public long Length { get; } = length;

    public uint Crc32 { get; } = crc32;

    /// <summary>The DOS date in the upper half, the DOS time in the lower.</summary>
    public uint Time { get; } = time;

    public long Offset { get; } = offset;
}

/// <summary>The archive's records, byte by byte.</summary>
internal static class ZipRecords
{
    private const ushort Utf8Names = 1 << 11;
    private const uint RegularFile = 0x81a4u << 16;

    public static byte[] Header(ZipRecord entry, int length)
    {
        var large = entry.Length >= ZipLayout.Max32;
        var bytes = new byte[length];
        var at = new Writer(bytes);
        at.UInt32(0x04034b50);
        at.UInt16((ushort)(large ? 45 : 20));
        at.UInt16(Utf8Names);
        at.UInt16(0);
        at.UInt32(entry.Time);
        at.UInt32(entry.Crc32);
        at.UInt32(large ? ZipLayout.Max32 : (uint)entry.Length);
        at.UInt32(large ? ZipLayout.Max32 : (uint)entry.Length);
        at.UInt16((ushort)entry.Name.Length);
        at.UInt16((ushort)(large ? 20 : 0));
        at.Bytes(entry.Name);
        if (large)
        {
            at.UInt16(1);
            at.UInt16(16);
            at.UInt64((ulong)entry.Length);
            at.UInt64((ulong)entry.Length);
        }

        return bytes;
    }

    public static byte[] DirectoryEntry(ZipRecord entry, int length)
    {
        var (large, far) = (entry.Length >= ZipLayout.Max32, entry.Offset >= ZipLayout.Max32);
        var bytes = new byte[length];
        var at = new Writer(bytes);
        at.UInt32(0x02014b50);
        // Declared as made on Unix, for the mode below; otherwise some readers would create files that nobody may read.
        at.UInt16((3 << 8) | 45);
        at.UInt16((ushort)(large || far ? 45 : 20));
        at.UInt16(Utf8Names);
        at.UInt16(0);
        at.UInt32(entry.Time);
        at.UInt32(entry.Crc32);
        at.UInt32(large ? ZipLayout.Max32 : (uint)entry.Length);
        at.UInt32(large ? ZipLayout.Max32 : (uint)entry.Length);
        at.UInt16((ushort)entry.Name.Length);
        at.UInt16((ushort)(large || far ? 4 + (large ? 16 : 0) + (far ? 8 : 0) : 0));
        at.UInt16(0);
        at.UInt16(0);
        at.UInt16(0);
        at.UInt32(RegularFile);
        at.UInt32(far ? ZipLayout.Max32 : (uint)entry.Offset);
        at.Bytes(entry.Name);
        if (large || far)
        {
            at.UInt16(1);
            at.UInt16((ushort)((large ? 16 : 0) + (far ? 8 : 0)));
            if (large)
            {
                at.UInt64((ulong)entry.Length);
                at.UInt64((ulong)entry.Length);
            }

            if (far)
            {
                at.UInt64((ulong)entry.Offset);
            }
        }

        return bytes;
    }

    public static byte[] End(ZipLayout layout, int length)
    {
        var bytes = new byte[length];
        var at = new Writer(bytes);
        if (layout.NeedsZip64End)
        {
            at.UInt32(0x06064b50);
            at.UInt64(44);
            at.UInt16((3 << 8) | 45);
            at.UInt16(45);
            at.UInt32(0);
            at.UInt32(0);
            at.UInt64((ulong)layout.Count);
            at.UInt64((ulong)layout.Count);
            at.UInt64((ulong)layout.DirectoryLength);
            at.UInt64((ulong)layout.DirectoryOffset);
            at.UInt32(0x07064b50);
            at.UInt32(0);
            at.UInt64((ulong)(layout.DirectoryOffset + layout.DirectoryLength));
            at.UInt32(1);
        }

        at.UInt32(0x06054b50);
        at.UInt16(0);
        at.UInt16(0);
        at.UInt16((ushort)Math.Min(layout.Count, ZipLayout.Max16));
        at.UInt16((ushort)Math.Min(layout.Count, ZipLayout.Max16));
        at.UInt32((uint)Math.Min(layout.DirectoryLength, ZipLayout.Max32));
        at.UInt32((uint)Math.Min(layout.DirectoryOffset, ZipLayout.Max32));
        at.UInt16(0);
        return bytes;
    }

    /// <summary>To two seconds, from 1980 to 2107.</summary>
    public static uint DosTime(DateTimeOffset at)
    {
        var utc = at.UtcDateTime.Year < 1980 ? new DateTime(1980, 1, 1, 0, 0, 0, DateTimeKind.Utc) : at.UtcDateTime;
        return ((uint)(((Math.Min(utc.Year, 2107) - 1980) << 9) | (utc.Month << 5) | utc.Day) << 16) | (uint)((utc.Hour << 11) | (utc.Minute << 5) | (utc.Second / 2));
    }

    private ref struct Writer(Span<byte> rest)
    {
        private Span<byte> _rest = rest;

        public void UInt16(ushort value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_rest, value);
            _rest = _rest[2..];
        }

        public void UInt32(uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_rest, value);
            _rest = _rest[4..];
        }

        public void UInt64(ulong value)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_rest, value);
            _rest = _rest[8..];
        }

        public void Bytes(ReadOnlySpan<byte> value)
        {
            value.CopyTo(_rest);
            _rest = _rest[value.Length..];
        }
    }
}
