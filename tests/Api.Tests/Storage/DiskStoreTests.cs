using System.Diagnostics;
using FluentAssertions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Disk;
using Xunit;

namespace Proofsheet.Api.Tests.Storage;

// Alone, because one test counts what the whole process allocates.
[CollectionDefinition(nameof(DiskStoreTests), DisableParallelization = true)]
[Collection(nameof(DiskStoreTests))]
public sealed class DiskStoreTests : ObjectStoreContract, IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("proofsheet-store-").FullName;
    private readonly DiskStore _store;

    public DiskStoreTests()
    {
        _store = StoreAt(_root);
        _store.Prepare();
    }

    protected override IObjectStore Store => _store;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Every_file_lies_beneath_the_folder_of_its_owner_two_shards_deep()
    {
        await _store.PutAsync(Key("original"), new MemoryStream([1]));
        await _store.PutAsync(Key("web-2048.jpg"), new MemoryStream([1]));

        var files = Files("objects").Select(f => Path.GetRelativePath(Path.Combine(_root, "objects"), f)).Order().ToList();

        files.Should().HaveCount(2);
        files[0].Should().MatchRegex($"^{Tenant}/[0-9a-f]{{2}}/[0-9a-f]{{2}}/photos/pho_1/original@$");
        Path.GetDirectoryName(files[1]).Should().Be(Path.GetDirectoryName(files[0]));
    }

    [Fact]
    public async Task Deleting_the_last_object_takes_its_folders_away()
    {
        await _store.PutAsync(Key("only"), new MemoryStream([1]));

        await _store.DeleteAsync(Key("only"));

        Directory.EnumerateFileSystemEntries(Path.Combine(_root, "objects")).Should().BeEmpty();
    }

    [Fact]
    public void Starting_sweeps_leftovers_older_than_an_hour_and_spares_younger_ones()
    {
        var old = Path.Combine(_root, "temporary", "old");
        var young = Path.Combine(_root, "temporary", "young");
        File.WriteAllText(old, "half");
        File.WriteAllText(young, "half");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddMinutes(-61));
        File.SetLastWriteTimeUtc(young, DateTime.UtcNow.AddMinutes(-59));

        StoreAt(_root).Prepare();

        Files("temporary").Should().Equal(young);
    }

    [Fact]
    public async Task Files_that_are_not_objects_are_not_listed()
    {
        await _store.PutAsync(Key("original"), new MemoryStream([1]));
        File.WriteAllText(Path.Combine(_root, "objects", Tenant, "notes.txt"), "a human was here");

        (await ListAsync(ObjectPrefix.All)).Should().ContainSingle();
    }

    [Fact]
    public async Task A_really_full_disk_is_told_apart_and_keeps_what_was_there()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Mounting a small disk to fill it needs root on Linux.");
        var disk = Directory.CreateTempSubdirectory("proofsheet-full-").FullName;
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk), "Mounting a small disk is not permitted here.");
        try
        {
            var store = StoreAt(Path.Combine(disk, "store"));
            store.Prepare();
            await store.PutAsync(Key("older"), new MemoryStream([1, 2, 3]));

            await Assert.ThrowsAsync<StoreFullException>(() => store.PutAsync(Key("big"), new PatternStream(5_000_000)));
            await Assert.ThrowsAsync<StoreFullException>(() => store.PutAsync(Key("older"), new PatternStream(5_000_000)));

            Directory.EnumerateFiles(disk, "*", SearchOption.AllDirectories).Should().ContainSingle("only the older object is left");
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
        // A second name for the file is not possible: it would be on another disk, or the disk has none left to give.
        var disk = isFilesAlone ? Path.Combine(_root, "temporary") : _root;
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk), "Mounting a small disk is not permitted here.");
        try
        {
            await _store.PutAsync(Key("source"), new PatternStream(isFilesAlone ? 1_000_000 : 1000));
            await _store.PutAsync(Key("older"), new MemoryStream([1, 2, 3]));
            var left = Path.Combine(disk, "left");
            Directory.CreateDirectory(left);
            await FillAsync(left, isFilesAlone);
            var before = await KeptAsync();

            await Assert.ThrowsAsync<StoreFullException>(() => _store.CopyAsync(Key("source"), Key("older")));
            await Assert.ThrowsAsync<StoreFullException>(() => _store.CopyAsync(Key("source"), Key("newer")));

            (await KeptAsync()).Should().Equal(before);
            Directory.GetFiles(Path.Combine(_root, "temporary")).Should().BeEmpty("nothing half written stays");
            Directory.Delete(left, recursive: true);
            (await _store.CopyAsync(Key("source"), Key("older"))).Should().BeTrue();
            (await KeptAsync()).Should().Equal([(Key("older").Value, before[^1].Length), before[^1]], "there is room again");
        }
        finally
        {
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
        var file = Path.Combine(_root, "a-file");
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
            // That is what it is for.
        }
    }

    private async Task<List<(string Key, long Length)>> KeptAsync() =>
        [.. (await ListAsync(ObjectPrefix.All)).Select(o => (o.Key.Value, o.Length)).OrderBy(o => o.Value, StringComparer.Ordinal)];

    protected override void AssertNothingHalfWritten() => Files("temporary").Should().BeEmpty();

    private static IHost HostWith(params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => (string?)s.Value));
        builder.Services.AddStorage(builder.Configuration);
        return builder.Build();
    }

    private static DiskStore StoreAt(string root) => new(
        Options.Create(new StorageOptions { Disk = new DiskStoreOptions { Root = root } }), TimeProvider.System, NullLogger<DiskStore>.Instance);

    private string[] Files(string folder) => Directory.GetFiles(Path.Combine(_root, folder), "*", SearchOption.AllDirectories);

    private static bool Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
