using System.Diagnostics;
using System.IO.Compression;
using System.IO.Hashing;
using FluentAssertions;
using Proofsheet.Api.Downloads.StoredZip;
using Xunit;

namespace Proofsheet.Api.Tests.Downloads;

/// <summary>
/// One archive with all that the old format cannot hold: 70,000 files, one of them of over four gigabytes and behind others, so that lengths, offsets
/// and counts need ZIP64. The large file is zeros and the archive has holes for them, so little of it lies on the disk; programs read all of it.
/// </summary>
public sealed class LargeArchiveTests : IClassFixture<LargeArchiveTests.Written>
{
    private const int Files = 70_000;
    private const int Large = 1_234;
    private const long LargeBytes = 4_400_000_000;
    private readonly Written _written;

    public LargeArchiveTests(Written written) => _written = written;

    [Fact]
    public void The_frameworks_reader_finds_every_file()
    {
        using var file = File.OpenRead(_written.Path);
        using var zip = new ZipArchive(file);

        file.Length.Should().Be(_written.Layout.Length);
        zip.Entries.Should().HaveCount(Files);
        zip.Entries[Large].Length.Should().Be(LargeBytes);
        zip.Entries[^1].FullName.Should().Be(NameOf(Files - 1));
        foreach (var i in new[] { 0, Large - 1, Large + 1, Files / 2, Files - 1 })
        {
            using var content = zip.Entries[i].Open();
            var bytes = new byte[8];
            content.ReadAtLeast(bytes, 8, throwOnEndOfStream: false).Should().Be(4);
            bytes[..4].Should().Equal(ContentOf(i));
        }
    }

    [Fact]
    public Task Info_Zip_finds_nothing_wrong_with_it() => RunAsync("unzip", "unzip", ["-tqq", _written.Path]);

    [Fact]
    public Task Seven_Zip_finds_nothing_wrong_with_it() => RunAsync("7zz", "7zip", ["t", "-bd", _written.Path]);

    [Fact]
    public Task Python_finds_nothing_wrong_with_it() => RunAsync("python3", "python3", ["-c", $"import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert len(z.namelist()) == {Files}; sys.exit(z.testzip() is not None)", _written.Path]);

    [Fact]
    public async Task A_part_at_every_kind_of_boundary_is_the_part_of_the_whole()
    {
        var layout = _written.Layout;
        var boundaries = new List<long> { 0, layout.DirectoryOffset, layout.DirectoryOffsetOf(Large), layout.DirectoryOffsetOf(Large + 1), layout.DirectoryOffsetOf(Files), uint.MaxValue, layout.Length };
        foreach (var entry in new[] { 1, Large, Large + 1, Files - 1 })
        {
            boundaries.AddRange([layout.OffsetOf(entry), layout.ContentOffsetOf(entry), layout.ContentOffsetOf(entry) + layout.LengthOf(entry)]);
        }

        await using var whole = File.OpenRead(_written.Path);
        foreach (var from in boundaries.SelectMany(b => new[] { b - 70, b - 1, b, b + 1 }).Where(f => f >= 0 && f < layout.Length).Distinct())
        {
            var expected = new byte[Math.Min(150, layout.Length - from)];
            whole.Position = from;
            await whole.ReadExactlyAsync(expected, TestContext.Current.CancellationToken);

            var part = await ZipHarness.ReadAsync(layout, Open, from, expected.Length);

            part.Should().Equal(expected, "from {0} on", from);
        }
    }

    [Fact]
    public async Task The_last_byte_costs_no_walk_through_all_files()
    {
        var opened = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();

        await ZipHarness.ReadAsync(
            _written.Layout,
            (_, _, length, _) =>
            {
                opened++;
                return ValueTask.FromResult<Stream>(new Zeros(length));
            },
            _written.Layout.Length - 1);

        opened.Should().Be(0);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(200_000);
    }

    private static async Task RunAsync(string program, string package, string[] arguments)
    {
        var path = new[] { "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin" }.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{program} is not installed (Debian: apt-get install {package}).");
        using var running = Process.Start(new ProcessStartInfo(path!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = running.StandardOutput.ReadToEndAsync();
        var complained = running.StandardError.ReadToEndAsync();
        await running.WaitForExitAsync();

        running.ExitCode.Should().Be(0, "it said {0} {1}", await said, await complained);
    }

    private static string NameOf(int i) => $"Section {i / 1_000}/IMG_{i:00000} – ñ🎞.jpg";

    private static byte[] ContentOf(int i) => BitConverter.GetBytes(i + 1);

    private static ValueTask<Stream> Open(int entry, long offset, long length, CancellationToken cancellation) =>
        ValueTask.FromResult<Stream>(entry == Large ? new Zeros(length) : new MemoryStream(ContentOf(entry), (int)offset, (int)length));

    public sealed class Written : IAsyncLifetime
    {
        public string Path { get; } = System.IO.Path.GetTempFileName();

        internal ZipLayout Layout { get; } = new([.. Enumerable.Range(0, Files).Select(i => i == Large
            ? new ZipEntry(NameOf(i), LargeBytes, ZipHarness.CrcOfZeros(LargeBytes), ZipHarness.Time)
            : new ZipEntry(NameOf(i), 4, Crc32.HashToUInt32(ContentOf(i)), ZipHarness.Time))]);

        public async ValueTask InitializeAsync()
        {
            await using var file = new SparseFile(Path);
            await ZipHarness.WriteAsync(Layout, Open, file);
        }

        public ValueTask DisposeAsync()
        {
            File.Delete(Path);
            return ValueTask.CompletedTask;
        }
    }
}
