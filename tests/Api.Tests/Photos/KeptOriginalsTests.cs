using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Maintenance;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>Originals that outlive their rows, because a backup of the database may be restored.</summary>
public sealed class KeptOriginalsTests
{
    [Fact]
    public async Task A_restored_database_does_not_cost_the_originals_that_came_after_its_backup()
    {
        await using var api = await ApiHost.StartAsync(new() { ["Outbox:Enabled"] = "false" });
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var backup = Path.Combine(api.Folder, "backup.db");
        await UploadAsync(gallery, "before.jpg");
        await api.InScopeAsync(gallery.Studio.Id, services => services.GetRequiredService<Proofsheet.Api.Data.ProofsheetDb>().Database.ExecuteSqlAsync($"VACUUM INTO {backup}"));
        var late = await UploadAsync(gallery, "after.jpg");
        await using var restored = await ApiHost.StartAsync(new(api.Shared) { ["Database:ConnectionString"] = $"Data Source={backup}", ["Outbox:Enabled"] = "false" });
        var store = restored.Services.GetRequiredService<IObjectStore>();

        restored.Clock.Advance(TimeSpan.FromDays(400));
        await restored.Services.GetRequiredService<OrphanSweeper>().SweepAsync(default);

        (await store.ExistsAsync(PhotoFiles.Original(StudioOf(gallery), late))).Should().BeTrue("it is newer than every row of the backup");
        (await restored.Client(gallery.Studio.SecretKey).GetAsync($"/v1/photos/{late}")).ShouldBe(404);
    }

    [Fact]
    public async Task After_new_uploads_the_originals_without_rows_still_have_their_days()
    {
        await using var api = await ApiHost.StartAsync();
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var store = api.Services.GetRequiredService<IObjectStore>();
        var lost = PhotoFiles.Original(StudioOf(gallery), Id<Photo>.New(DateTimeOffset.UtcNow.AddHours(-1)));
        await store.PutAsync(lost, new MemoryStream([1]));
        await gallery.ReadyAsync("new.jpg");
        var sweeper = api.Services.GetRequiredService<OrphanSweeper>();

        api.Clock.Advance(TimeSpan.FromDays(29));
        await sweeper.SweepAsync(default);
        (await store.ExistsAsync(lost)).Should().BeTrue();
        api.Clock.Advance(TimeSpan.FromDays(2));
        await sweeper.SweepAsync(default);
        (await store.ExistsAsync(lost)).Should().BeFalse();
    }

    [Theory]
    [InlineData(30)]
    [InlineData(0)]
    public async Task A_purged_photos_original_goes_when_no_backup_with_its_row_is_restored_any_more(int days)
    {
        await using var api = await ApiHost.StartAsync(new() { ["Photos:KeepDeletedDays"] = $"{days}" });
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var photo = Id<Photo>.Parse((await gallery.ReadyAsync("old.jpg")).Id(), null);
        var store = api.Services.GetRequiredService<IObjectStore>();
        var (original, master) = (PhotoFiles.Original(StudioOf(gallery), photo), PhotoFiles.Master(StudioOf(gallery), photo, 1));

        (await gallery.Studio.Api.DeleteAsync($"/v1/photos/{photo}")).ShouldBe(204);
        api.Clock.Advance(Photo.DeletedFor + TimeSpan.FromMinutes(1));
        await ApiHost.EventuallyAsync(async () => !await store.ExistsAsync(master), "the pictures that were made of it are deleted at the purge");
        var sweeper = api.Services.GetRequiredService<OrphanSweeper>();
        await sweeper.SweepAsync(default);

        (await store.ExistsAsync(original)).Should().Be(days > 0);
        (await gallery.Studio.Api.GetAsync($"/v1/photos/{photo}/original")).ShouldBeProblem(404, "not_found");
        api.Clock.Advance(TimeSpan.FromDays(days + 1));
        await sweeper.SweepAsync(default);
        (await store.ExistsAsync(original)).Should().BeFalse();
    }

    private static Id<Tenant> StudioOf(GalleryClient gallery) => Id<Tenant>.Parse(gallery.Studio.Id, null);

    private static async Task<Id<Photo>> UploadAsync(GalleryClient gallery, string name) =>
        Id<Photo>.Parse((await gallery.UploadAsync((name, PhotoClients.NewJpeg()))).ShouldBe(201).Body!["results"]![0]!["photo"]!["id"]!.GetValue<string>(), null);
}
