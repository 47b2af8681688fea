using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Api.Data;
using Proofsheet.Api.Http;
using Proofsheet.Shared.Ids;

namespace Proofsheet.Api.Uploads.Tus;

/// <summary>
/// The right to write an upload, as a lease: a request that dies loses it when the lease ends. Every statement that changes the
/// upload goes through <see cref="Held"/>, so a request that has lost its lock without noticing changes nothing.
/// </summary>
internal sealed class UploadLock(ProofsheetDb db, Id<Upload> upload, string owner, TimeSpan lease, TimeProvider clock) : IAsyncDisposable
{
    public IQueryable<Upload> Held => db.Set<Upload>().Where(u => u.Id == upload && u.LockOwner == owner);

    /// <summary>When a lease that is taken or renewed now would end.</summary>
    public DateTimeOffset Until => clock.GetUtcNow() + lease;

    /// <summary>Null if another request holds the lock.</summary>
    public static async Task<UploadLock?> TakeAsync(ProofsheetDb db, Id<Upload> upload, TimeSpan lease, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var until = now + lease;
        var owner = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var taken = await db.Set<Upload>().Where(u => u.Id == upload && (u.LockUntil == null || u.LockUntil < now))
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.LockOwner, owner).SetProperty(u => u.LockUntil, until), cancellation);
        return taken == 0 ? null : new UploadLock(db, upload, owner, lease, clock);
    }

    /// <exception cref="UploadLockLostException">It took too long, and another request has the lock now.</exception>
    public async Task RenewAsync()
    {
        var until = Until;
        if (await Held.ExecuteUpdateAsync(set => set.SetProperty(u => u.LockUntil, until), CancellationToken.None) == 0)
        {
            throw new UploadLockLostException();
        }
    }

    /// <summary>Passes a stream through, and renews the lock while it is being read.</summary>
    public Stream WhileReading(Stream content) => new Renewing(content, this, lease / 3, clock);

    public async ValueTask DisposeAsync() => await Held.ExecuteUpdateAsync(
        set => set.SetProperty(u => u.LockOwner, (string?)null).SetProperty(u => u.LockUntil, (DateTimeOffset?)null), CancellationToken.None);

    private sealed class Renewing(Stream content, UploadLock held, TimeSpan every, TimeProvider clock) : ForwardStream
    {
        private long _renewed = clock.GetTimestamp();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (clock.GetElapsedTime(_renewed) > every)
            {
                await held.RenewAsync();
                _renewed = clock.GetTimestamp();
            }

            return await content.ReadAsync(buffer, cancellationToken);
        }
    }
}

/// <summary>A writer was so slow that another one took over its lock.</summary>
internal sealed class UploadLockLostException() : Exception("Another request writes this upload by now.");
