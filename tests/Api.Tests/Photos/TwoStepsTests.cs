using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Imaging;
using Proofsheet.Api.Imaging.LibVips;
using Proofsheet.Api.Imaging.Watermarks;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Photos.Processing;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>A photo is shown in JPEG as soon as it can be; the formats that take most of the time follow.</summary>
[Trait("Database", "Provider")]
public sealed class TwoStepsTests(ApiHost api)
{
    [Fact]
    public async Task A_photo_is_ready_in_JPEG_and_its_other_formats_change_nothing_else_about_it()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        await WithoutFormatsAsync(gallery, async photo =>
        {
            var first = (await api.FetchAsync(photo.Url(), "image/avif,image/webp,*/*")).ShouldBe(200);
            first.Headers["Content-Type"].Should().Be("image/jpeg");
            first.Headers["Cache-Control"].Should().MatchRegex("max-age=(60|5[0-9])\\b", "a smaller one follows");
            photo["signals"]!["sharpness"].Should().NotBeNull();
            photo["placeholder"]!.GetValue<string>().Should().HaveLength(28);
            var before = (await gallery.Studio.Api.GetAsync($"/v1/photos/{photo.Id()}")).ShouldBe(200);

            (await RunAsync(gallery, photo.Id(), 1)).Should().BeTrue();

            var after = (await gallery.Studio.Api.GetAsync($"/v1/photos/{photo.Id()}")).ShouldBe(200);
            (after.ETag, after["updatedAt"]).Should().Be((before.ETag, before["updatedAt"]), "who read it before can still change it");
            var second = (await api.FetchAsync(photo.Url(), "image/avif,image/webp")).ShouldBe(200);
            second.Headers["Content-Type"].Should().Be(VipsRuntime.CanEncodeAvif ? "image/avif" : "image/webp");
            second.Headers["Cache-Control"].Should().MatchRegex("max-age=[0-9]{4,}");
            (await api.FetchAsync(photo.Url(), "image/jpeg")).ShouldBe(200).Bytes.Should().Equal(first.Bytes);
            (await FilesAsync(gallery)).Should().HaveCount(2 + 3 * (VipsRuntime.CanEncodeAvif ? 3 : 2));
        });
    }

    [Fact]
    public async Task Formats_of_renditions_that_were_made_again_or_purged_leave_no_files()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        await WithoutFormatsAsync(gallery, async photo =>
        {
            var files = await FilesAsync(gallery);

            (await RunAsync(gallery, photo.Id(), 2)).Should().BeTrue("there is nothing to do");
            (await FilesAsync(gallery)).Should().Equal(files);
            await InDatabaseAsync(gallery, async db =>
            {
                var row = await db.Set<Photo>().SingleAsync();
                row.Delete(DateTimeOffset.UtcNow);
                row.Purge(DateTimeOffset.UtcNow);
                await db.SaveChangesAsync();
            });
            (await RunAsync(gallery, photo.Id(), 1)).Should().BeTrue();
            (await FilesAsync(gallery)).Should().Equal(files);
        });
    }

    [Fact]
    public async Task A_purge_during_the_second_step_leaves_no_files()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        await WithoutFormatsAsync(gallery, async photo =>
        {
            var files = await FilesAsync(gallery);
            var images = new Interrupted(api.Services.GetRequiredService<IImageProcessor>(), () => InDatabaseAsync(gallery, async db =>
            {
                var row = await db.Set<Photo>().SingleAsync();
                row.Delete(DateTimeOffset.UtcNow);
                row.Purge(DateTimeOffset.UtcNow);
                await db.SaveChangesAsync();
            }));

            (await RunAsync(gallery, photo.Id(), 1, images)).Should().BeTrue();

            (await FilesAsync(gallery)).Should().Equal(files);
        });
    }

    [Fact]
    public async Task A_master_that_is_lost_leaves_the_photo_in_JPEG()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        await WithoutFormatsAsync(gallery, async photo =>
        {
            var store = api.Services.GetRequiredService<IObjectStore>();
            await store.DeleteAsync(PhotoFiles.Master(Id<Tenant>.Parse(gallery.Studio.Id, null), Id<Photo>.Parse(photo.Id(), null), 1));

            (await RunAsync(gallery, photo.Id(), 1)).Should().BeTrue();

            (await gallery.Studio.Api.GetAsync($"/v1/photos/{photo.Id()}")).ShouldBe(200)["status"].Should().Be("ready");
            (await api.FetchAsync(photo.Url(), "image/webp")).ShouldBe(200).Headers["Content-Type"].Should().Be("image/jpeg");
        });
    }

    /// <summary>A ready photo of which the second step has not been done.</summary>
    private static async Task WithoutFormatsAsync(GalleryClient gallery, Func<System.Text.Json.Nodes.JsonNode, Task> test)
    {
        var photo = await gallery.ReadyAsync();
        // As it was after the first step: the files of the second are gone and so is what the row says about them.
        await InDatabaseAsync(gallery, async db =>
        {
            var row = await db.Set<Photo>().SingleAsync();
            row.Renditions = [.. row.Renditions.Select(r => r with { Bytes = r.Bytes.Where(f => f.Key == RenditionFormat.Jpeg).ToDictionary() })];
            await db.SaveChangesAsync();
        });
        var store = gallery.Studio.Host.Services.GetRequiredService<IObjectStore>();
        foreach (var key in (await FilesAsync(gallery)).Where(k => k.Value.EndsWith(".webp", StringComparison.Ordinal) || k.Value.EndsWith(".avif", StringComparison.Ordinal)))
        {
            await store.DeleteAsync(key);
        }

        await test(photo);
    }

    private static Task<bool> RunAsync(GalleryClient gallery, string photo, int version, IImageProcessor? images = null) => gallery.Studio.Host.InScopeAsync(gallery.Studio.Id, async services =>
    {
        var handler = images is null ? ActivatorUtilities.CreateInstance<AddFormats>(services) : ActivatorUtilities.CreateInstance<AddFormats>(services, images);
        await handler.HandleAsync(new PhotoFormatsDue(Id<Photo>.Parse(photo, null), version), new OutboxAttempt(1), TestContext.Current.CancellationToken);
        return true;
    });

    private static Task<bool> InDatabaseAsync(GalleryClient gallery, Func<ProofsheetDb, Task> work) => gallery.Studio.Host.InScopeAsync(gallery.Studio.Id, async services =>
    {
        await work(services.GetRequiredService<ProofsheetDb>());
        return true;
    });

    private static async Task<List<ObjectKey>> FilesAsync(GalleryClient gallery)
    {
        var store = gallery.Studio.Host.Services.GetRequiredService<IObjectStore>();
        var keys = new List<ObjectKey>();
        await foreach (var file in store.ListAsync(PhotoFiles.AllOf(Id<Tenant>.Parse(gallery.Studio.Id, null))))
        {
            keys.Add(file.Key);
        }

        return [.. keys.OrderBy(k => k.Value, StringComparer.Ordinal)];
    }

    /// <summary>Something happens between the pictures and the row.</summary>
    private sealed class Interrupted(IImageProcessor images, Func<Task> happening) : IImageProcessor
    {
        public Task<ImageInspection> InspectAsync(string path, CancellationToken cancellation) => images.InspectAsync(path, cancellation);

        public Task<ProcessOutcome> ProcessAsync(ImageJob job, CancellationToken cancellation) => images.ProcessAsync(job, cancellation);

        public async Task<FormatsOutcome> AddFormatsAsync(ImageJob job, CancellationToken cancellation)
        {
            var made = await images.AddFormatsAsync(job, cancellation);
            await happening();
            return made;
        }

        public Task<LogoInspection> InspectLogoAsync(ReadOnlyMemory<byte> png, CancellationToken cancellation) => images.InspectLogoAsync(png, cancellation);
    }
}
