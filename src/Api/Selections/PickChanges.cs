using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Selections;

/// <summary>Adds and removes picks. Both lock the selection's row first, so that none of several concurrent requests sees an outdated count.</summary>
internal static class PickChanges
{
    public static async Task<(Selection? Selection, Gallery? Gallery, ProblemHttpResult? Refused)> FindAsync(
        ProofsheetDb db, Caller caller, Id<Selection> id, DateTimeOffset now, CancellationToken cancellation)
    {
        // Untracked, because its version is raised below without EF.
        var selection = await db.SelectionsFor(caller).AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, cancellation);
        if (selection is null)
        {
            return (null, null, Problems.NotFound("selection"));
        }

        var gallery = await db.Set<Gallery>().AsNoTracking().SingleAsync(g => g.Id == selection.GalleryId, cancellation);
        var refused = SelectionRules.RefuseChange(selection, gallery, now);
        return refused is null ? (selection, gallery, null) : (null, null, refused);
    }

    /// <summary>False if it was submitted in the meantime. Other picks wait until our transaction ends.</summary>
    public static async Task<bool> TakeAsync(ProofsheetDb db, Id<Selection> id, DateTimeOffset now, CancellationToken cancellation) =>
        await db.Set<Selection>().Where(s => s.Id == id && s.Status == SelectionStatus.Open)
            .ExecuteUpdateAsync(set => set.SetChanged(now), cancellation) == 1;

    public static async Task<Ok<PhotoSelectionResponse>> AnswerAsync(HttpContext http, Caller caller, ProofsheetDb db, Id<Selection> id, CancellationToken cancellation)
    {
        var selection = await db.Set<Selection>().AsNoTracking().SingleAsync(s => s.Id == id, cancellation);
        ETags.Write(http, selection);
        return TypedResults.Ok(await db.ToResponseAsync(selection, caller, cancellation));
    }
}
