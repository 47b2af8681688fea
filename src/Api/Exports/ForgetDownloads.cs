using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries.Lifecycle;
using Proofsheet.Api.GalleryDownloads;
using Proofsheet.Shared.Outbox;

namespace Proofsheet.Api.Exports;

/// <summary>Deletes the download rules (with the email addresses in them), visitors' downloads and exports of a purged gallery; their lists are swept.</summary>
internal sealed class ForgetDownloads(ProofsheetDb db) : IHandle<GalleryPurged>
{
    public async Task HandleAsync(GalleryPurged happened, OutboxAttempt attempt, CancellationToken cancellation)
    {
        await db.Set<GalleryDownload>().Where(d => d.GalleryId == happened.GalleryId).ExecuteDeleteAsync(cancellation);
        await db.Set<CountedDownload>().Where(c => c.GalleryId == happened.GalleryId).ExecuteDeleteAsync(cancellation);
        db.RemoveRange(await db.Set<GalleryExport>().Where(e => e.GalleryId == happened.GalleryId).ToListAsync(cancellation));
        db.RemoveRange(await db.Set<GalleryDownloadRules>().Where(r => r.GalleryId == happened.GalleryId).ToListAsync(cancellation));
        await db.SaveChangesAsync(cancellation);
    }
}
