using FluentAssertions;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Tests.Support;
using Xunit;

namespace Proofsheet.Api.Tests.Storage;

/// <summary>What is put into a remote store is inspected locally, without being downloaded again.</summary>
public sealed class LocalCopyTests : IDisposable
{
    private static readonly ObjectKey Key = ObjectKey.Parse("stu_1/photos/pho_1/original");
    private readonly string _folder = TestFolder.New("copies");
    private readonly DiskStoreUnderTest _disk = new();
    private readonly HookedStore _store;

    public LocalCopyTests()
    {
        _disk.Disk.Prepare();
        _store = new HookedStore(_disk.Store) { CopiesFolder = _folder };
    }

    public void Dispose()
    {
        _disk.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_copy_is_the_file_and_nothing_is_fetched()
    {
        var bytes = Bytes(300_000);
        await using (var copy = new LocalCopy(_store))
        {
            var stored = await _store.PutAsync(Key, copy.Of(new MemoryStream(bytes)));
            await using var file = await copy.FileAsync(stored, CancellationToken.None);

            (await File.ReadAllBytesAsync(file!.Path)).Should().Equal(bytes);
            Path.GetDirectoryName(file.Path).Should().Be(_folder);
        }

        _store.Fetched.Should().Be(0);
        Directory.GetFiles(_folder).Should().BeEmpty("the copy goes away with its holder");
    }

    [Fact]
    public async Task A_copy_that_is_not_whole_is_not_used()
    {
        var bytes = Bytes(50_000);
        await using var copy = new LocalCopy(_store);
        // The store stopped reading before the end of the content, and read it again from elsewhere.
        _ = await copy.Of(new MemoryStream(bytes)).ReadAsync(new byte[1_000]);
        var stored = await _store.PutAsync(Key, new MemoryStream(bytes));

        await using var file = await copy.FileAsync(stored, CancellationToken.None);

        (await File.ReadAllBytesAsync(file!.Path)).Should().Equal(bytes);
        _store.Fetched.Should().Be(1);
    }

    [Fact]
    public async Task Where_no_copy_can_be_written_the_object_is_fetched()
    {
        var bytes = Bytes(5_000);
        var blocked = Path.Combine(_folder, "a-file");
        await File.WriteAllBytesAsync(blocked, []);
        _store.CopiesFolder = Path.Combine(blocked, "copies");
        await using var copy = new LocalCopy(_store);

        var stored = await _store.PutAsync(Key, copy.Of(new MemoryStream(bytes)));
        await using var file = await copy.FileAsync(stored, CancellationToken.None);

        (await File.ReadAllBytesAsync(file!.Path)).Should().Equal(bytes);
        _store.Fetched.Should().Be(1);
    }

    [Fact]
    public async Task Where_the_objects_are_files_here_there_is_no_copy()
    {
        _store.CopiesFolder = null;
        var content = new MemoryStream(Bytes(10));
        await using var copy = new LocalCopy(_store);

        copy.Of(content).Should().BeSameAs(content);
        var stored = await _store.PutAsync(Key, content);
        (await copy.FileAsync(stored, CancellationToken.None))!.Path.Should().StartWith(_disk.Root);
        Directory.GetFiles(_folder).Should().BeEmpty();
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
