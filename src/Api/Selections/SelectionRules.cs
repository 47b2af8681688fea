using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Galleries.Visitors;
using Proofsheet.Api.Http;
using Proofsheet.Api.Http.Callers;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Selections;

/// <summary>Queries and checks that several handlers share.</summary>
internal static class SelectionRules
{
    /// <summary>The selections that a caller may see: a visitor's own, or all of the studio, except those of deleted galleries.</summary>
    public static IQueryable<Selection> SelectionsFor(this ProofsheetDb db, Caller caller)
    {
        var all = db.Set<Selection>().Where(s => db.Set<Gallery>().Any(g => g.Id == s.GalleryId));
        if (!caller.IsVisitor)
        {
            return all;
        }

        _ = Id<Visitor>.TryRead(caller.VisitorId, out var visitor);
        _ = Id<Gallery>.TryRead(caller.GalleryId, out var gallery);
        return all.Where(s => s.VisitorId == visitor && s.GalleryId == gallery);
    }

    public static Task<Selection?> FindSelectionAsync(this ProofsheetDb db, Caller caller, Id<Selection> id, CancellationToken cancellation) =>
        db.SelectionsFor(caller).SingleOrDefaultAsync(s => s.Id == id, cancellation);

    /// <summary>Null if the visitor may change the selection now.</summary>
    public static ProblemHttpResult? RefuseChange(Selection selection, Gallery gallery, DateTimeOffset now) =>
        !gallery.AllowsPicksAt(now) ? ProofingClosed()
        : selection.Status != SelectionStatus.Open ? NotOpen()
        : null;

    public static ProblemHttpResult ProofingClosed() => Problems.Conflict("proofing_closed", "Nothing is picked in this gallery any more. Ask the photographer to open proofing again.");

    public static ProblemHttpResult NotOpen() => Problems.Conflict("selection_not_open", "This selection was submitted. Ask the photographer to open it again.");
}
