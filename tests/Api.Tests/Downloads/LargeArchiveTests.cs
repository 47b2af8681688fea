using System.IO.Compression;
using FluentAssertions;
using Xunit;

namespace Proofsheet.Api.Tests.Downloads;

public sealed class LargeArchiveTests(LargeArchive archive) : IClassFixture<LargeArchive>
{
    [Fact]
    public void The_frameworks_reader_finds_every_file()
    {
        using var file = File.OpenRead(archive.Path);
        using var zip = new ZipArchive(file);

        file.Length.Should().Be(archive.Layout.Length);
        zip.Entries.Should().HaveCount(LargeArchive.Files);
        zip.Entries[LargeArchive.Large].Length.Should().Be(LargeArchive.LargeBytes);
        zip.Entries[^1].FullName.Should().Be(LargeArchive.NameOf(LargeArchive.Files - 1));
        foreach (var i in new[] { 0, LargeArchive.Large - 1, LargeArchive.Large + 1, LargeArchive.Files / 2, LargeArchive.Files - 1 })
        {
            using var content = zip.Entries[i].Open();
            var bytes = new byte[8];
            content.ReadAtLeast(bytes, 8, throwOnEndOfStream: false).Should().Be(4);
            bytes[..4].Should().Equal(LargeArchive.ContentOf(i));
        }
    }

    [Fact]
    public async Task A_part_at_every_kind_of_boundary_is_the_part_of_the_whole()
    {
        var layout = archive.Layout;
        var boundaries = new List<long> { 0, layout.DirectoryOffset, layout.DirectoryOffsetOf(LargeArchive.Large), layout.DirectoryOffsetOf(LargeArchive.Large + 1), layout.DirectoryOffsetOf(LargeArchive.Files), uint.MaxValue, layout.Length };
        foreach (var entry in new[] { 1, LargeArchive.Large, LargeArchive.Large + 1, LargeArchive.Files - 1 })
        {
            boundaries.AddRange([layout.OffsetOf(entry), layout.ContentOffsetOf(entry), layout.ContentOffsetOf(entry) + layout.LengthOf(entry)]);
        }

        await using var whole = File.OpenRead(archive.Path);
        foreach (var from in boundaries.SelectMany(b => new[] { b - 70, b - 1, b, b + 1 }).Where(f => f >= 0 && f < layout.Length).Distinct())
        {
            var expected = new byte[Math.Min(150, layout.Length - from)];
            whole.Position = from;
            await whole.ReadExactlyAsync(expected, TestContext.Current.CancellationToken);

            var part = await ZipHarness.ReadAsync(layout, archive.Open, from, expected.Length);

            part.Should().Equal(expected, "from {0} on", from);
        }
    }

    [Fact]
    public async Task The_last_byte_costs_no_walk_through_all_files()
    {
        var opened = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();

        await ZipHarness.ReadAsync(
            archive.Layout,
            (_, _, length, _) =>
            {
                opened++;
                return ValueTask.FromResult<Stream>(new Zeros(length));
            },
            archive.Layout.Length - 1);

        opened.Should().Be(0);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(200_000);
    }
}
