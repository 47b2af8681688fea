using FluentAssertions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Disk;
using Proofsheet.Api.Tests.Support;

namespace Proofsheet.Api.Tests.Storage;

public sealed class DiskStoreUnderTest : StoreUnderTest
{
    public DiskStoreUnderTest() => Disk = StoreAt(Root);

    public string Root { get; } = TestFolder.NewOnDisk("store");

    internal DiskStore Disk { get; }

    internal override IObjectStore Store => Disk;

    public override Task PrepareAsync()
    {
        Disk.Prepare();
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        Disk.Dispose();
        Directory.Delete(Root, recursive: true);
        return ValueTask.CompletedTask;
    }

    internal override void AssertNothingHalfWritten() => LeftFiles.In(Path.Combine(Root, "temporary")).Should().BeEmpty();

    internal string[] Files(string folder) => Directory.GetFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories);

    internal static DiskStore StoreAt(string root) => new(
        Options.Create(new StorageOptions { Disk = new DiskStoreOptions { Root = root } }), NullLogger<DiskStore>.Instance);
}
