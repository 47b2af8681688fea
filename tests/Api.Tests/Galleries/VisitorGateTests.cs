using System.Text.RegularExpressions;
using FluentAssertions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Tests.Support;
using Proofsheet.Shared.Ids;
using Xunit;

namespace Proofsheet.Api.Tests.Galleries;

/// <summary>What every request of a visitor reads before anything else.</summary>
[Trait("Database", "Provider")]
public sealed partial class VisitorGateTests(ApiHost api)
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Admission_reads_a_few_columns_of_the_gallery()
    {
        var studio = await api.StudioAsync();
        var sql = await api.InScopeAsync(studio.Id, services =>
            Task.FromResult(VisitorGate.Find(services.GetRequiredService<ProofsheetDb>(), Id<VisitorSession>.New(Now)).ToQueryString()));

        var gallery = OfGallery().Matches(sql).Select(m => m.Groups[1].Value).ToHashSet();

        gallery.Should().BeEquivalentTo("id", "tenant_id", "access_version", "stage", "expires_at", "deleted_at");
    }

    [Fact]
    public void A_gallery_is_open_while_it_is_published_and_neither_deleted_nor_expired()
    {
        GalleryOpening Published(DateTimeOffset? expiresAt = null, DateTimeOffset? deletedAt = null) => new(GalleryStage.Published, expiresAt, deletedAt);

        Published().IsOpenAt(Now).Should().BeTrue();
        Published(expiresAt: Now.AddTicks(1)).IsOpenAt(Now).Should().BeTrue();
        Published(expiresAt: Now).IsOpenAt(Now).Should().BeFalse();
        Published(expiresAt: Now).StatusAt(Now).Should().Be(GalleryStatus.Expired);
        Published(deletedAt: Now).IsOpenAt(Now).Should().BeFalse();
        new GalleryOpening(GalleryStage.Draft, null, null).IsOpenAt(Now).Should().BeFalse();
        new GalleryOpening(GalleryStage.Archived, Now, null).StatusAt(Now).Should().Be(GalleryStatus.Archived);
    }

    [GeneratedRegex(@"\bg[0-9]*""?\.""?(\w+)")]
    private static partial Regex OfGallery();
}
