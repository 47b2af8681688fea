using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Archives;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Sections;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Photos;
using Proofsheet.Api.Selections;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Exports;

internal sealed class ExportedPhoto
{
    public required Id<Photo> Id { get; init; }

    /// <summary>The path in the archive; null if there is no file.</summary>
    public string? Path { get; set; }

    public required Id<Section>? SectionId { get; init; }

    public required string FileName { get; init; }

    public required string? Title { get; init; }

    public required string? Caption { get; init; }

    public required string? AltText { get; init; }

    public required bool Hidden { get; init; }

    public required DateTimeOffset? TakenAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required string ContentType { get; init; }

    public required long Bytes { get; init; }

    public required string Sha256 { get; init; }

    public required uint Crc32 { get; init; }

    public required PhotoDetails Details { get; init; }

    public PhotoLocation? Location { get; set; }

    /// <summary>The number of selections that contain it.</summary>
    public int Picks { get; set; }
}

internal sealed record ExportedPick(Id<Photo> PhotoId, string? Note, DateTimeOffset PickedAt);

internal sealed record ExportedSelection(Id<Selection> Id, string Name, string? Note, SelectionStatus Status, string? VisitorName, string? VisitorEmail, DateTimeOffset? SubmittedAt, IReadOnlyList<ExportedPick> Picks);

internal sealed record ExportContent(Gallery Gallery, IReadOnlyList<Section> Sections, IReadOnlyList<ExportedPhoto> Photos, IReadOnlyList<ExportedSelection> Selections);

/// <summary>Reads what an export contains: all photos that are not deleted, including hidden ones and those that could not be processed.</summary>
internal sealed class ExportSource(ProofsheetDb db)
{
    public async Task<ExportContent> ReadAsync(Gallery gallery, CancellationToken cancellation)
    {
        var sections = await db.Set<Section>().AsNoTracking().Where(s => s.GalleryId == gallery.Id).OrderBy(s => s.Position).ThenBy(s => s.Id).ToListAsync(cancellation);
        var photos = await PhotosAsync(gallery.Id, cancellation);
        var titles = sections.ToDictionary(s => s.Id, s => s.Title);
        var paths = new ArchivePaths();
        // The two metadata files come first, in the root folder.
        paths.Add(null, "", "metadata.json");
        paths.Add(null, "", "metadata.csv");
        foreach (var photo in photos)
        {
            var title = photo.SectionId is { } section ? titles.GetValueOrDefault(section) : null;
            photo.Path = paths.Add(title is null ? null : photo.SectionId, title ?? "", FileNames.Of(photo.FileName, photo.ContentType));
        }

        return new ExportContent(gallery, sections, photos, await SelectionsAsync(gallery.Id, photos, cancellation));
    }

    private async Task<List<ExportedPhoto>> PhotosAsync(Id<Gallery> gallery, CancellationToken cancellation)
    {
        var photos = await db.Set<Photo>().AsNoTracking()
            .Where(p => p.GalleryId == gallery && p.DeletedAt == null && p.PurgedAt == null && p.Status != PhotoStatus.Uploading)
            .OrderBy(p => p.Position).ThenBy(p => p.Id)
            .Select(p => new ExportedPhoto
            {
                Id = p.Id, SectionId = p.SectionId, FileName = p.CurrentVersion.FileName, Title = p.Title, Caption = p.Caption, AltText = p.AltText, Hidden = p.IsHidden, TakenAt = p.TakenAt, CreatedAt = p.CreatedAt,
                Width = p.CurrentVersion.Width, Height = p.CurrentVersion.Height, ContentType = p.CurrentVersion.ContentType, Bytes = p.CurrentVersion.Bytes,
                Sha256 = p.CurrentVersion.Sha256, Crc32 = (uint)p.CurrentVersion.Crc32, Details = p.Details,
            })
            .ToListAsync(cancellation);
        var places = await db.Set<PhotoLocation>().AsNoTracking().Where(l => db.Set<Photo>().Any(p => p.Id == l.PhotoId && p.GalleryId == gallery)).ToDictionaryAsync(l => l.PhotoId, cancellation);
        foreach (var photo in photos)
        {
            photo.Location = places.GetValueOrDefault(photo.Id);
        }

        return photos;
    }

    private async Task<IReadOnlyList<ExportedSelection>> SelectionsAsync(Id<Gallery> gallery, IReadOnlyList<ExportedPhoto> photos, CancellationToken cancellation)
    {
        var selections = await db.Set<Selection>().AsNoTracking().Where(s => s.GalleryId == gallery).OrderBy(s => s.Id).ToListAsync(cancellation);
        var visitors = await db.Set<Visitor>().AsNoTracking().Where(v => v.GalleryId == gallery && db.Set<Selection>().Any(s => s.VisitorId == v.Id)).ToDictionaryAsync(v => v.Id, cancellation);
        var picks = (await db.Set<Pick>().AsNoTracking().Where(k => db.Set<Selection>().Any(s => s.Id == k.SelectionId && s.GalleryId == gallery)).ToListAsync(cancellation)).ToLookup(k => k.SelectionId);
        var counts = picks.SelectMany(p => p).CountBy(p => p.PhotoId).ToDictionary();
        foreach (var photo in photos)
        {
            photo.Picks = counts.GetValueOrDefault(photo.Id);
        }

        return [.. selections.Select(s => new ExportedSelection(
            s.Id, s.Name, s.Note, s.Status, visitors.GetValueOrDefault(s.VisitorId)?.Name, visitors.GetValueOrDefault(s.VisitorId)?.Email, s.SubmittedAt,
            [.. picks[s.Id].OrderBy(p => p.PickedAt).ThenBy(p => p.PhotoId).Select(p => new ExportedPick(p.PhotoId, p.Note, p.PickedAt))]))];
    }
}
