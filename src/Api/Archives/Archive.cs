using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using Proofsheet.Api.Archives.Zip;
using Proofsheet.Api.Storage;

namespace Proofsheet.Api.Archives;

/// <param name="Path">The path in the archive: a name, or a folder and a name; unique.</param>
/// <param name="Key">Where its content is stored. The content under this key never changes.</param>
internal sealed record ArchiveFile(string Path, ObjectKey Key, long Bytes, uint Crc32, DateTimeOffset ModifiedAt);

/// <summary>A list of stored files as one archive. It never changes, so that separately requested parts fit together.</summary>
internal sealed class Archive
{
    private readonly ObjectKey[] _keys;
    private long _wholeAtTicks;

    public Archive(IReadOnlyList<ArchiveFile> files)
    {
        Layout = new ZipLayout([.. files.Select(f => new ZipEntry(f.Path, f.Bytes, f.Crc32, f.ModifiedAt))]);
        _keys = [.. files.Select(f => f.Key)];
        ETag = Tag(files);
        ModifiedAt = files.Count == 0 ? DateTimeOffset.UnixEpoch : files.Max(f => f.ModifiedAt);
    }

    public ZipLayout Layout { get; }

    public EntityTagHeaderValue ETag { get; }

    public DateTimeOffset ModifiedAt { get; }

    public long MemoryBytes => Layout.MemoryBytes + _keys.Sum(k => 48L + (2 * k.Value.Length));

    public IReadOnlyList<ObjectKey> Keys => _keys;

    public string PathOf(int file) => Layout.NameOf(file);

    /// <summary>True if this process found all files no longer ago than this.</summary>
    public bool WasWhole(DateTimeOffset now, TimeSpan ago) => now.UtcTicks - Interlocked.Read(ref _wholeAtTicks) < ago.Ticks;

    public void IsWhole(DateTimeOffset now) => Interlocked.Exchange(ref _wholeAtTicks, now.UtcTicks);

    /// <summary>The same bytes have the same tag in every process, because it is computed from everything that the archive is made of.</summary>
    private static EntityTagHeaderValue Tag(IReadOnlyList<ArchiveFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[20];
        foreach (var file in files)
        {
            // Each text ends with a line feed and none contains one, so different lists cannot produce the same input.
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.Path}\n{file.Key}\n"));
            BinaryPrimitives.WriteInt64LittleEndian(numbers, file.Bytes);
            BinaryPrimitives.WriteUInt32LittleEndian(numbers[8..], file.Crc32);
            BinaryPrimitives.WriteInt64LittleEndian(numbers[12..], file.ModifiedAt.ToUnixTimeSeconds());
            hash.AppendData(numbers);
        }

        return new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16))}\"");
    }
}
