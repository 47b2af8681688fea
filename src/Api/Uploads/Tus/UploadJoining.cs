using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Uploads.Tus;

/// <summary>
/// Joins partial uploads into one file. Each goes into one file only; repeating the request, for example because the
/// response got lost, returns the same upload.
/// </summary>
internal sealed class UploadJoining(ProofsheetDb db, NewUploads uploads, PlanLimits limits, UploadFinisher finisher, TimeProvider clock)
{
    public async Task<(Upload? Upload, ProblemHttpResult? Refused)> JoinAsync(Id<Gallery> gallery, UploadCreation asked, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var found = await db.Set<Upload>().AsNoTracking()
            .Where(u => asked.Pieces.Contains(u.Id) && u.GalleryId == gallery && u.IsPartial && u.ExpiresAt > now)
            .ToDictionaryAsync(u => u.Id, cancellation);
        if (found.Count < asked.Pieces.Count)
        {
            return (null, Problems.NotFound("partial upload"));
        }

        var pieces = asked.Pieces.Select(id => found[id]).ToList();
        if (pieces[0].FinalId is { } earlier)
        {
            return await EarlierAsync(earlier, pieces, cancellation);
        }

        if (pieces.Exists(p => !p.IsWhole))
        {
            return (null, Problems.Conflict("upload_concat_conflict", "A partial upload is not complete."));
        }

        var length = pieces.Sum(p => p.Length!.Value);
        if (limits.RefuseFile(length) is { } unfit)
        {
            return (null, Problems.Of(unfit.HttpStatus, unfit.Code, unfit.Detail));
        }

        var upload = uploads.New(gallery, asked, isFinal: true);
        (upload.Length, upload.Offset) = (length, length);
        return await ClaimAsync(upload, pieces)
            ? await FinishAsync(upload)
            : (null, Problems.Conflict("upload_concat_conflict", "A partial upload is already part of another file."));
    }

    private async Task<(Upload?, ProblemHttpResult?)> EarlierAsync(Id<Upload> earlier, List<Upload> pieces, CancellationToken cancellation)
    {
        var whole = await db.Set<Upload>().Where(u => u.FinalId == earlier).OrderBy(u => u.FinalPosition).Select(u => u.Id).ToListAsync(cancellation);
        if (!whole.SequenceEqual(pieces.Select(p => p.Id)) || await db.FindUploadAsync(earlier, cancellation) is not { } upload)
        {
            return (null, Problems.Conflict("upload_concat_conflict", "A partial upload is already part of another file."));
        }

        return await FinishAsync(upload);
    }

    /// <summary>Saves the upload and claims all pieces for it; false if another upload has claimed one of them.</summary>
    private async Task<bool> ClaimAsync(Upload upload, List<Upload> pieces)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        db.Add(upload);
        await db.SaveChangesAsync(CancellationToken.None);
        db.Entry(upload).State = EntityState.Detached;
        for (var position = 0; position < pieces.Count; position++)
        {
            var (id, place) = (pieces[position].Id, position);
            if (await db.Set<Upload>().Where(u => u.Id == id && u.FinalId == null)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.FinalId, upload.Id).SetProperty(u => u.FinalPosition, place), CancellationToken.None) == 0)
            {
                return false;
            }
        }

        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    private async Task<(Upload?, ProblemHttpResult?)> FinishAsync(Upload upload)
    {
        var finished = await finisher.ResumeAsync(upload);
        return finished.Refusal is { } refusal ? (null, Problems.Of(refusal.HttpStatus, refusal.Code, refusal.Detail)) : (finished, null);
    }
}
