using System.Text.Json.Nodes;
using FluentAssertions;
using FluentAssertions.Execution;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Storage.Disk;
using Proofsheet.Api.Storage.Maintenance;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Tests.Crash;

/// <summary>What must hold when all work is done, compared with what the clients were told.</summary>
internal sealed partial class Aftermath(CrashSite site, Shop shop, IReadOnlyList<Scenario> scenarios)
{
    public async Task InspectAsync()
    {
        await QuietAsync();
        await PhotosAsync();
        await SelectionsAsync();
        await OrdersAsync();
        await DownloadsAsync();
        await MailsAsync();
        await TemporaryFilesAsync();
        site.Faults.Should().BeEmpty("no answer of 5xx was given");
    }

    /// <summary>All due work gets done, and none of it is given up.</summary>
    private async Task QuietAsync()
    {
        await using var db = site.OpenDatabase();
        await ApiHost.EventuallyAsync(
            async () =>
            {
                var now = TimeProvider.System.GetUtcNow();
                return !await db.Set<OutboxMessage>().AnyAsync(m => m.DoneAt == null && m.DeadAt == null && (m.DueAt <= now || m.LeaseUntil != null));
            },
            "the outbox is empty",
            seconds: 60);
        (await db.Set<OutboxMessage>().AsNoTracking().Where(m => m.DeadAt != null).ToListAsync())
            .Select(m => $"{m.Event}: {m.LastError}").Should().BeEmpty("no work was given up");
        // An event is split once, so each handler has exactly one row of it.
        (await db.Set<OutboxMessage>().AsNoTracking().Where(m => m.Handler != null).ToListAsync())
            .GroupBy(m => (m.Event, m.Handler, m.Payload, m.CreatedAt)).Where(g => g.Count() > 1).Select(g => g.Key).Should().BeEmpty("no event is shared out twice");
    }

    private async Task PhotosAsync()
    {
        foreach (var scenario in scenarios)
        {
            var list = (await shop.Studio.GetAsync($"/v1/galleries/{scenario.GalleryId}/photos?limit=200")).ShouldBe(200).Body!["data"]!.AsArray();
            using (new AssertionScope(scenario.Name))
            {
                list.Select(p => Text(p!["currentVersion"], "sha256")).Should().BeEquivalentTo(scenario.Photos.Select(p => p.Sha256), "each picture that was taken is there once, and no other");
                list.Select(p => Text(p, "id")).Should().BeEquivalentTo(scenario.Photos.Select(p => p.PhotoId), "they are those that the API answered");
                list.Select(p => Text(p, "status")).Should().OnlyContain(s => s == "ready");
                list.Select(p => p!["position"]?.ToJsonString()).Should().OnlyHaveUniqueItems();
            }

            foreach (var photo in scenario.Photos)
            {
                var original = (await shop.Studio.GetAsync($"/v1/photos/{photo.PhotoId}/original")).ShouldBe(200);
                Scenario.Sha256(original.Bytes).Should().Be(photo.Sha256, "{0} is kept as it was sent", photo.FileName);
            }

            foreach (var url in list.Select(p => Text(p!["urls"], "thumbnail")))
            {
                (await site.Client().GetAsync(url)).ShouldBe(200).Bytes.Should().NotBeEmpty();
            }
        }

        (await shop.Studio.GetAsync("/v1/galleries?limit=200")).ShouldBe(200).Body!["data"]!.AsArray().Select(g => Text(g, "id"))
            .Should().BeEquivalentTo(scenarios.Select(j => j.GalleryId), "a gallery whose answer got lost was not made twice");
    }

    private async Task SelectionsAsync()
    {
        foreach (var scenario in scenarios)
        {
            var lists = (await shop.Studio.GetAsync($"/v1/galleries/{scenario.GalleryId}/selections")).ShouldBe(200).Body!["data"]!.AsArray();
            lists.Select(l => Text(l, "id")).Should().Equal([scenario.SelectionId], "a list whose answer got lost was not made twice");
            Text(lists[0], "status").Should().Be("submitted");
            var list = (await shop.Studio.GetAsync($"/v1/selections/{scenario.SelectionId}")).ShouldBe(200).Body!;
            list["picks"]!.AsArray().Select(p => Text(p, "photoId")).Should().BeEquivalentTo(scenario.Picked.Select(p => p.PhotoId));
        }
    }

    /// <summary>The sweepers remove what the kills left behind: two days later there are only the files that rows refer to.</summary>
    private async Task TemporaryFilesAsync()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Storage:Disk:Root"] = site.Objects,
            ["Photos:WorkFolder"] = site.Work,
            ["Photos:KeepDeletedDays"] = "0",
            ["Database:Provider"] = site.Provider.ToString(),
            ["Database:ConnectionString"] = site.Connection,
            ["Outbox:Enabled"] = "false",
        };
        await using var host = await ApiHost.StartAsync(settings);
        host.Clock.Advance(TimeSpan.FromDays(2));
        var store = host.Services.GetRequiredService<DiskStore>();
        store.Prepare();
        await host.Services.GetRequiredService<OrphanSweeper>().SweepAsync(CancellationToken.None);

        LeftFiles.In(site.Work).Should().BeEmpty("pictures that were being made are swept");
        Directory.EnumerateFileSystemEntries(site.Temporary).Should().BeEmpty("nothing is left where nobody sweeps");
        LeftFiles.In(Path.Combine(site.Objects, "temporary")).Should().BeEmpty("the store sweeps at its start");

        await using var db = site.OpenDatabase();
        var photos = await db.AcrossTenants<Photo>().ToListAsync();
        var needed = photos.Select(p => PhotoFiles.Original(p.TenantId, p.Id).Value).ToHashSet();
        var kept = new List<string>();
        await foreach (var file in store.ListAsync(PhotoFiles.AllOf(photos[0].TenantId)))
        {
            kept.Add(file.Key.Value);
        }

        // One that is newer than all rows stays, because it may be newer than a backup that was restored.
        var newest = needed.Max(StringComparer.Ordinal)!;
        kept.RemoveAll(k => k.EndsWith("/original", StringComparison.Ordinal) && string.CompareOrdinal(k, newest) > 0);
        kept.Where(k => k.EndsWith("/original", StringComparison.Ordinal)).Should().BeEquivalentTo(needed, "an original without a row is swept, and none with a row");
        var folders = photos.Select(p => $"{p.TenantId.ToStored()}/{PhotoFiles.Folder}/{p.Id.ToStored()}/").ToList();
        kept.Should().OnlyContain(k => folders.Any(f => k.StartsWith(f, StringComparison.Ordinal)));
    }

    private static string Text(JsonNode? node, string name) => node![name]!.GetValue<string>();
}
