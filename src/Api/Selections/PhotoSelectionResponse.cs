using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Selections;

internal sealed record PhotoSelectionResponse
{
    public required Id<Selection> Id { get; init; }

    public required Id<Gallery> GalleryId { get; init; }

    public required Id<Visitor> VisitorId { get; init; }

    public required string? VisitorName { get; init; }

    /// <summary>Null for the client's own device as long as none of the client's addresses was proven on it.</summary>
    public required string? VisitorEmail { get; init; }

    public required string Name { get; init; }

    public required string? Note { get; init; }

    public required SelectionStatus Status { get; init; }

    /// <summary>The maximum number of photos, as set on the gallery. Null for no limit.</summary>
    public required int? PickLimit { get; init; }

    public required int PickCount { get; init; }

    /// <summary>In the order in which they were picked.</summary>
    public required IReadOnlyList<PickedPhotoResponse> Picks { get; init; }

    public required DateTimeOffset? SubmittedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

internal sealed record PickedPhotoResponse
{
    public required Id<Photo> PhotoId { get; init; }

    /// <summary>The number of the photo version that was shown when it was picked.</summary>
    public required int PhotoVersion { get; init; }

    public required string? Note { get; init; }

    public required DateTimeOffset PickedAt { get; init; }
}

internal static class SelectionMapper
{
    public static async Task<PhotoSelectionResponse> ToResponseAsync(this ProofsheetDb db, Selection selection, Caller reader, CancellationToken cancellation) =>
        (await db.ToResponsesAsync([selection], reader, cancellation))[0];

    public static async Task<IReadOnlyList<PhotoSelectionResponse>> ToResponsesAsync(this ProofsheetDb db, IReadOnlyList<Selection> selections, Caller reader, CancellationToken cancellation)
    {
        var ids = selections.Select(s => s.Id).ToList();
        var galleryIds = selections.Select(s => s.GalleryId).Distinct().ToList();
        var visitorIds = selections.Select(s => s.VisitorId).Distinct().ToList();
        var picks = (await db.Set<Pick>().AsNoTracking().Where(p => ids.Contains(p.SelectionId)).ToListAsync(cancellation)).ToLookup(p => p.SelectionId);
        var limits = await db.Set<Gallery>().AsNoTracking().Where(g => galleryIds.Contains(g.Id)).ToDictionaryAsync(g => g.Id, g => g.PickLimit, cancellation);
        var visitors = await db.Set<Visitor>().AsNoTracking().Where(v => visitorIds.Contains(v.Id)).ToDictionaryAsync(v => v.Id, cancellation);
        return [.. selections.Select(s => new PhotoSelectionResponse
        {
            Id = s.Id,
            GalleryId = s.GalleryId,
            VisitorId = s.VisitorId,
            VisitorName = visitors[s.VisitorId].Name,
            VisitorEmail = visitors[s.VisitorId].EmailFor(reader),
            Name = s.Name,
            Note = s.Note,
            Status = s.Status,
            PickLimit = limits.GetValueOrDefault(s.GalleryId),
            PickCount = picks[s.Id].Count(),
            Picks = [.. picks[s.Id].OrderBy(p => p.PickedAt).ThenBy(p => p.PhotoId).Select(p => new PickedPhotoResponse { PhotoId = p.PhotoId, PhotoVersion = p.PhotoVersion, Note = p.Note, PickedAt = p.PickedAt })],
            SubmittedAt = s.SubmittedAt,
            CreatedAt = s.CreatedAt,
            UpdatedAt = s.UpdatedAt,
        })];
    }
}
