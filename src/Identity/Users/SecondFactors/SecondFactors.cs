using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Proofsheet.Identity.Data;
using Proofsheet.Identity.Mail;
using Proofsheet.Shared.Database;
using Proofsheet.Shared.Keyrings;

namespace Proofsheet.Identity.Users.SecondFactors;

/// <summary>Authenticator apps and recovery codes: setup and verification. Each code is accepted once.</summary>
internal sealed class SecondFactors(IdentityDb db, Keyring keyring, AccountMails mails, TimeProvider clock)
{
    private const string Purpose = "totp";
    private const int RecoveryCodes = 10;
    private const string RecoveryAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int RecoveryLength = 16;

    public Task<bool> IsOnAsync(string userId, CancellationToken cancellation) =>
        db.Set<SecondFactor>().AnyAsync(f => f.UserId == userId && f.ConfirmedAt != null, cancellation);

    public Task<int> RecoveryCodesLeftAsync(string userId, CancellationToken cancellation) =>
        db.Set<RecoveryCode>().CountAsync(c => c.UserId == userId, cancellation);

    /// <summary>The secret of the setup in progress, created if needed; null when an app is already set up.</summary>
    public async Task<byte[]?> BeginAsync(string userId, CancellationToken cancellation)
    {
        var factor = await db.Set<SecondFactor>().SingleOrDefaultAsync(f => f.UserId == userId, cancellation);
        if (factor?.ConfirmedAt is not null)
        {
            return null;
        }

        if (factor is not null && keyring.Open(Purpose, factor.SealedSecret) is { } known)
        {
            return known;
        }

        var secret = RandomNumberGenerator.GetBytes(Totp.SecretBytes);
        if (factor is null)
        {
            db.Add(new SecondFactor { UserId = userId, SealedSecret = keyring.Seal(Purpose, secret) });
        }
        else
        {
            factor.SealedSecret = keyring.Seal(Purpose, secret);
        }

        await db.SaveChangesAsync(cancellation);
        return secret;
    }

    /// <summary>Completes the setup with a first code and returns the recovery codes, only this once. Null when the code is wrong.</summary>
    public async Task<IReadOnlyList<string>?> ConfirmAsync(string userId, string? code, CancellationToken cancellation)
    {
        var factor = await db.Set<SecondFactor>().AsNoTracking().SingleOrDefaultAsync(f => f.UserId == userId && f.ConfirmedAt == null, cancellation);
        if (factor is null || keyring.Open(Purpose, factor.SealedSecret) is not { } secret || Totp.Match(secret, code, clock.GetUtcNow()) is not { } step)
        {
            return null;
        }

        DateTimeOffset? now = clock.GetUtcNow();
        return await db.InTransactionAsync(
            async () =>
            {
                var on = await db.Set<SecondFactor>().Where(f => f.UserId == userId && f.ConfirmedAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(f => f.ConfirmedAt, now).SetProperty(f => f.LastStep, step), cancellation);
                if (on == 0)
                {
                    return null;
                }

                mails.Notify(await db.Users.AsNoTracking().SingleAsync(u => u.Id == userId, cancellation), Notice.SecondFactorOn);
                return await ReplaceCodesAsync(userId, cancellation);
            },
            cancellation);
    }

    /// <summary>Accepts a code of the app; true for one attempt per code.</summary>
    public async Task<bool> TakeAsync(string userId, string? code, CancellationToken cancellation)
    {
        var factor = await db.Set<SecondFactor>().AsNoTracking().SingleOrDefaultAsync(f => f.UserId == userId && f.ConfirmedAt != null, cancellation);
        return factor is not null && keyring.Open(Purpose, factor.SealedSecret) is { } secret
            && Totp.Match(secret, code, clock.GetUtcNow()) is { } step
            && await db.Set<SecondFactor>().Where(f => f.UserId == userId && f.LastStep < step)
                .ExecuteUpdateAsync(set => set.SetProperty(f => f.LastStep, step), cancellation) == 1;
    }

    /// <summary>Accepts a recovery code; true for one attempt per code. The owner is notified.</summary>
    public async Task<bool> TakeRecoveryAsync(string userId, string? code, CancellationToken cancellation)
    {
        if (HashOf(userId, code) is not { } hash
            || await db.Set<RecoveryCode>().Where(c => c.UserId == userId && c.Hash == hash).ExecuteDeleteAsync(cancellation) != 1)
        {
            return false;
        }

        mails.Notify(await db.Users.AsNoTracking().SingleAsync(u => u.Id == userId, cancellation), Notice.RecoveryCodeUsed);
        await db.SaveChangesAsync(cancellation);
        return true;
    }

    public Task<IReadOnlyList<string>> RenewCodesAsync(string userId, CancellationToken cancellation) => db.InTransactionAsync(
        async () =>
        {
            mails.Notify(await db.Users.AsNoTracking().SingleAsync(u => u.Id == userId, cancellation), Notice.RecoveryCodesMade);
            return await ReplaceCodesAsync(userId, cancellation);
        },
        cancellation);

    public Task TurnOffAsync(string userId, CancellationToken cancellation) => db.InTransactionAsync(
        async () =>
        {
            var wasOn = await db.Set<SecondFactor>().Where(f => f.UserId == userId && f.ConfirmedAt != null).ExecuteDeleteAsync(cancellation) == 1;
            await db.Set<RecoveryCode>().Where(c => c.UserId == userId).ExecuteDeleteAsync(cancellation);
            if (wasOn)
            {
                mails.Notify(await db.Users.AsNoTracking().SingleAsync(u => u.Id == userId, cancellation), Notice.SecondFactorOff);
                await db.SaveChangesAsync(cancellation);
            }

            return wasOn;
        },
        cancellation);

    private async Task<IReadOnlyList<string>> ReplaceCodesAsync(string userId, CancellationToken cancellation)
    {
        await db.Set<RecoveryCode>().Where(c => c.UserId == userId).ExecuteDeleteAsync(cancellation);
        var codes = Enumerable.Range(0, RecoveryCodes).Select(_ => RandomNumberGenerator.GetString(RecoveryAlphabet, RecoveryLength)).ToList();
        db.AddRange(codes.Select(code => new RecoveryCode { UserId = userId, Hash = HashOf(userId, code)! }));
        await db.SaveChangesAsync(cancellation);
        return [.. codes.Select(code => string.Join('-', code.Chunk(4).Select(part => new string(part))))];
    }

    private static string? HashOf(string userId, string? typed)
    {
        // Read as in Crockford base32: case and dashes are ignored, o counts as 0, i and l as 1.
        var code = (typed ?? "").ToLowerInvariant().Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal)
            .Replace('o', '0').Replace('i', '1').Replace('l', '1');
        return code.Length == RecoveryLength ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{userId}:{code}"))) : null;
    }
}
