using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Selections;

internal sealed record PickPhotoRequest
{
    /// <summary>Anything the photographer should know about this photo; null takes an earlier note away.</summary>
    [StringLength(1000)]
    public string? Note { get; init; }
}

/// <summary>Adds and removes picks. Both take the selection's row first, so that of many at once none sees a stale count.</summary>
internal static class PickPhoto
{
    public static void MapPickPhoto(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/selections/{selectionId}/picks/{photoId}", PickAsync)
            .WithName("PickPhoto")
            .WithTags("Selections")
            .WithSummary("Pick a photo")
            .WithDescription("Picking it again changes its note alone. Without a body an earlier note stays.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .RequireScope(Scopes.VisitorSelect);
        routes.MapDelete("/selections/{selectionId}/picks/{photoId}", UnpickAsync)
            .WithName("UnpickPhoto")
            .WithTags("Selections")
            .WithSummary("Take a photo out of a selection")
            .WithDescription("What is not picked stays so.")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .RequireScope(Scopes.VisitorSelect);
    }

    private static async Task<Results<Ok<SelectionResponse>, ProblemHttpResult>> PickAsync(
        Id<Selection> selectionId, Id<Photo> photoId, PickPhotoRequest? request, HttpContext http, Caller caller, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var (selection, gallery, refused) = await FindAsync(db, caller, selectionId, now, cancellation);
        if (selection is null)
        {
            return refused!;
        }

        var photo = await db.Set<Photo>().AsNoTracking().SingleOrDefaultAsync(p => p.Id == photoId && p.GalleryId == selection.GalleryId, cancellation);
        if (photo?.IsShown != true)
        {
            return Problems.NotFound("photo");
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (!await TakeAsync(db, selectionId, now, cancellation))
        {
            return SelectionRules.NotOpen();
        }

        var picked = await db.Set<Pick>().SingleOrDefaultAsync(p => p.SelectionId == selectionId && p.PhotoId == photoId, cancellation);
        if (picked is not null)
        {
            picked.Note = request is null ? picked.Note : request.Note;
        }
        else if (gallery!.PickLimit is { } limit && await db.Set<Pick>().CountAsync(p => p.SelectionId == selectionId, cancellation) >= limit)
        {
            return Problems.Rule("selection_full", $"This selection holds up to {limit} photos. Take one out first with `UnpickPhoto`.");
        }
        else
        {
            db.Add(new Pick { SelectionId = selectionId, PhotoId = photoId, Note = request?.Note, PickedAt = now });
        }

        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);

        return await AnswerAsync(http, db, selectionId, cancellation);
    }

    private static async Task<Results<Ok<SelectionResponse>, ProblemHttpResult>> UnpickAsync(
        Id<Selection> selectionId, Id<Photo> photoId, HttpContext http, Caller caller, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var (selection, _, refused) = await FindAsync(db, caller, selectionId, now, cancellation);
        if (selection is null)
        {
            return refused!;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        if (!await TakeAsync(db, selectionId, now, cancellation))
        {
            return SelectionRules.NotOpen();
        }

        if (await db.Set<Pick>().SingleOrDefaultAsync(p => p.SelectionId == selectionId && p.PhotoId == photoId, cancellation) is { } picked)
        {
            db.Remove(picked);
            await db.SaveChangesAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return await AnswerAsync(http, db, selectionId, cancellation);
    }

    private static async Task<(Selection? Selection, Gallery? Gallery, ProblemHttpResult? Refused)> FindAsync(
        ProofsheetDb db, Caller caller, Id<Selection> id, DateTimeOffset now, CancellationToken cancellation)
    {
        // Untracked: its version is raised past EF below.
        var selection = await db.SelectionsFor(caller).AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, cancellation);
        if (selection is null)
        {
            return (null, null, Problems.NotFound("selection"));
        }

        var gallery = await db.Set<Gallery>().AsNoTracking().SingleAsync(g => g.Id == selection.GalleryId, cancellation);
        var refused = SelectionRules.RefuseChange(selection, gallery, now);
        return refused is null ? (selection, gallery, null) : (null, null, refused);
    }

    /// <summary>False when it was submitted meanwhile. Whoever else picks here waits until our transaction ends.</summary>
    private static async Task<bool> TakeAsync(ProofsheetDb db, Id<Selection> id, DateTimeOffset now, CancellationToken cancellation) =>
        await db.Set<Selection>().Where(s => s.Id == id && s.Status == SelectionStatus.Open)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.Version, s => s.Version + 1).SetProperty(s => s.UpdatedAt, now), cancellation) == 1;

    private static async Task<Ok<SelectionResponse>> AnswerAsync(HttpContext http, ProofsheetDb db, Id<Selection> id, CancellationToken cancellation)
    {
        var selection = await db.Set<Selection>().AsNoTracking().SingleAsync(s => s.Id == id, cancellation);
        ETags.Write(http, selection);
        return TypedResults.Ok(await db.ToResponseAsync(selection, cancellation));
    }
}
