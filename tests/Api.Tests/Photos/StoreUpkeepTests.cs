using FluentAssertions;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage;
using Proofsheet.Api.Storage.Maintenance;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Api.Tests.Commands;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Storage;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Photos;

/// <summary>Objects compared with rows: what is found to be wrong, what is collected, and what survives because it is new.</summary>
[Trait("Database", "Provider")]
public sealed class StoreUpkeepTests
{
    [Fact]
    public async Task What_is_as_its_rows_say_has_no_finding_and_every_object_is_read()
    {
        await using var api = await ApiHost.StartAsync();
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        await gallery.ReadyAsync();
        var listed = await CountAsync(api, StudioOf(gallery));

        var report = await api.VerifyAsync(StudioOf(gallery));

        report.Findings.Should().BeEmpty();
        report.Orphans.Should().BeEmpty();
        report.Objects.Should().Be(listed);
    }

    [Theory]
    [InlineData("original", "wrong_content")]
    [InlineData("original", "wrong_length")]
    [InlineData("original", "missing")]
    [InlineData("v1/master.jpg", "missing")]
    [InlineData("v1/300.jpg", "missing")]
    public async Task An_object_that_is_not_as_its_row_says_is_found(string file, string problem)
    {
        await using var api = await ApiHost.StartAsync();
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        await gallery.ReadyAsync();
        var store = api.Services.GetRequiredService<IObjectStore>();
        var key = await KeyAsync(api, StudioOf(gallery), file);
        var bytes = await BytesAsync(store, key);
        bytes[bytes.Length / 2] ^= 1;
        await (problem switch
        {
            "missing" => store.DeleteAsync(key),
            "wrong_length" => store.PutAsync(key, new MemoryStream(bytes[..^1])),
            _ => (Task)store.PutAsync(key, new MemoryStream(bytes)),
        });

        var report = await api.VerifyAsync(StudioOf(gallery));

        report.Findings.Should().ContainSingle().Which.Should().Be(new StoreFinding(gallery.Studio.Id, key.Value, problem));
    }

    [Fact]
    public async Task What_is_purged_while_it_is_verified_is_no_finding()
    {
        await using var api = await ApiHost.StartAsync();
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        await gallery.ReadyAsync();
        var key = await KeyAsync(api, StudioOf(gallery), "original");
        var store = new HookedStore(api.Services.GetRequiredService<IObjectStore>());
        store.BeforeOpen = async opened =>
        {
            if (opened == key)
            {
                store.BeforeOpen = null;
                await PurgeAllAsync(api, gallery);
            }
        };

        (await api.VerifyAsync(StudioOf(gallery), store)).Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task Orphans_of_every_room_are_listed_and_collected_and_strangers_are_left_alone()
    {
        await using var api = await ApiHost.StartAsync(new() { ["Photos:KeepDeletedDays"] = "0" });
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        await gallery.ReadyAsync();
        var studio = StudioOf(gallery);
        var store = api.Services.GetRequiredService<IObjectStore>();
        ObjectKey[] orphans =
        [
            PhotoFiles.Original(studio, Id<Photo>.New(DateTimeOffset.UtcNow.AddDays(-1))),
            ObjectKey.Of(studio.ToStored(), "downloads", "order", "item"),
            ObjectKey.Of(studio.ToStored(), "archives", "none", "list"),
            Branding.LogoKeyOf(studio, new string('a', 64)),
        ];
        var stranger = ObjectKey.Of(studio.ToStored(), "something-else", "file");
        foreach (var key in orphans.Append(stranger))
        {
            await store.PutAsync(key, new MemoryStream([1]));
        }

        (await api.VerifyAsync(studio)).Orphans.Should().BeEmpty("they may belong to requests of this moment");
        api.Clock.Advance(TimeSpan.FromHours(25));
        (await api.VerifyAsync(studio)).Orphans.Should().BeEquivalentTo(orphans.Select(k => k.Value));
        (await api.VerifyAsync(studio, fix: true)).OrphansDeleted.Should().Be(4);

        (await api.VerifyAsync(studio)).Orphans.Should().BeEmpty();
        (await store.ExistsAsync(stranger)).Should().BeTrue();
    }

    [Fact]
    public async Task An_object_that_is_written_again_between_listing_and_deletion_survives()
    {
        await using var api = await ApiHost.StartAsync();
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var studio = StudioOf(gallery);
        var inner = api.Services.GetRequiredService<IObjectStore>();
        var again = Branding.LogoKeyOf(studio, new string('b', 64));
        var left = Branding.LogoKeyOf(studio, new string('c', 64));
        await inner.PutAsync(again, new MemoryStream([1]));
        await inner.PutAsync(left, new MemoryStream([1]));
        api.Clock.Advance(TimeSpan.FromHours(25));
        // The same picture is uploaded after both have been listed.
        var store = new HookedStore(inner) { BeforeStat = async key => await (key == again ? inner.PutAsync(again, new MemoryStream([1])) : Task.CompletedTask) };

        (await SweeperOf(api, store).SweepAsync(studio, default)).Should().Be(1);

        (await inner.ExistsAsync(again)).Should().BeTrue();
        (await inner.ExistsAsync(left)).Should().BeFalse();
    }

    private static Id<Tenant> StudioOf(GalleryClient gallery) => Id<Tenant>.Parse(gallery.Studio.Id, null);

    private static OrphanSweeper SweeperOf(ApiHost api, IObjectStore store) => ActivatorUtilities.CreateInstance<OrphanSweeper>(api.Services, store);

    private static Task<bool> PurgeAllAsync(ApiHost api, GalleryClient gallery) => api.InScopeAsync(gallery.Studio.Id, async services =>
    {
        var db = services.GetRequiredService<Proofsheet.Api.Data.ProofsheetDb>();
        foreach (var photo in db.Set<Photo>().ToList())
        {
            photo.Delete(api.Clock.GetUtcNow());
            photo.Purge(api.Clock.GetUtcNow());
            await db.SaveChangesAsync();
            await services.GetRequiredService<IObjectStore>().DeleteAllAsync(PhotoFiles.AllOf(StudioOf(gallery), photo.Id), default);
        }

        return true;
    });

    private static async Task<ObjectKey> KeyAsync(ApiHost api, Id<Tenant> studio, string file)
    {
        await foreach (var item in api.Services.GetRequiredService<IObjectStore>().ListAsync(PhotoFiles.AllOf(studio)))
        {
            if (item.Key.Value.EndsWith($"/{file}", StringComparison.Ordinal))
            {
                return item.Key;
            }
        }

        throw new InvalidOperationException($"There is no {file}.");
    }

    private static async Task<int> CountAsync(ApiHost api, Id<Tenant> studio)
    {
        var count = 0;
        await foreach (var _ in api.Services.GetRequiredService<IObjectStore>().ListAsync(PhotoFiles.AllOf(studio)))
        {
            count++;
        }

        return count;
    }

    private static async Task<byte[]> BytesAsync(IObjectStore store, ObjectKey key)
    {
        await using var reader = await store.OpenAsync(key);
        var bytes = new MemoryStream();
        await reader!.Content.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
