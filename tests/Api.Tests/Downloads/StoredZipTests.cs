using System.IO.Compression;
using FluentAssertions;
using Proofsheet.Api.Archives.Zip;
using Xunit;

namespace Proofsheet.Api.Tests.Downloads;

public sealed class StoredZipTests
{
    [Fact]
    public async Task An_archive_is_as_long_as_was_said_and_reads_as_it_was_written()
    {
        var files = ZipHarness.Files(("Braut & Bräutigam.jpg", 70_000), ("empty.jpg", 0), ("Ceremony/日本.jpg", 1), ("👩‍❤️‍👨 🎉.jpg", 123_456), ("large.jpg", 700_000));
        var layout = ZipHarness.Layout(files);

        var bytes = await ZipHarness.ReadAsync(layout, ZipHarness.From(files));

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
            entry.LastWriteTime.DateTime.Should().Be(ZipHarness.Time.DateTime);
        }
    }

    [Fact]
    public async Task Any_part_asked_for_later_is_the_part_that_was_missing()
    {
        var files = ZipHarness.Files(("a.jpg", 3_000), ("b.jpg", 0), ("c.jpg", 5_000));
        var layout = ZipHarness.Layout(files);
        var bytes = await ZipHarness.ReadAsync(layout, ZipHarness.From(files));

        for (var from = 0L; from < layout.Length; from += from < layout.DirectoryOffset - 50 ? 97 : 1)
        {
            foreach (var length in new[] { 1, 40, 4_000, layout.Length - from }.Where(l => from + l <= layout.Length))
            {
                var part = await ZipHarness.ReadAsync(layout, ZipHarness.From(files), from, length);

                part.AsSpan().SequenceEqual(bytes.AsSpan((int)from, (int)length)).Should().BeTrue("{0} bytes from {1} on", length, from);
            }
        }
    }

    [Fact]
    public async Task A_part_opens_only_the_files_it_needs_and_only_the_bytes_it_needs_of_them()
    {
        var files = ZipHarness.Files(("a.jpg", 3_000), ("b.jpg", 4_000), ("c.jpg", 5_000), ("d.jpg", 6_000));
        var layout = ZipHarness.Layout(files);
        var opened = new List<(int Entry, long Offset, long Length)>();
        var from = layout.ContentOffsetOf(1) + 1_000;

        await ZipHarness.ReadAsync(
            layout,
            (entry, offset, length, ct) =>
            {
                opened.Add((entry, offset, length));
                return ZipHarness.From(files)(entry, offset, length, ct);
            },
            from,
            layout.ContentOffsetOf(2) + 500 - from);

        opened.Should().Equal((1, 1_000, 3_000), (2, 0, 500));
    }

    [Fact]
    public async Task A_large_archive_is_written_in_flat_memory()
    {
        const long Length = 200_000_000;
        var layout = new ZipLayout([.. Enumerable.Range(0, 5).Select(i => new ZipEntry($"{i}.tif", Length, 0, ZipHarness.Time))]);
        var before = GC.GetTotalAllocatedBytes();

        await ZipHarness.WriteAsync(layout, (_, _, length, _) => ValueTask.FromResult<Stream>(new Zeros(length)), Stream.Null);

        (GC.GetTotalAllocatedBytes() - before).Should().BeLessThan(40_000_000, "one gigabyte went through");
    }

    [Fact]
    public async Task A_file_that_became_shorter_breaks_the_transfer_instead_of_lying()
    {
        var layout = new ZipLayout([new("a.jpg", 10, 0, ZipHarness.Time), new("b.jpg", 10, 0, ZipHarness.Time)]);

        var shorter = () => ZipHarness.ReadAsync(layout, (_, _, _, _) => ValueTask.FromResult<Stream>(new MemoryStream(new byte[5])));
        var gone = () => ZipHarness.ReadAsync(layout, (entry, _, _, _) => entry == 0
            ? ValueTask.FromResult<Stream>(new MemoryStream(new byte[10]))
            : ValueTask.FromException<Stream>(new IOException("gone")));

        await shorter.Should().ThrowAsync<IOException>();
        await gone.Should().ThrowAsync<IOException>().WithMessage("gone");
    }

    [Fact]
    public async Task A_broken_transfer_closes_the_files_it_had_opened()
    {
        var layout = new ZipLayout([.. Enumerable.Range(0, 3).Select(i => new ZipEntry($"{i}.jpg", 10, 0, ZipHarness.Time))]);
        var opened = new List<MemoryStream>();

        var reading = () => ZipHarness.ReadAsync(layout, (_, _, _, _) =>
        {
            opened.Add(new MemoryStream(new byte[5]));
            return ValueTask.FromResult<Stream>(opened[^1]);
        });

        await reading.Should().ThrowAsync<IOException>();
        opened.Should().HaveCount(2).And.OnlyContain(s => !s.CanRead);
    }
}
