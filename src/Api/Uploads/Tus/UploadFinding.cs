using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Galleries;
using Proofsheet.Api.Http;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Uploads.Tus;

internal static class UploadFinding
{
    /// <summary>The studio's upload, not tracked. Uploads to a deleted gallery are not found.</summary>
    public static Task<Upload?> FindUploadAsync(this ProofsheetDb db, Id<Upload> id, CancellationToken cancellation) =>
        db.Set<Upload>().AsNoTracking().SingleOrDefaultAsync(u => u.Id == id && db.Set<Gallery>().Any(g => g.Id == u.GalleryId), cancellation);

    public static ProblemHttpResult? RefuseExpired(this Upload upload, DateTimeOffset now) => upload.ExpiresAt > now
        ? null
        : Problems.Gone("upload_expired", "Nothing was written to this upload for too long. Start again with `CreateUpload`.");

    public static ProblemHttpResult Locked(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "1";
        return Problems.Of(423, "upload_locked", "Another request is writing to this upload. Ask for its offset and continue from there later.");
    }
}
