using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Api.Photos;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Selections;

internal sealed record PickPhotoRequest
{
    /// <summary>Anything the photographer should know about this photo. Null removes an earlier note.</summary>
    [StringLength(1000)]
    public string? Note { get; init; }
}

internal static class PickPhoto
{
    public static void MapPickPhoto(this IEndpointRouteBuilder routes) => routes
        .MapPut("/selections/{selectionId}/picks/{photoId}", HandleAsync)
        .WithName("PickPhoto")
        .WithTags("Selections")
        .WithSummary("Pick a photo")
        .WithDescription("Picking a photo again changes only its note. Without a body, an earlier note is kept.")
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
        .RequireScope(Scopes.VisitorSelect);

    private static async Task<Results<Ok<PhotoSelectionResponse>, ProblemHttpResult>> HandleAsync(
        Id<Selection> selectionId, Id<Photo> photoId, PickPhotoRequest? request, HttpContext http, Caller caller, ProofsheetDb db, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var (selection, gallery, refused) = await PickChanges.FindAsync(db, caller, selectionId, now, cancellation);
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
        if (!await PickChanges.TakeAsync(db, selectionId, now, cancellation))
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
            db.Add(new Pick { SelectionId = selectionId, PhotoId = photoId, PhotoVersion = photo.CurrentVersionNumber, Note = request?.Note, PickedAt = now });
        }

        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);

        return await PickChanges.AnswerAsync(http, caller, db, selectionId, cancellation);
    }
}
