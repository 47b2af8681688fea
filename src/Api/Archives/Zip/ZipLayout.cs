using System.Text;

namespace Proofsheet.Api.Archives.Zip;

/// <param name="Name">The name in the archive; unique. Folders end with a slash.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Crc32">ISO 3309.</param>
/// <param name="ModifiedAt">Stored as DOS time, which has no time zone, to two seconds.</param>
internal readonly record struct ZipEntry(string Name, long Length, uint Crc32, DateTimeOffset ModifiedAt);

/// <summary>
/// The layout of a stored (uncompressed) archive, computed from lengths and checksums only. The length of the archive is
/// therefore known before its first byte, and any part can be made without the parts before it. ZIP64 is used where a length, an
/// offset or the count exceeds the old fields (APPNOTE.TXT 6.3.10).
/// </summary>
internal sealed class ZipLayout
{
    public const int MaxNameBytes = 1024;

    internal const uint Max32 = uint.MaxValue;
    internal const ushort Max16 = ushort.MaxValue;

    private readonly byte[] _names;
    private readonly int[] _nameAt;
    private readonly long[] _lengths;
    private readonly uint[] _crcs;
    private readonly uint[] _times;
    private readonly long[] _offsets;
    private readonly long[] _directory;

    public ZipLayout(IReadOnlyList<ZipEntry> entries)
    {
        Count = entries.Count;
        _nameAt = new int[Count + 1];
        (_lengths, _crcs, _times, _offsets, _directory) = (new long[Count], new uint[Count], new uint[Count], new long[Count], new long[Count + 1]);
        for (var i = 0; i < Count; i++)
        {
            var nameBytes = Encoding.UTF8.GetByteCount(entries[i].Name);
            if (nameBytes is 0 or > MaxNameBytes || entries[i].Length < 0)
            {
                throw new ArgumentException("An entry has a name of 1 to 1,024 bytes and a length.", nameof(entries));
            }

            _nameAt[i + 1] = checked(_nameAt[i] + nameBytes);
        }

        _names = new byte[_nameAt[Count]];
        var at = 0L;
        for (var i = 0; i < Count; i++)
        {
            Encoding.UTF8.GetBytes(entries[i].Name, _names.AsSpan(_nameAt[i]));
            (_lengths[i], _crcs[i], _times[i]) = (entries[i].Length, entries[i].Crc32, ZipRecords.DosTime(entries[i].ModifiedAt));
            _offsets[i] = at;
            at += HeaderLength(i) + _lengths[i];
        }

        DirectoryOffset = at;
        for (var i = 0; i < Count; i++)
        {
            _directory[i] = at;
            at += DirectoryEntryLength(i);
        }

        _directory[Count] = at;
        Length = at + EndLength;
    }

    public int Count { get; }

    /// <summary>The length of the whole archive.</summary>
    public long Length { get; }

    public long DirectoryOffset { get; }

    public long DirectoryLength => _directory[Count] - DirectoryOffset;

    /// <summary>The approximate memory use.</summary>
    public long MemoryBytes => _names.LongLength + (Count * 36L);

    internal bool NeedsZip64End => Count >= Max16 || DirectoryOffset >= Max32 || DirectoryLength >= Max32;

    private int EndLength => NeedsZip64End ? 56 + 20 + 22 : 22;

    public string NameOf(int entry) => Encoding.UTF8.GetString(_names.AsSpan(_nameAt[entry], NameLength(entry)));

    public long LengthOf(int entry) => _lengths[entry];

    public long OffsetOf(int entry) => _offsets[entry];

    public long ContentOffsetOf(int entry) => _offsets[entry] + HeaderLength(entry);

    /// <summary>The offset of an entry's record in the directory; for <see cref="Count"/>, that of the end records.</summary>
    public long DirectoryOffsetOf(int entry) => _directory[entry];

    /// <summary>The entry whose header or content contains this byte; <see cref="Count"/> beyond the last one.</summary>
    public int EntryAt(long offset) => offset >= DirectoryOffset ? Count : Find(_offsets, offset);

    /// <summary>The entry whose directory record contains this byte; <see cref="Count"/> for the end records.</summary>
    public int DirectoryEntryAt(long offset) => Find(_directory, offset);

    public byte[] Header(int entry) => ZipRecords.Header(Record(entry), HeaderLength(entry));

    public byte[] DirectoryEntry(int entry) => ZipRecords.DirectoryEntry(Record(entry), DirectoryEntryLength(entry));

    public byte[] End() => ZipRecords.End(this, EndLength);

    internal int HeaderLength(int entry) => 30 + NameLength(entry) + (_lengths[entry] >= Max32 ? 20 : 0);

    private int DirectoryEntryLength(int entry)
    {
        var (large, far) = (_lengths[entry] >= Max32, _offsets[entry] >= Max32);
        return 46 + NameLength(entry) + (large || far ? 4 + (large ? 16 : 0) + (far ? 8 : 0) : 0);
    }

    private int NameLength(int entry) => _nameAt[entry + 1] - _nameAt[entry];

    private ZipRecord Record(int i) => new(_names.AsSpan(_nameAt[i], NameLength(i)), _lengths[i], _crcs[i], _times[i], _offsets[i]);

    private static int Find(long[] starts, long offset)
    {
        var found = Array.BinarySearch(starts, offset);
        return found < 0 ? ~found - 1 : found;
    }
}
