using FluentAssertions;
using Proofsheet.Api.Tests.Galleries;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>A disk that is full when a file is copied inside the store.</summary>
public sealed class FullDiskCopyTests
{
    [Fact]
    public async Task An_upload_of_one_part_that_a_full_disk_could_not_copy_is_finished_when_there_is_room()
    {
        var (host, store) = await TreacherousStore.StartAsync();
        await using var api = host;
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var bytes = PhotoClients.NewJpeg();
        var url = await gallery.BeginAsync(bytes.Length);
        store.IsFull = key => key.Value.EndsWith("/original", StringComparison.Ordinal);

        (await gallery.Studio.Api.PatchAsync(url, 0, bytes)).ShouldBeProblem(507, "storage_full");
        (await gallery.Studio.Api.PatchAsync(url, bytes.Length, [])).ShouldBeProblem(507, "storage_full");
        await gallery.ShouldBeEmptyAsync();
        (await gallery.Studio.PartsAsync()).Should().ContainSingle("its bytes are all there");
        store.Copies.Should().Be(2, "nothing was read to put it together");
        store.IsFull = _ => false;

        (await gallery.Studio.Api.PatchAsync(url, bytes.Length, [])).ShouldBe(204).Headers["Proofsheet-Upload-Outcome"].Should().Be("accepted");
        await gallery.ShouldHoldAsync(bytes);
        (await gallery.Studio.PartsAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_batch_that_takes_over_a_photo_onto_a_full_disk_is_refused_and_may_be_sent_again()
    {
        var (host, store) = await TreacherousStore.StartAsync();
        await using var api = host;
        var studio = await api.StudioAsync();
        var (gallery, other) = (await studio.GalleryAsync(), await studio.GalleryAsync());
        var bytes = PhotoClients.NewJpeg();
        await other.ReadyAsync("a.jpg", bytes);
        var batch = new { files = new[] { new { path = "b.jpg", bytes = bytes.Length, sha256 = TusClients.Hex(bytes) } } };
        store.IsFull = _ => true;

        (await studio.Api.PostAsync($"{gallery.Path}/upload-batches", batch)).ShouldBeProblem(507, "storage_full");
        await gallery.ShouldBeEmptyAsync();
        store.IsFull = _ => false;

        var files = (await studio.Api.PostAsync($"{gallery.Path}/upload-batches", batch)).ShouldBe(201).Body!["files"]!.AsArray();
        files.Should().ContainSingle().Which!["outcome"]!.GetValue<string>().Should().Be("accepted");
        files[0]!["uploadUrl"].Should().BeNull("its bytes need not come");
        await gallery.ShouldHoldAsync(bytes);
    }
}
