using System.IO.Hashing;
using Proofsheet.Api.Archives.Zip;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Downloads;

/// <summary>An archive of four-byte files, written once for the tests of a class.</summary>
public abstract class WrittenArchive : IAsyncLifetime
{
    private readonly ZipEntry[] _entries;

    private protected WrittenArchive(int files) => _entries = [.. Enumerable.Range(0, files).Select(Entry)];

    public string Path { get; } = System.IO.Path.Combine(TestFolder.NewOnDisk("zip"), "archive.zip");

    public int FileCount => _entries.Length;

    internal ZipLayout Layout => field ??= new(_entries);

    public async ValueTask InitializeAsync()
    {
        await using var file = new SparseFile(Path);
        await ZipHarness.WriteAsync(Layout, Open, file);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Directory.Delete(System.IO.Path.GetDirectoryName(Path)!, recursive: true);
        return ValueTask.CompletedTask;
    }

    internal static string NameOf(int i) => $"Section {i / 1_000}/IMG_{i:00000} – ñ🎞.jpg";

    internal static byte[] ContentOf(int i) => BitConverter.GetBytes(i + 1);

    internal virtual ValueTask<Stream> Open(int entry, long offset, long length, CancellationToken cancellation) =>
        ValueTask.FromResult<Stream>(new MemoryStream(ContentOf(entry), (int)offset, (int)length));

    private protected virtual ZipEntry Entry(int i) => new(NameOf(i), 4, Crc32.HashToUInt32(ContentOf(i)), ZipHarness.Time);
}

/// <summary>
/// Everything that the old format cannot hold: 70,000 files, one of them larger than four gigabytes and after others, so that lengths, offsets and
/// counts need ZIP64. The large file is all zeros and sparse in the archive, so it takes little space on disk; programs read all of it.
/// </summary>
public sealed class LargeArchive() : WrittenArchive(Files)
{
    internal const int Files = 70_000;
    internal const int Large = 1_234;
    internal const long LargeBytes = 4_400_000_000;

    internal override ValueTask<Stream> Open(int entry, long offset, long length, CancellationToken cancellation) =>
        entry == Large ? ValueTask.FromResult<Stream>(new Zeros(length)) : base.Open(entry, offset, length, cancellation);

    private protected override ZipEntry Entry(int i) => i == Large ? new(NameOf(i), LargeBytes, ZipHarness.CrcOfZeros(LargeBytes), ZipHarness.Time) : base.Entry(i);
}

/// <summary>More files than the old format can count, and otherwise quick to read.</summary>
public sealed class ManyFilesArchive() : WrittenArchive(66_000);
