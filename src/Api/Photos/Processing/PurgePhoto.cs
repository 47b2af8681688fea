using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Proofsheet.Api.Data;
using Proofsheet.Api.Storage;
using Proofsheet.Shared.Ids;
using Proofsheet.Shared.Outbox;
using Proofsheet.Shared.Tenancy;

namespace Proofsheet.Api.Photos.Processing;

/// <summary>Lets another module say that a deleted photo's original is still needed, for example for a print that was ordered.</summary>
internal interface IKeepsOriginals
{
    /// <summary>Until when it is needed; null if it is not.</summary>
    Task<DateTimeOffset?> KeepUntilAsync(Id<Photo> photo, CancellationToken cancellation);
}

/// <summary>Deletes a deleted photo's files and what was read from them; the original follows after <see cref="PhotoOptions.KeepDeletedDays"/>. The row remains as a tombstone.</summary>
internal sealed class PurgePhoto(
    ProofsheetDb db, IObjectStore store, TenantContext tenant, IEnumerable<IKeepsOriginals> keepers, IOptions<PhotoOptions> options, TimeProvider clock) : IHandle<PhotoPurgeDue>
{
    public async Task HandleAsync(PhotoPurgeDue happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        var photo = await db.Set<Photo>().SingleOrDefaultAsync(p => p.Id == happened.PhotoId, cancellation);
        // Compared to the second, because databases store times with less precision than the event.
        if (photo is null || photo.PurgedAt is not null || photo.DeletedAt is not { } deleted || (deleted - happened.DeletedAt).Duration() > TimeSpan.FromSeconds(1))
        {
            return;
        }

        var now = clock.GetUtcNow();
        foreach (var keeper in keepers)
        {
            if (await keeper.KeepUntilAsync(photo.Id, cancellation) is { } until && until > now)
            {
                db.Publish(tenant.Current, happened, now, until - now);
                await db.SaveChangesAsync(cancellation);
                return;
            }
        }

        await db.Set<PhotoLocation>().Where(l => l.PhotoId == photo.Id).ExecuteDeleteAsync(cancellation);
        photo.Purge(now);
        await db.SaveChangesAsync(cancellation);

        // After the row is saved: a crash in between leaves files without references, which the sweeper deletes. It also deletes the original, later.
        var original = PhotoFiles.Original(tenant.Current, photo.Id);
        await store.DeleteAllAsync(PhotoFiles.AllOf(tenant.Current, photo.Id), key => key != original || options.Value.KeepDeletedDays == 0, cancellation);
    }
}
