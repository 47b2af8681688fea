using System.Text.Json.Nodes;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Audit;
using Proofsheet.Api.Data;
using Proofsheet.Api.Exports;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Tests.Data.SqlServer;
using Proofsheet.Api.Tests.Galleries;
using Proofsheet.Api.Tests.Photos;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;
using Xunit;

namespace Proofsheet.Api.Tests.Audit;

/// <summary>Changes of many rows at once are in the audit trail, and no statement changes audited rows behind its back.</summary>
[Trait("Database", "Provider")]
public sealed class StatementAuditTests(ApiHost api)
{
    [Fact]
    public async Task Moved_photos_have_entries_and_those_behind_them_have_none()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var photos = (await gallery.ReadyAsync(3)).Select(p => p.Id()).ToList();

        (await gallery.Studio.Api.PostAsync($"/v1/galleries/{gallery.Id}/photos/reorder", new { photoIds = new[] { photos[2] }, before = photos[0] })).ShouldBe(204);

        var moves = (await EntriesAsync(gallery.Studio, "photo")).Where(e => e["action"]!.GetValue<string>() == "updated" && Has(e, "position")).ToList();
        moves.Should().ContainSingle().Which["entityId"]!.GetValue<string>().Should().Be(photos[2]);
        moves[0]["actorType"]!.GetValue<string>().Should().Be("secret");
    }

    [Fact]
    public async Task Photos_of_a_deleted_section_have_entries()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync();
        var section = (await gallery.Studio.Api.PostAsync($"{gallery.Path}/sections", new { title = "Church" })).ShouldBe(201)["id"];
        var photo = await gallery.ReadyAsync();
        (await gallery.Studio.Api.PatchAsync($"/v1/photos/{photo.Id()}", new { sectionId = section })).ShouldBe(200);

        (await gallery.Studio.Api.DeleteAsync($"/v1/sections/{section}")).ShouldBe(204);

        await ApiHost.EventuallyAsync(
            async () => (await EntriesAsync(gallery.Studio, "photo")).Any(e => Has(e, "sectionId") && e["actorType"]!.GetValue<string>() == "anonymous"), "the photo leaves its section");
    }

    [Fact]
    public async Task A_price_sheet_that_is_no_longer_the_default_has_an_entry()
    {
        var studio = await api.StudioAsync();
        var first = (await studio.Api.PostAsync("/v1/price-sheets", new { name = "First", isDefault = true })).ShouldBe(201)["id"];

        (await studio.Api.PostAsync("/v1/price-sheets", new { name = "Second", isDefault = true })).ShouldBe(201);

        (await EntriesAsync(studio, "price_sheet")).Should().ContainSingle(e => e["action"]!.GetValue<string>() == "updated" && Has(e, "isDefault")).Which["entityId"]!.GetValue<string>().Should().Be(first);
    }

    [Fact]
    public async Task A_statement_that_would_bypass_the_audit_trail_is_refused_and_changes_nothing()
    {
        var gallery = await (await api.StudioAsync()).GalleryAsync(title: "Wedding");
        await api.InScopeAsync(gallery.Studio.Id, async services =>
        {
            var db = services.GetRequiredService<ProofsheetDb>();
            var now = api.Clock.GetUtcNow();
            foreach (var bypassing in (Func<Task>[])[
                () => db.Set<Gallery>().ExecuteUpdateAsync(set => set.SetProperty(g => g.Title, "Other")),
                () => db.Set<Gallery>().Where(g => g.Title != "").ExecuteUpdateAsync(set => set.SetProperty(g => g.SecretHash, "x").SetProperty(g => g.Title, g => g.Title + "!").SetChanged(now)),
                () => db.Set<Photo>().Where(p => db.Set<Gallery>().Any(g => g.Id == p.GalleryId)).ExecuteUpdateAsync(set => set.SetProperty(p => p.IsHidden, true)),
                () => db.AcrossTenants<GalleryExport>().ExecuteDeleteAsync(),
                () => db.Set<Photo>().Take(1).ExecuteDeleteAsync(),
            ])
            {
                (await bypassing.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*is audited*");
            }

            (await db.Set<Gallery>().ExecuteUpdateAsync(set => set.SetChanged(now))).Should().Be(1, "a lock changes nothing that an entry tells of");
            (await db.Set<OutboxMessage>().Where(m => m.Event == "tests.none").ExecuteDeleteAsync()).Should().Be(0, "it is not audited");
            return 0;
        });

        (await gallery.Studio.Api.GetAsync(gallery.Path))["title"].Should().Be("Wedding");
    }

    [Fact]
    public async Task SQL_Servers_statements_are_understood_too()
    {
        await using var db = SqlServerShadow.Open();
        var update = await SqlServerShadow.FirstCommandAsync(d => d.Set<Gallery>().Where(g => g.Title != "").ExecuteUpdateAsync(set => set.SetProperty(g => g.Title, "x").SetProperty(g => g.SecretHash, "y")));
        var allowed = await SqlServerShadow.FirstCommandAsync(d => d.Set<Gallery>().ExecuteUpdateAsync(set => set.SetProperty(g => g.SecretHash, "y")));
        var delete = await SqlServerShadow.FirstCommandAsync(d => d.Set<GalleryExport>().Where(e => e.PhotoCount > 1).ExecuteDeleteAsync());
        var other = await SqlServerShadow.FirstCommandAsync(d => d.Set<OutboxMessage>().ExecuteDeleteAsync());

        StatementGuard.ComplaintAbout(update!, db).Should().Contain("Title").And.NotContain("SecretHash");
        StatementGuard.ComplaintAbout(allowed!, db).Should().BeNull();
        StatementGuard.ComplaintAbout(delete!, db).Should().Contain("GalleryExport is audited");
        StatementGuard.ComplaintAbout(other!, db).Should().BeNull();
        StatementGuard.ComplaintAbout("MERGE INTO galleries USING other", db).Should().Contain("cannot be understood");
    }

    [Fact]
    public void The_exceptions_are_columns_of_audited_rows_and_have_a_reason()
    {
        using var db = SqlServerShadow.Open();
        var columns = db.Model.GetEntityTypes().Where(e => e.ClrType.IsAssignableTo(typeof(IAudited))).SelectMany(e => e.GetProperties().Select(p => $"{e.ClrType.Name}.{p.Name}"));

        UnauditedColumns.Reasons.Keys.Should().BeSubsetOf(columns);
        UnauditedColumns.Reasons.Values.Should().OnlyContain(reason => reason.Length > 10);
    }

    private static async Task<List<JsonNode>> EntriesAsync(StudioClient studio, string entity) =>
        [.. (await studio.Api.GetAsync($"/v1/audit?limit=200&entity={entity}")).ShouldBe(200).Body!["data"]!.AsArray().Select(e => e!)];

    private static bool Has(JsonNode entry, string field) => entry["changes"]!.AsArray().Any(c => c!["field"]!.GetValue<string>() == field);
}
