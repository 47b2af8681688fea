using System.Buffers.Binary;
using System.Text;

namespace Proofsheet.Api.Downloads.StoredZip;

/// <param name="Name">In the archive; unique, without path parts.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Crc32">ISO 3309.</param>
/// <param name="ModifiedAt">Kept in local-less DOS time, to two seconds.</param>
internal sealed record ZipEntry(string Name, long Length, uint Crc32, DateTimeOffset ModifiedAt);

/// <summary>
/// Where everything of a stored (uncompressed) archive lies, computed from lengths and checksums alone: so its length is
/// known before its first byte, and any part of it can be made without the parts before. ZIP64 where a length, an offset
/// or the count outgrows the old fields (APPNOTE.TXT 6.3.10).
/// </summary>
internal sealed class ZipLayout
{
    private const uint Max32 = uint.MaxValue;
    private const ushort Max16 = ushort.MaxValue;
    private const ushort Utf8Names = 1 << 11;

    private readonly IReadOnlyList<ZipEntry> _entries;
    private readonly byte[][] _names;
    private readonly long[] _offsets;

    public ZipLayout(IReadOnlyList<ZipEntry> entries)
    {
        _entries = entries;
        _names = [.. entries.Select(e => Encoding.UTF8.GetBytes(e.Name))];
        _offsets = new long[entries.Count];
        var at = 0L;
        for (var i = 0; i < entries.Count; i++)
        {
            if (_names[i].Length is 0 or > 1024 || entries[i].Length < 0)
            {
                throw new ArgumentException("An entry has a name of 1 to 1,024 bytes and a length.", nameof(entries));
            }

            _offsets[i] = at;
            at += HeaderLength(i) + entries[i].Length;
        }

        DirectoryOffset = at;
        DirectoryLength = Enumerable.Range(0, entries.Count).Sum(i => (long)DirectoryEntryLength(i));
        Length = DirectoryOffset + DirectoryLength + EndLength;
    }

    public int Count => _entries.Count;

    /// <summary>Of the whole archive.</summary>
    public long Length { get; }

    public long DirectoryOffset { get; }

    public long DirectoryLength { get; }

    private bool NeedsZip64End => Count >= Max16 || DirectoryOffset >= Max32 || DirectoryLength >= Max32;

    private int EndLength => NeedsZip64End ? 56 + 20 + 22 : 22;

    public long OffsetOf(int entry) => _offsets[entry];

    public long ContentOffsetOf(int entry) => _offsets[entry] + HeaderLength(entry);

    /// <summary>The entry whose header or content holds this byte; <see cref="Count"/> behind the last one.</summary>
    public int EntryAt(long offset)
    {
        if (offset >= DirectoryOffset)
        {
            return Count;
        }

        var found = Array.BinarySearch(_offsets, offset);
        if (found < 0)
        {
            return ~found - 1;
        }

        return found;
    }

    public byte[] Header(int entry)
    {
        var (e, name) = (_entries[entry], _names[entry]);
        var large = e.Length >= Max32;
        var bytes = new byte[HeaderLength(entry)];
        var at = new Writer(bytes);
        at.UInt32(0x04034b50);
        at.UInt16((ushort)(large ? 45 : 20));
        at.UInt16(Utf8Names);
        at.UInt16(0);
        at.Time(e.ModifiedAt);
        at.UInt32(e.Crc32);
        at.UInt32(large ? Max32 : (uint)e.Length);
        at.UInt32(large ? Max32 : (uint)e.Length);
        at.UInt16((ushort)name.Length);
        at.UInt16((ushort)(large ? 20 : 0));
        at.Bytes(name);
        if (large)
        {
            at.UInt16(1);
            at.UInt16(16);
            at.UInt64((ulong)e.Length);
            at.UInt64((ulong)e.Length);
        }

        return bytes;
    }

    public byte[] DirectoryEntry(int entry)
    {
        var (e, name, offset) = (_entries[entry], _names[entry], _offsets[entry]);
        var (large, far) = (e.Length >= Max32, offset >= Max32);
        var bytes = new byte[DirectoryEntryLength(entry)];
        var at = new Writer(bytes);
        at.UInt32(0x02014b50);
        // Made on Unix, for the mode below; readers would otherwise make files that nobody may read.
        at.UInt16((3 << 8) | 45);
        at.UInt16((ushort)(large || far ? 45 : 20));
        at.UInt16(Utf8Names);
        at.UInt16(0);
        at.Time(e.ModifiedAt);
        at.UInt32(e.Crc32);
        at.UInt32(large ? Max32 : (uint)e.Length);
        at.UInt32(large ? Max32 : (uint)e.Length);
        at.UInt16((ushort)name.Length);
        at.UInt16((ushort)(large || far ? 4 + (large ? 16 : 0) + (far ? 8 : 0) : 0));
        at.UInt16(0);
        at.UInt16(0);
        at.UInt16(0);
        at.UInt32(0x81a4u << 16);
        at.UInt32(far ? Max32 : (uint)offset);
        at.Bytes(name);
        if (large || far)
        {
            at.UInt16(1);
            at.UInt16((ushort)((large ? 16 : 0) + (far ? 8 : 0)));
            if (large)
            {
                at.UInt64((ulong)e.Length);
                at.UInt64((ulong)e.Length);
            }

            if (far)
            {
                at.UInt64((ulong)offset);
            }
        }

        return bytes;
    }

    public byte[] End()
    {
        var bytes = new byte[EndLength];
        var at = new Writer(bytes);
        if (NeedsZip64End)
        {
            at.UInt32(0x06064b50);
            at.UInt64(44);
            at.UInt16((3 << 8) | 45);
            at.UInt16(45);
            at.UInt32(0);
            at.UInt32(0);
            at.UInt64((ulong)Count);
            at.UInt64((ulong)Count);
            at.UInt64((ulong)DirectoryLength);
            at.UInt64((ulong)DirectoryOffset);
            at.UInt32(0x07064b50);
            at.UInt32(0);
            at.UInt64((ulong)(DirectoryOffset + DirectoryLength));
            at.UInt32(1);
        }

        at.UInt32(0x06054b50);
        at.UInt16(0);
        at.UInt16(0);
        at.UInt16((ushort)Math.Min(Count, Max16));
        at.UInt16((ushort)Math.Min(Count, Max16));
        at.UInt32((uint)Math.Min(DirectoryLength, Max32));
        at.UInt32((uint)Math.Min(DirectoryOffset, Max32));
        at.UInt16(0);
        return bytes;
    }

    private int HeaderLength(int entry) => 30 + _names[entry].Length + (_entries[entry].Length >= Max32 ? 20 : 0);

    private int DirectoryEntryLength(int entry)
    {
        var (large, far) = (_entries[entry].Length >= Max32, _offsets[entry] >= Max32);
        return 46 + _names[entry].Length + (large || far ? 4 + (large ? 16 : 0) + (far ? 8 : 0) : 0);
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

        // DOS time begins in 1980.
        public void Time(DateTimeOffset at)
        {
            var utc = at.UtcDateTime.Year < 1980 ? new DateTime(1980, 1, 1, 0, 0, 0, DateTimeKind.Utc) : at.UtcDateTime;
            UInt16((ushort)((utc.Hour << 11) | (utc.Minute << 5) | (utc.Second / 2)));
            UInt16((ushort)(((utc.Year - 1980) << 9) | (utc.Month << 5) | utc.Day));
        }
    }
}
