using System.Diagnostics;
using System.IO.Compression;
using System.IO.Hashing;
using FluentAssertions;
using Proofsheet.Api.Downloads;
using Proofsheet.Api.Downloads.StoredZip;
using Xunit;

namespace Proofsheet.Api.Tests.Downloads;

public sealed class StoredZipTests
{
    private static readonly DateTimeOffset Time = new(2026, 6, 20, 15, 30, 42, TimeSpan.Zero);

    [Fact]
    public async Task An_archive_is_as_long_as_was_said_and_reads_as_it_was_written()
    {
        var files = Files(("Braut & Bräutigam.jpg", 70_000), ("empty.jpg", 0), ("日本.jpg", 1), ("a.jpg", 123_456));
        var (layout, stream) = Open(files);

        var bytes = await ReadAsync(stream, 8_191);

        bytes.LongLength.Should().Be(layout.Length);
        using var zip = new ZipArchive(new MemoryStream(bytes));
        zip.Entries.Select(e => e.FullName).Should().Equal(files.Select(f => f.Name));
        zip.Entries.Should().OnlyContain(e => e.CompressedLength == e.Length);
        foreach (var (entry, file) in zip.Entries.Zip(files))
        {
            using var content = new MemoryStream();
            await using (var opened = entry.Open())
            {
                await opened.CopyToAsync(content);
            }

            content.ToArray().Should().Equal(file.Bytes);
            entry.LastWriteTime.DateTime.Should().Be(Time.DateTime);
        }
    }

    [Fact]
    public async Task Any_part_asked_for_later_is_the_part_that_was_missing()
    {
        var files = Files(("a.jpg", 3_000), ("b.jpg", 0), ("c.jpg", 5_000));
        var (layout, whole) = Open(files);
        var bytes = await ReadAsync(whole, 4_096);

        for (var from = 0L; from < layout.Length; from += from < layout.DirectoryOffset - 50 ? 97 : 1)
        {
            var (_, rest) = Open(files);
            rest.Seek(from, SeekOrigin.Begin);

            (await ReadAsync(rest, 1_000)).AsSpan().SequenceEqual(bytes.AsSpan((int)from)).Should().BeTrue("from {0} on", from);
        }
    }

    [Fact]
    public async Task Info_Zip_finds_nothing_wrong_with_it()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/unzip"), "unzip is not installed; ZipArchive reads the archive in another test.");
        var path = Path.GetTempFileName();
        try
        {
            var (_, stream) = Open(Files(("Bräutigam.jpg", 70_000), ("b.jpg", 1_000_000)));
            await File.WriteAllBytesAsync(path, await ReadAsync(stream, 65_536));
            using var unzip = Process.Start(new ProcessStartInfo("/usr/bin/unzip", ["-t", path]) { RedirectStandardOutput = true })!;
            var said = await unzip.StandardOutput.ReadToEndAsync();
            await unzip.WaitForExitAsync();

            unzip.ExitCode.Should().Be(0, said);
            said.Should().Contain("No errors detected");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task More_entries_than_the_old_format_counts_are_all_there()
    {
        var content = new byte[] { 1, 2, 3 };
        var crc = Crc32.HashToUInt32(content);
        var layout = new ZipLayout([.. Enumerable.Range(0, 70_000).Select(i => new ZipEntry($"{i}.jpg", 3, crc, Time))]);
        var stream = new ZipStream(layout, (_, offset, _) => ValueTask.FromResult<Stream>(new MemoryStream(content[(int)offset..])));

        var bytes = await ReadAsync(stream, 65_536);

        bytes.LongLength.Should().Be(layout.Length);
        using var zip = new ZipArchive(new MemoryStream(bytes));
        zip.Entries.Should().HaveCount(70_000);
        zip.Entries[^1].FullName.Should().Be("69999.jpg");
        await using var last = zip.Entries[^1].Open();
        last.ReadByte().Should().Be(1);
    }

    [Fact]
    public async Task Files_and_offsets_beyond_four_gigabytes_are_found()
    {
        // Two files of 5 GB and a small one behind them, which nobody writes: only what a reader needs is read.
        const long Large = 5_000_000_000;
        var small = new byte[] { 9, 8, 7 };
        var layout = new ZipLayout(
        [
            new("large1.tif", Large, 0x11111111, Time), new("large2.tif", Large, 0x22222222, Time), new("small.jpg", 3, Crc32.HashToUInt32(small), Time),
        ]);

        await using var window = new Window(layout, (entry, offset) => entry == 2 ? new MemoryStream(small[(int)offset..]) : new PatternStream(Large - offset));
        using var zip = new ZipArchive(window);

        layout.Length.Should().BeGreaterThan(2 * Large);
        zip.Entries.Select(e => e.Length).Should().Equal(Large, Large, 3);
        zip.Entries[0].Crc32.Should().Be(0x11111111);
        using var content = new MemoryStream();
        using (var opened = zip.Entries[2].Open())
        {
            opened.CopyTo(content);
        }

        content.ToArray().Should().Equal(small);
        using var begin = zip.Entries[1].Open();
        begin.ReadByte().Should().BeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task A_large_archive_is_read_in_flat_memory()
    {
        const long Length = 200_000_000;
        var layout = new ZipLayout([.. Enumerable.Range(0, 5).Select(i => new ZipEntry($"{i}.tif", Length, 0, Time))]);
        await using var stream = new ZipStream(layout, (_, offset, _) => ValueTask.FromResult<Stream>(new PatternStream(Length - offset)));
        var buffer = new byte[65_536];
        var before = GC.GetTotalAllocatedBytes();
        var total = 0L;
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            total += read;
        }

        total.Should().Be(layout.Length);
        (GC.GetTotalAllocatedBytes() - before).Should().BeLessThan(40_000_000, "one gigabyte went through");
    }

    [Fact]
    public async Task A_file_that_became_shorter_breaks_the_transfer_instead_of_lying()
    {
        var layout = new ZipLayout([new("a.jpg", 10, 0, Time)]);
        await using var stream = new ZipStream(layout, (_, _, _) => ValueTask.FromResult<Stream>(new MemoryStream(new byte[5])));

        var reading = () => ReadAsync(stream, 100);

        await reading.Should().ThrowAsync<IOException>();
    }

    [Theory]
    [InlineData("IMG_1.JPG", "image/jpeg", "IMG_1.JPG")]
    [InlineData("IMG_1.jpeg", "image/jpeg", "IMG_1.jpeg")]
    [InlineData("IMG_1.CR3", "image/jpeg", "IMG_1.jpg")]
    [InlineData("../../etc/passwd", "image/jpeg", "passwd.jpg")]
    [InlineData("C:\\Users\\x\\a.jpg", "image/jpeg", "a.jpg")]
    [InlineData("a\r\nSet-Cookie: x.jpg", "image/jpeg", "a__Set-Cookie_ x.jpg")]
    [InlineData("gpj.\u202eexe.jpg", "image/jpeg", "gpj._exe.jpg")]
    [InlineData("..", "image/jpeg", "photo.jpg")]
    [InlineData("日本 ü.png", "image/png", "日本 ü.png")]
    public void Names_are_names_and_end_as_their_content_is(string given, string type, string expected)
    {
        FileNames.Of(given, type).Should().Be(expected);
    }

    [Fact]
    public void Equal_names_become_different_ones()
    {
        FileNames.Distinct(["a.jpg", "A.jpg", "a (2).jpg", "b.jpg", "a.jpg"]).Should().Equal("a.jpg", "A (2).jpg", "a (2) (2).jpg", "b.jpg", "a (3).jpg");
    }

    private sealed record FileOf(string Name, byte[] Bytes);

    private static List<FileOf> Files(params (string Name, int Length)[] files)
    {
        var random = new Random(7);
        return [.. files.Select(f =>
        {
            var bytes = new byte[f.Length];
            random.NextBytes(bytes);
            return new FileOf(f.Name, bytes);
        })];
    }

    private static (ZipLayout Layout, ZipStream Stream) Open(List<FileOf> files)
    {
        var layout = new ZipLayout([.. files.Select(f => new ZipEntry(f.Name, f.Bytes.Length, Crc32.HashToUInt32(f.Bytes), Time))]);
        return (layout, new ZipStream(layout, (entry, offset, _) => ValueTask.FromResult<Stream>(new MemoryStream(files[entry].Bytes[(int)offset..]))));
    }

    private static async Task<byte[]> ReadAsync(ZipStream stream, int bufferLength)
    {
        var all = new MemoryStream();
        var buffer = new byte[bufferLength];
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }

    /// <summary>Bytes that nobody has, as many as wanted.</summary>
    private sealed class PatternStream(long length) : ReadOnly(length)
    {
        protected override int Fill(Span<byte> buffer)
        {
            buffer.Fill(0x5a);
            return buffer.Length;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));
    }

    /// <summary>The archive for a reader that jumps about: each jump is a new request, as over HTTP.</summary>
    private sealed class Window(ZipLayout layout, Func<int, long, Stream> open) : ReadOnly(layout.Length)
    {
        private ZipStream? _part;
        private long _partAt;

        protected override int Fill(Span<byte> buffer)
        {
            if (_part is null || _partAt != Position)
            {
                _part = new ZipStream(layout, (entry, offset, _) => ValueTask.FromResult(open(entry, offset)));
                _part.Seek(Position, SeekOrigin.Begin);
            }

            var bytes = new byte[buffer.Length];
            var reading = _part.ReadAsync(bytes).AsTask();
            var read = reading.GetAwaiter().GetResult();
            bytes.AsSpan(0, read).CopyTo(buffer);
            _partAt = Position + read;
            return read;
        }
    }

    private abstract class ReadOnly(long length) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get; set; }

        public override int Read(Span<byte> buffer)
        {
            var left = Math.Min(buffer.Length, Length - Position);
            var read = left <= 0 ? 0 : Fill(buffer[..(int)left]);
            Position += read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => Position + offset,
            _ => Length + offset,
        };

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected abstract int Fill(Span<byte> buffer);
    }
}
