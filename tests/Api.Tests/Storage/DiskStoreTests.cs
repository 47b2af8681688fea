using System.Diagnostics;
using System.IO.Pipelines;
using FluentAssertions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Disk;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Storage;

public sealed class DiskContractTests : ObjectStoreContract<DiskStoreUnderTest>;

public sealed class DiskLargeObjectTests : LargeObjectContract<DiskStoreUnderTest>;

public sealed class DiskStoreTests : StoreContract<DiskStoreUnderTest>
{
    private string Root => Under.Root;

    private DiskStore Disk => Under.Disk;

    [Fact]
    public async Task Every_file_lies_beneath_the_folder_of_its_owner_two_shards_deep()
    {
        await Disk.PutAsync(Key("original"), new MemoryStream([1]));
        await Disk.PutAsync(Key("web-2048.jpg"), new MemoryStream([1]));

        var files = Under.Files("objects").Select(f => Path.GetRelativePath(Path.Combine(Root, "objects"), f)).Order().ToList();

        files.Should().HaveCount(2);
        files[0].Should().MatchRegex($"^{Tenant}/[0-9a-f]{{2}}/[0-9a-f]{{2}}/photos/pho_1/original@$");
        Path.GetDirectoryName(files[1]).Should().Be(Path.GetDirectoryName(files[0]));
    }

    [Fact]
    public async Task Deleting_the_last_object_takes_its_folders_away()
    {
        await Disk.PutAsync(Key("only"), new MemoryStream([1]));

        await Disk.DeleteAsync(Key("only"));

        Directory.EnumerateFileSystemEntries(Path.Combine(Root, "objects")).Should().BeEmpty();
    }

    [Fact]
    public async Task A_start_spares_an_upload_to_a_process_that_has_run_for_hours()
    {
        var content = new Pipe();
        var put = Disk.PutAsync(Key("slow"), content.Reader.AsStream());
        await content.Writer.WriteAsync(new byte[] { 1, 2 });
        await ApiHost.EventuallyAsync(() => Task.FromResult(Left().Any()), "the upload is being written");
        foreach (var file in Under.Files("temporary"))
        {
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-2));
        }

        // Twice: a first start must not remove what a second one recognizes the living process by.
        DiskStoreUnderTest.StoreAt(Root).Prepare();
        DiskStoreUnderTest.StoreAt(Root).Prepare();

        Left().Should().ContainSingle();
        await content.Writer.CompleteAsync();
        (await put).Length.Should().Be(2);

        IEnumerable<string> Left() => LeftFiles.In(Path.Combine(Root, "temporary"));
    }

    [Fact]
    public async Task Files_that_are_not_objects_are_not_listed()
    {
        await Disk.PutAsync(Key("original"), new MemoryStream([1]));
        File.WriteAllText(Path.Combine(Root, "objects", Tenant, "notes.txt"), "a human was here");

        (await ListAsync(ObjectPrefix.All)).Should().ContainSingle();
    }

    [Fact]
    public async Task A_really_full_disk_is_told_apart_and_keeps_what_was_there()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Mounting a small disk to fill it needs root on Linux.");
        var disk = TestFolder.NewOnDisk("full");
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk), "Mounting a small disk is not permitted here.");
        try
        {
            using var store = DiskStoreUnderTest.StoreAt(Path.Combine(disk, "store"));
            store.Prepare();
            await store.PutAsync(Key("older"), new MemoryStream([1, 2, 3]));

            await Assert.ThrowsAsync<StoreFullException>(() => store.PutAsync(Key("big"), new PatternStream(5_000_000)));
            await Assert.ThrowsAsync<StoreFullException>(() => store.PutAsync(Key("older"), new PatternStream(5_000_000)));

            LeftFiles.In(disk).Should().ContainSingle("only the older object is left");
            (await store.StatAsync(Key("older")))!.Length.Should().Be(3);
            (await store.PutAsync(Key("small"), new PatternStream(500_000))).Length.Should().Be(500_000, "the room was given back");
        }
        finally
        {
            Run("umount", disk).Should().BeTrue();
            Directory.Delete(disk);
        }
    }

    [Theory]
    [InlineData("size=2m", true)]
    [InlineData("size=16m,nr_inodes=40", false)]
    public async Task A_copy_for_which_a_full_disk_has_no_room_leaves_what_was_there(string options, bool isFilesAlone)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Mounting a small disk to fill it needs root on Linux.");
        // A hard link is not possible: it would be on another disk, or the disk has no space left for it.
        var disk = isFilesAlone ? Path.Combine(Root, "temporary") : Root;
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk), "Mounting a small disk is not permitted here.");
        try
        {
            await Disk.PutAsync(Key("source"), new PatternStream(isFilesAlone ? 1_000_000 : 1000));
            await Disk.PutAsync(Key("older"), new MemoryStream([1, 2, 3]));
            var left = Path.Combine(disk, "left");
            Directory.CreateDirectory(left);
            await FillAsync(left, isFilesAlone);
            var before = await KeptAsync();

            await Assert.ThrowsAsync<StoreFullException>(() => Disk.CopyAsync(Key("source"), Key("older")));
            await Assert.ThrowsAsync<StoreFullException>(() => Disk.CopyAsync(Key("source"), Key("newer")));

            (await KeptAsync()).Should().Equal(before);
            LeftFiles.In(Path.Combine(Root, "temporary")).Where(f => !f.StartsWith(left, StringComparison.Ordinal)).Should().BeEmpty("nothing half written stays");
            Directory.Delete(left, recursive: true);
            (await Disk.CopyAsync(Key("source"), Key("older"))).Should().BeTrue();
            (await KeptAsync()).Should().Equal([(Key("older").Value, before[^1].Length), before[^1]], "there is room again");
        }
        finally
        {
            Disk.Dispose();
            Run("umount", disk).Should().BeTrue();
        }
    }

    [Theory]
    [InlineData("Storage:Disk:Root", "", "Storage:Disk:Root is empty")]
    [InlineData("Storage:Disk:Root", "/", "Storage:Disk:Root is the root of a disk")]
    [InlineData("Storage:Provider", "Cloud", "Storage:Provider is 'Cloud'")]
    public async Task A_wrong_setting_ends_the_start(string name, string value, string message)
    {
        using var host = HostWith((name, value));

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        refused.Message.Should().Contain(message);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_ends_the_start()
    {
        var file = Path.Combine(Root, "a-file");
        File.WriteAllText(file, "");
        using var host = HostWith(("Storage:Disk:Root", Path.Combine(file, "store")));

        await Assert.ThrowsAnyAsync<IOException>(() => host.StartAsync());
    }

    private static async Task FillAsync(string folder, bool byBytes)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                await File.WriteAllBytesAsync(Path.Combine(folder, $"{i}"), new byte[byBytes ? 100_000 : 0]);
            }
        }
        catch (IOException)
        {
            // This is what is being tested.
        }
    }

    private async Task<List<(string Key, long Length)>> KeptAsync() =>
        [.. (await ListAsync(ObjectPrefix.All)).Select(o => (o.Key.Value, o.Length)).OrderBy(o => o.Value, StringComparer.Ordinal)];

    private static IHost HostWith(params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => (string?)s.Value));
        builder.Services.AddStorage(builder.Configuration);
        return builder.Build();
    }

    private static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
