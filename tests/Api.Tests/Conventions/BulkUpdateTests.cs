using System.Text.RegularExpressions;
using FluentAssertions;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Studios.Brands;
using Proofsheet.Api.Studios.Watermarks;
using Xunit;

namespace Proofsheet.Api.Tests.Conventions;

/// <summary>
/// Updates without a tracked row are not seen by the interceptor that makes pictures follow changes at once, so none may change
/// what pictures show.
/// </summary>
public sealed partial class BulkUpdateTests
{
    private static readonly string[] ShownByPictures =
    [
        nameof(Photo.Hidden), nameof(Photo.Status), nameof(Photo.DeletedAt), nameof(Photo.PurgedAt), nameof(Photo.ContentVersion), nameof(Photo.Renditions), nameof(Photo.GalleryId),
        nameof(Gallery.Stage), nameof(Gallery.IsListed), nameof(Gallery.Requires), nameof(Gallery.AccessVersion), nameof(Gallery.ExpiresAt), nameof(Gallery.WatermarkId), nameof(Gallery.ViewerWatermark),
        nameof(Watermark.Text), nameof(Watermark.OpacityPercent), nameof(Watermark.SizePercent), nameof(Watermark.Color),
        nameof(Branding.LogoSha256), nameof(Visitor.Name), nameof(Visitor.Email),
    ];

    private static readonly string[] Seen = [nameof(Photo), nameof(Gallery), nameof(Watermark), nameof(Branding), nameof(Visitor)];

    [Fact]
    public void No_update_past_the_change_tracker_changes_what_pictures_show()
    {
        // Rooms that cannot see galleries and photos have other rows with the same names.
        var sources = Repository.Files("src/Api", "*.cs").Where(f => f.Split('/')[2] is not ("Auth" or "Data")).Select(f => (File: f, Text: Repository.Read(f))).ToList();
        var queries = sources.SelectMany(s => Query().Matches(s.Text).Select(q => (s.File, Entity: q.Groups[1].Value, Member: q.Groups[2].Value))).ToList();
        var set = sources.SelectMany(s => Property().Matches(s.Text).Select(p => (s.File, Name: p.Groups[1].Value, Entity: EntityOf(s.File, s.Text[..p.Index])))).ToList();
        var deleted = sources.SelectMany(s => Deletion().Matches(s.Text).Select(d => $"{s.File} deletes rows of {d.Groups[1].Value}"));

        set.Should().Contain(p => p.Name == nameof(Photo.Position), "the pattern finds those there are");
        set.Where(p => ShownByPictures.Contains(p.Name) && (p.Entity is null || Seen.Contains(p.Entity)))
            .Should().BeEmpty("DeliveryFacts would go on believing what it read; save a tracked row, or make it forget the studio");
        deleted.Should().BeEmpty();

        // What a statement begins with: a set, or a member that is a query, here or of another class. Null where neither is found: then any may be meant.
        string? EntityOf(string file, string before)
        {
            var statement = before[(before.LastIndexOfAny([';', '{', '}']) + 1)..];
            return Set().Matches(statement).LastOrDefault()?.Groups[1].Value
                ?? queries.Find(q => Regex.IsMatch(statement, q.File == file ? $@"\b{q.Member}\b" : $@"\w\.{q.Member}\.") && char.IsUpper(q.Member[0])).Entity;
        }
    }

    [GeneratedRegex(@"Set<(Photo|Gallery|Watermark|Branding|Visitor)>\(\)[^;]*?\.ExecuteDeleteAsync", RegexOptions.Singleline)]
    private static partial Regex Deletion();

    [GeneratedRegex(@"SetProperty\(\w+ => \w+\.(\w+)")]
    private static partial Regex Property();

    [GeneratedRegex(@"\bSet<(\w+)>\(\)")]
    private static partial Regex Set();

    [GeneratedRegex(@"IQueryable<(\w+)> (\w+)")]
    private static partial Regex Query();
}
