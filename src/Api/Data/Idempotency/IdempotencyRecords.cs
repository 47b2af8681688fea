using Microsoft.EntityFrameworkCore;
using Proofsheet.Shared.Database;

namespace Proofsheet.Api.Data.Idempotency;

/// <summary>A key as used by one caller. Keys of different callers are independent of each other.</summary>
/// <param name="Owner">The studio's id, or "platform".</param>
internal readonly record struct IdempotencyKeyUse(string Owner, string CallerName, string Key)
{
    public IdempotencyRecord NewRecord(string hash, DateTimeOffset now) =>
        new() { Owner = Owner, CallerName = CallerName, Key = Key, RequestHash = hash, CreatedAt = now };
}

internal static class IdempotencyRecords
{
    public static Task<IdempotencyRecord?> FindAsync(this ProofsheetDb db, IdempotencyKeyUse use, CancellationToken cancellation) =>
        db.Of(use).AsNoTracking().SingleOrDefaultAsync(cancellation);

    public static Task ForgetAsync(this ProofsheetDb db, IdempotencyKeyUse use, CancellationToken cancellation) =>
        db.Of(use).ExecuteDeleteAsync(cancellation);

    /// <summary>Replaces the record that was found, if any; false if another request was faster.</summary>
    public static async Task<bool> ReplaceAsync(this ProofsheetDb db, IdempotencyRecord? found, IdempotencyRecord record)
    {
        if (found is not null
            && await db.Of(new(found.Owner, found.CallerName, found.Key)).Where(r => r.CreatedAt == found.CreatedAt).ExecuteDeleteAsync(CancellationToken.None) == 0)
        {
            return false;
        }

        return await db.TryAddAsync(record, CancellationToken.None);
    }

    private static IQueryable<IdempotencyRecord> Of(this ProofsheetDb db, IdempotencyKeyUse use) =>
        db.Set<IdempotencyRecord>().Where(r => r.Owner == use.Owner && r.CallerName == use.CallerName && r.Key == use.Key);
}
