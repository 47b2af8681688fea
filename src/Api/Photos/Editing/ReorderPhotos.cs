using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Photos.Editing;

internal sealed record ReorderPhotosRequest
{
    /// <summary>The photos to move, in their new order.</summary>
    [MinLength(1), MaxLength(500)]
    public required IReadOnlyList<Id<Photo>> PhotoIds { get; init; }

    /// <summary>Moves the photos directly before this one.</summary>
    public Id<Photo>? Before { get; init; }

    /// <summary>Moves the photos directly after this one. Without <c>before</c> and <c>after</c> they move to the end.</summary>
    public Id<Photo>? After { get; init; }
}

internal static class ReorderPhotos
{
    public static void MapReorderPhotos(this IEndpointRouteBuilder routes) => routes
        .MapPost("/galleries/{galleryId}/photos/reorder", HandleAsync)
        .WithName("ReorderPhotos")
        .WithTags("Photos")
        .WithSummary("Move photos within their gallery")
        .WithDescription("Either all of the photos are moved, or none.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.PhotosWrite);

    private static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Id<Gallery> galleryId, ReorderPhotosRequest request, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        if (!await db.Set<Gallery>().AnyAsync(g => g.Id == galleryId, cancellation))
        {
            return Problems.NotFound("gallery");
        }

        if (request is { Before: not null, After: not null })
        {
            return Problems.Rule("ambiguous_place", "Send `before` or `after`, not both.", "after");
        }

        var moved = request.PhotoIds.Distinct().ToList();
        var anchor = request.Before ?? request.After;
        if (anchor is { } fixedPoint && moved.Contains(fixedPoint))
        {
            return Problems.Rule("ambiguous_place", "A photo that is being moved cannot be the one that marks the place.", request.Before is null ? "after" : "before");
        }

        var wasMoved = await db.InTransactionAsync(() => MoveAsync(galleryId, moved, anchor, request.Before is not null, db, clock.GetUtcNow(), cancellation), cancellation);
        return wasMoved ? TypedResults.NoContent() : Problems.NotFound("photo in this gallery");
    }

    private static async Task<bool> MoveAsync(Id<Gallery> galleryId, List<Id<Photo>> moved, Id<Photo>? anchor, bool before, ProofsheetDb db, DateTimeOffset now, CancellationToken cancellation)
    {
        await GalleryLock.TakeAsync(db, galleryId, cancellation);
        var all = db.Set<Photo>().Where(p => p.GalleryId == galleryId);
        if (await all.CountAsync(p => moved.Contains(p.Id) && p.DeletedAt == null, cancellation) < moved.Count)
        {
            return false;
        }

        var order = await all.OrderBy(p => p.Position).ThenBy(p => p.Id).Select(p => new Place(p.Id, p.Position, p.DeletedAt == null)).ToListAsync(cancellation);
        order.RemoveAll(p => moved.Contains(p.Id));
        var at = anchor is null ? order.Count : order.FindIndex(p => p.Id == anchor && p.IsLive) + (before ? 0 : 1);
        if (anchor is not null && (at < 0 || !order.Exists(p => p.Id == anchor && p.IsLive)))
        {
            return false;
        }

        var room = (moved.Count + 1) * Photo.PositionGap;
        var above = at < order.Count ? order[at].Position : (long?)null;
        var below = at > 0 ? order[at - 1].Position : (above ?? 0) - room;
        if (above is { } next && (next - below) / (moved.Count + 1) < 1)
        {
            // There is no room between the two, so all photos from here on move back together.
            await all.Where(p => !moved.Contains(p.Id)).MoveBackAsync(next, order[at].Id, room, now, cancellation);
            above = next + room;
        }

        var step = above is { } end ? (end - below) / (moved.Count + 1) : Photo.PositionGap;
        // Locked first, so that saving meets no change of another request or of processing.
        await all.Where(p => moved.Contains(p.Id)).ExecuteUpdateAsync(set => set.SetChanged(now), cancellation);
        foreach (var photo in await all.Where(p => moved.Contains(p.Id)).ToListAsync(cancellation))
        {
            photo.Position = below + (step * (moved.IndexOf(photo.Id) + 1));
        }

        await db.SaveChangesAsync(cancellation);
        return true;
    }

    private sealed record Place(Id<Photo> Id, long Position, bool IsLive);
}
